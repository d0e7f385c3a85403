"""The second step: set up, asked for, proved once, recovered, reset."""

from __future__ import annotations

import datetime as dt
import html
import re

import pyotp
import pytest
from django.test import Client
from django.urls import reverse

from crm.accounts.models import RecoveryCode, Role, TwoStep, User
from crm.activity.models import Activity
from crm.core import clock
from crm.core.errors import DomainError, NotReady
from crm.core.secrets import decrypt

from ..actions import own, roles, two_step
from ..authenticator import STEP_SECONDS, matching_step
from ..exceptions import BeyondOwnRights, OwnAccount
from ..views.two_step import CODE_TRIES, WINDOW_SECONDS
from .builders import PASSWORD, SYSTEM, both, make_actor, make_user, signed_in

pytestmark = pytest.mark.django_db
LOGIN, CODE, RECOVERY, SET_UP = (
    "/accounts/login/",
    "/accounts/login/code/",
    "/accounts/login/recovery/",
    "/accounts/login/set-up/",
)
#: A moment in the middle of a step, later than every set-up here.
NOON = dt.datetime(2040, 3, 2, 12, 0, 15, tzinfo=dt.UTC)


def code_of(user: User, *, steps: int = 0) -> str:
    """What the person's app shows now, or some steps later."""
    secret = decrypt(TwoStep.objects.get(user=user).secret)
    return pyotp.TOTP(secret).generate_otp(int(clock.now().timestamp()) // STEP_SECONDS + steps)


def with_two_step(*held: str) -> tuple[User, list[str]]:
    """A user whose second step is on, set up an hour ago; with the recovery codes."""
    from crm.accounts.access import actor_for

    user = make_user(*held)
    with clock.shifted(dt.timedelta(hours=-1)):
        two_step.begin_two_step(actor=actor_for(user), password=PASSWORD)
        codes = two_step.confirm_two_step(actor=actor_for(user), code=code_of(user))
    return user, codes


def password(client: Client, user: User, **data: str):  # type: ignore[no-untyped-def]
    return client.post(LOGIN, {"username": user.email, "password": PASSWORD, **data})


def keys() -> list[str]:
    return [row.key for row in Activity.objects.order_by("-pk")[:3]]


def test_a_stolen_password_opens_nothing() -> None:
    user, _codes = with_two_step("agent")
    client = Client()
    assert password(client, user, next="/settings/")["Location"] == CODE
    assert client.get("/").status_code == 302, "not signed in yet"
    assert keys()[0] != "console.signed_in"
    page = client.get(CODE)
    assert user.email in page.content.decode() and "no-store" in page["Cache-Control"]
    response = client.post(CODE, {"code": code_of(user)})
    assert response["Location"] == "/settings/"
    assert client.get("/").status_code == 200
    assert keys()[0] == "console.signed_in"


def test_without_a_proved_password_the_second_page_leads_back() -> None:
    for url in (CODE, RECOVERY, SET_UP):
        assert Client().get(url)["Location"] == LOGIN
        assert Client().post(url, {"code": "123456"})["Location"] == LOGIN


def test_the_second_step_has_to_follow_soon_and_dies_with_ended_sessions() -> None:
    from crm.accounts.access import actor_for

    user, _codes = with_two_step("agent")
    late, ended = Client(), Client()
    password(late, user)
    password(ended, user)
    with clock.shifted(dt.timedelta(minutes=11)):
        assert late.post(CODE, {"code": code_of(user)})["Location"] == LOGIN
    own.end_own_sessions(actor=actor_for(user))
    assert ended.post(CODE, {"code": code_of(user)})["Location"] == LOGIN


def test_a_code_works_once() -> None:
    user, _codes = with_two_step("agent")
    with clock.at(NOON):
        first, second = Client(), Client()
        password(first, user)
        password(second, user)
        code = code_of(user)
        assert first.post(CODE, {"code": code}).status_code == 302
        assert second.post(CODE, {"code": code}).status_code == 422
        assert keys()[0] == "console.two_step_failed"
        assert second.post(CODE, {"code": code_of(user, steps=-1)}).status_code == 422, "nor an earlier one"
        assert second.post(CODE, {"code": code_of(user, steps=1)}).status_code == 302


@pytest.mark.parametrize(("steps", "right"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_one_step_off(steps: int, right: bool) -> None:
    user, _codes = with_two_step("agent")
    with clock.at(NOON):
        client = Client()
        password(client, user)
        response = client.post(CODE, {"code": code_of(user, steps=steps)})
        assert (response.status_code == 302) is right


@pytest.mark.parametrize("typed", ["", "abcdef", "12345", "１２３４５６", "\x00", "9" * 500])
def test_hostile_codes_get_a_page(typed: str) -> None:
    user, _codes = with_two_step("agent")
    client = Client()
    password(client, user)
    assert client.post(CODE, {"code": typed}).status_code == 422
    assert client.post(RECOVERY, {"code": typed}).status_code == 422


def test_spaces_and_full_width_digits_are_read() -> None:
    secret = pyotp.random_base32()
    with clock.at(NOON):
        step = int(clock.now().timestamp()) // STEP_SECONDS
        code = pyotp.TOTP(secret).generate_otp(step)
        wide = "".join(chr(ord(digit) + 0xFEE0) for digit in code)
        assert matching_step(secret, f" {code[:3]} {code[3:]} ", after=0) == step
        assert matching_step(secret, wide, after=0) == step
        assert matching_step(secret, code, after=step) is None


def test_wrong_codes_are_counted_with_those_on_paper_and_lock_for_a_while() -> None:
    user, codes = with_two_step("agent")
    start = dt.datetime.fromtimestamp(clock.now().timestamp() // WINDOW_SECONDS * WINDOW_SECONDS, tz=dt.UTC)
    with clock.at(start + dt.timedelta(seconds=5)):
        client = Client()
        password(client, user)
        for number in range(CODE_TRIES):
            assert client.post(RECOVERY if number % 2 else CODE, {"code": "x"}).status_code == 422
        response = client.post(CODE, {"code": code_of(user)})
        assert response.status_code == 429 and int(response["Retry-After"]) > 0
        assert client.post(RECOVERY, {"code": codes[0]}).status_code == 429
    with clock.at(start + dt.timedelta(seconds=WINDOW_SECONDS + 5)):
        password(client, user)
        assert client.post(CODE, {"code": code_of(user)}).status_code == 302


def test_a_recovery_code_works_once_however_it_is_typed() -> None:
    user, codes = with_two_step("agent")
    assert len(set(codes)) == 10
    client, again = Client(), Client()
    password(client, user)
    password(again, user)
    assert client.post(RECOVERY, {"code": f" {codes[0].upper().replace('-', ' ')} "}).status_code == 302
    assert client.get("/").status_code == 200
    assert again.post(RECOVERY, {"code": codes[0]}).status_code == 422
    assert again.post(RECOVERY, {"code": codes[1]}).status_code == 302
    used = [row for row in Activity.objects.order_by("pk") if row.key == "console.recovery_code_used"]
    assert [row.data["left"] for row in used] == [9, 8]


def test_codes_and_secret_do_not_lie_open_in_the_database() -> None:
    user, codes = with_two_step("agent")
    stored = set(RecoveryCode.objects.filter(user=user).values_list("code_hash", flat=True))
    assert not stored & {code.replace("-", "") for code in codes}
    assert len(TwoStep.objects.get(user=user).secret) > 60


def test_another_persons_recovery_code_is_no_use() -> None:
    user, _codes = with_two_step("agent")
    _other, codes = with_two_step("agent")
    client = Client()
    password(client, user)
    assert client.post(RECOVERY, {"code": codes[0]}).status_code == 422


def test_a_trusted_device_is_not_asked_again_until_the_password_changes() -> None:
    from ..actions.passwords import set_password

    user, _codes = with_two_step("agent")
    client = Client()
    password(client, user)
    client.post(CODE, {"code": code_of(user), "trust": "on"})
    client.post(reverse("console:logout"))
    assert password(client, user)["Location"] == "/"
    client.post(reverse("console:logout"))
    assert password(Client(), user)["Location"] == CODE, "another browser is asked"
    with clock.shifted(dt.timedelta(days=31)):
        assert password(client, user)["Location"] == CODE
    set_password(actor=SYSTEM, user=user, password=PASSWORD)
    assert password(client, user)["Location"] == CODE


def test_a_forged_device_cookie_is_no_use() -> None:
    user, _codes = with_two_step("agent")
    client = Client()
    client.cookies[f"known_device_{user.pk}"] = "eyJwcm9vZiI6MX0:forged:forged"
    assert password(client, user)["Location"] == CODE


def test_setting_up_from_ones_own_account() -> None:
    user = make_user("agent")
    client = signed_in(user)
    assert "Turn on" in client.get(reverse("console:two_step")).content.decode()
    begin, confirm = reverse("console:two_step_begin"), reverse("console:two_step_confirm")
    assert client.get(confirm).status_code == 404, "nothing has begun"
    assert client.post(begin, {"password": "wrong"}).status_code == 422
    assert client.post(begin, {"password": PASSWORD})["Location"] == confirm
    picture = client.get(reverse("console:two_step_picture"))
    assert picture["Content-Type"] == "image/svg+xml" and b"<svg" in picture.content
    assert "no-store" in picture["Cache-Control"]
    assert password(Client(), user)["Location"] == "/", "not on before the app has proved the secret"
    assert client.post(confirm, {"code": "000"}).status_code == 422
    page = client.post(confirm, {"code": code_of(user)})
    assert "no-store" in page["Cache-Control"]
    codes = re.findall(r"<li><code>([a-z0-9-]+)</code>", page.content.decode())
    assert len(codes) == 10
    assert client.get(reverse("console:two_step_picture")).status_code == 404, "the secret is shown no more"
    assert password(Client(), user)["Location"] == CODE
    assert keys()[0] == "console.two_step_enabled"


def test_new_codes_replace_the_old_ones_and_turning_off_takes_the_password() -> None:
    user, codes = with_two_step("agent")
    client = signed_in(user)
    for name in ("two_step_codes", "two_step_disable"):
        assert client.post(reverse(f"console:{name}"), {"password": "wrong"}).status_code == 422
    page = client.post(reverse("console:two_step_codes"), {"password": PASSWORD}).content.decode()
    assert codes[0] not in page
    assert not two_step.use_recovery_code(actor=SYSTEM, user=user, code=codes[0], address="")
    assert client.post(reverse("console:two_step_disable"), {"password": PASSWORD}).status_code == 302
    assert password(Client(), user)["Location"] == "/"
    assert not RecoveryCode.objects.filter(user=user).exists()


def required_role() -> Role:
    return roles.create_role(actor=SYSTEM, values={"name": both("Careful"), "requires_two_step": True})


def test_a_role_asks_for_it_at_the_next_sign_in() -> None:
    user = make_user("agent")
    user.roles.add(required_role())
    client = Client()
    assert password(client, user, next="/settings/")["Location"] == SET_UP
    assert client.get("/").status_code == 302
    assert client.get(CODE).status_code == 200 and client.post(CODE, {"code": code_of(user)}).status_code == 422, (
        "an unconfirmed app opens nothing"
    )
    page = html.unescape(client.get(SET_UP).content.decode())
    assert decrypt(TwoStep.objects.get(user=user).secret)[:4] in page
    assert client.get(reverse("console:two_step_picture")).status_code == 200
    assert client.post(SET_UP, {"code": "000000x"}).status_code == 422
    done = client.post(SET_UP, {"code": code_of(user)})
    assert done.status_code == 200 and 'href="/settings/"' in done.content.decode()
    assert client.get("/").status_code == 200
    assert password(Client(), user)["Location"] == CODE


def test_what_a_role_asks_for_cannot_be_turned_off() -> None:
    user, _codes = with_two_step("agent")
    user.roles.add(required_role())
    client = signed_in(user)
    assert reverse("console:two_step_disable") not in client.get(reverse("console:two_step")).content.decode()
    assert client.post(reverse("console:two_step_disable"), {"password": PASSWORD}).status_code == 409
    assert TwoStep.objects.filter(user=user).exists()


def test_nobody_sets_up_without_password_unless_a_role_asks() -> None:
    actor = make_actor("agent")
    with pytest.raises(NotReady):
        two_step.begin_required_two_step(actor=actor)


def test_the_role_form_carries_the_flag() -> None:
    role, client = required_role(), signed_in(make_user("administrator"))
    url = reverse("console:role_update", args=[role.pk])
    page = client.get(url).content.decode()
    assert re.search(r'name="requires_two_step"[^>]*checked', page)
    shown = html.unescape(re.search(r'name="_shown" value="([^"]+)"', page)[1])  # type: ignore[index]
    assert client.post(url, {"name_en": "Careful", "_shown": shown}).status_code == 302
    assert not Role.objects.get(pk=role.pk).requires_two_step


def test_an_administrator_resets_it_and_ends_the_sessions() -> None:
    user, _codes = with_two_step("agent")
    there, client = signed_in(user), signed_in(make_user("administrator"))
    url = reverse("console:user_reset_two_step", args=[user.pk])
    assert url in client.get(reverse("console:user_detail", args=[user.pk])).content.decode()
    assert client.post(url).status_code == 302
    assert there.get("/").status_code == 302
    assert password(Client(), user)["Location"] == "/"
    assert client.post(url).status_code == 409
    assert "console.two_step_reset" in keys()


def test_reset_takes_rights_that_cover_the_person_and_is_not_for_oneself() -> None:
    user, _codes = with_two_step("administrator")
    from crm.accounts.access import actor_for

    with pytest.raises(OwnAccount):
        two_step.reset_two_step(actor=actor_for(user), record=user)
    manager = make_user()
    manager.roles.add(
        roles.create_role(actor=SYSTEM, values={"name": both("Staff"), "permissions": ["console.manage_staff"]})
    )
    with pytest.raises(BeyondOwnRights):
        two_step.reset_two_step(actor=actor_for(manager), record=user)
    with pytest.raises(DomainError):
        two_step.reset_two_step(actor=make_actor("agent"), record=user)


def test_a_lost_server_key_leaves_the_recovery_codes(settings) -> None:  # type: ignore[no-untyped-def]
    user, codes = with_two_step("agent")
    code = code_of(user)
    settings.SECRET_KEY = "another"
    client = Client()
    password(client, user)
    assert client.post(CODE, {"code": code}).status_code == 422
    assert client.post(RECOVERY, {"code": codes[0]}).status_code == 302
