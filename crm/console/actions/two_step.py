"""Two-step verification: setting it up, proving it when signing in, recovery codes, and the way out."""

from __future__ import annotations

from django.utils.translation import gettext as _

from crm.accounts.models import RecoveryCode, TwoStep, User
from crm.activity.recording import record as record_activity
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotReady
from crm.core.secrets import SecretUnreadable, decrypt, encrypt

from ..authenticator import matching_step, new_recovery_codes, new_secret, recovery_hash
from ..exceptions import OwnAccount
from ..rights import require_covers
from ..selectors.two_step import is_required


@action()
def begin_two_step(*, actor: Actor, password: str) -> TwoStep:
    """Makes a fresh secret for the actor's own app. Raises `Invalid` for a wrong password, `NotReady` when on."""
    return _begin(_self(actor, password))


@action()
def begin_required_two_step(*, actor: Actor) -> TwoStep:
    """The same for somebody who has just proved the password and whose role asks for a second step.

    Raises `NotReady` when no role asks for it, or when it is on.
    """
    user = User.objects.lock().get(pk=actor.user_id)
    if not is_required(user):
        raise NotReady(_("None of your roles asks for two-step verification."))
    return _begin(user)


@action()
def confirm_two_step(*, actor: Actor, code: str) -> list[str]:
    """Turns it on once the app shows the right code; gives the recovery codes, which nobody can read again.

    Raises `Invalid` for a wrong code, `NotReady` unless a set-up has begun.
    """
    user = User.objects.lock().get(pk=actor.user_id)
    row = TwoStep.objects.filter(user=user, confirmed_at__isnull=True).first()
    if row is None:
        raise NotReady(_("Start the set-up again: it was finished or given up."))
    step = matching_step(decrypt(row.secret), code, after=row.last_step)
    if step is None:
        raise Invalid(fields={"code": _("This is not the code that the app shows now. Type the newest one.")})
    row.confirmed_at, row.last_step = clock.now(), step
    row.save(update_fields=["confirmed_at", "last_step"])
    record_activity(actor=actor, type="console.two_step_enabled", subject=user, data={"user": user.name})
    return _fresh_codes(user)


@action()
def disable_two_step(*, actor: Actor, password: str) -> User:
    """Turns the actor's own second step off. Raises `NotReady` while a role asks for it, `Invalid`."""
    user = _self(actor, password)
    if is_required(user):
        raise NotReady(_("One of your roles asks for two-step verification, so it stays on."))
    if not _forget(user):
        raise NotReady(_("Two-step verification is off already."))
    record_activity(actor=actor, type="console.two_step_disabled", subject=user, data={"user": user.name})
    return user


@action()
def renew_recovery_codes(*, actor: Actor, password: str) -> list[str]:
    """Ten new codes; the old ones stop working. Raises `NotReady` while it is off, `Invalid`."""
    user = _self(actor, password)
    if not TwoStep.objects.filter(user=user, confirmed_at__isnull=False).exists():
        raise NotReady(_("Turn two-step verification on first."))
    record_activity(actor=actor, type="console.recovery_codes_renewed", subject=user, data={"user": user.name})
    return _fresh_codes(user)


@action(permission="console.manage_staff")
def reset_two_step(*, actor: Actor, record: User) -> User:
    """Takes the second step from somebody who lost phone and codes, and ends their sessions.

    Raises `OwnAccount` for oneself, `BeyondOwnRights` for somebody who holds more, `NotReady` when it is off.
    """
    if actor.user_id == record.pk:
        raise OwnAccount(_("Turn your own two-step verification off on the page “My account”."))
    user: User = User.objects.lock().get(pk=record.pk)
    require_covers(actor, user.roles.all())
    if not _forget(user):
        raise NotReady(_("Two-step verification is off already."))
    user.session_epoch += 1
    user.save(update_fields=["session_epoch"])
    record_activity(actor=actor, type="console.two_step_reset", subject=user, data={"user": user.name})
    return user


@action()
def check_code(*, actor: Actor, user: User, code: str, address: str) -> bool:
    """Whether this is the app's code, taken now for the first time. A wrong one is recorded.

    A secret that can no longer be read matches nothing: recovery codes and an administrator still help.
    """
    row = TwoStep.objects.lock().filter(user=user, confirmed_at__isnull=False).first()
    step = None
    if row is not None:
        try:
            step = matching_step(decrypt(row.secret), code, after=row.last_step)
        except SecretUnreadable:
            step = None
    if row is None or step is None:
        _tell_failure(actor, user, address)
        return False
    row.last_step = step
    row.save(update_fields=["last_step"])
    return True


@action()
def use_recovery_code(*, actor: Actor, user: User, code: str, address: str) -> bool:
    """Whether this is one of the person's unused recovery codes; it is used up. A wrong one is recorded."""
    rows = RecoveryCode.objects.lock().filter(user=user, used_at__isnull=True)
    row = rows.filter(code_hash=recovery_hash(user.pk, code)).first()
    if row is None:
        _tell_failure(actor, user, address)
        return False
    row.used_at = clock.now()
    row.save(update_fields=["used_at"])
    data = {"user": user.name, "left": RecoveryCode.objects.filter(user=user, used_at__isnull=True).count()}
    record_activity(actor=actor, type="console.recovery_code_used", subject=user, data=data)
    return True


def _self(actor: Actor, password: str) -> User:
    """The actor's own row, locked. Raises `Invalid` unless the password proves who sits at the desk."""
    user: User = User.objects.lock().get(pk=actor.user_id)
    if not user.check_password(password):
        raise Invalid(fields={"password": _("This is not your current password.")})
    return user


def _begin(user: User) -> TwoStep:
    row, _made = TwoStep.objects.get_or_create(user=user)
    if row.confirmed_at is not None:
        raise NotReady(_("Two-step verification is on already."))
    row.secret, row.last_step = encrypt(new_secret()), 0
    row.save(update_fields=["secret", "last_step"])
    return row


def _fresh_codes(user: User) -> list[str]:
    codes = new_recovery_codes()
    RecoveryCode.objects.filter(user=user).delete()
    RecoveryCode.objects.bulk_create(
        [RecoveryCode(user=user, code_hash=recovery_hash(user.pk, code)) for code in codes]
    )
    return codes


def _forget(user: User) -> bool:
    """Whether there was something to forget."""
    RecoveryCode.objects.filter(user=user).delete()
    found, _rows = TwoStep.objects.filter(user=user).delete()
    return found > 0


def _tell_failure(actor: Actor, user: User, address: str) -> None:
    data = {"user": user.name, "address": address}
    record_activity(actor=actor, type="console.two_step_failed", subject=user, data=data)
