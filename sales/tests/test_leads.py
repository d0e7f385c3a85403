"""Leads: entering, scoring, sending where the rules say, holding, returning."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from crm.accounts.models import Department, Team, TeamMembership
from crm.activity.models import Activity
from crm.core import clock
from crm.core.actor import Scope
from crm.core.errors import Invalid, NotAllowed, NotFound
from crm.notifications.models import Notification
from crm.testing.suites import staff
from sales import actions
from sales.actions.holding import return_due
from sales.actions.lead_desk import save_pool, save_score_rule
from sales.actions.lead_scores import score_again
from sales.choices.leads import DiscardReason, LeadEventKind, LeadStatus, RouteTo, SpanEnd
from sales.exceptions.leads import (
    ClaimedAlready,
    ClaimFirst,
    DailyLimitReached,
    LeadIsOver,
    NeedsAddress,
    PoolIsFull,
    TooSoon,
)
from sales.models import Lead, LeadDecision, LeadSettings, OwnerSpan, Pool
from sales.search.leads import rows as search_rows
from sales.selectors.leads import find_same_leads, shown_mail, shown_number
from sales.telling.leads import tell_holder, tell_previous_holder

from .lead_builders import SYSTEM, fresh, make_lead, make_pool, make_rule, words

pytestmark = pytest.mark.django_db
SELLING = ("leads.view", "leads.create", "leads.update", "leads.claim")
CONVERTING = (
    *SELLING, "customers.view", "customers.create", "customers.update", "opportunities.view", "opportunities.create",
)  # fmt: skip
DAY = dt.timedelta(days=1)


def seller(*more: str) -> Any:
    return staff(*SELLING, *more, scope=Scope.OWN)


# -- entering ----------------------------------------------------------------------------------------------------------


def test_a_lead_needs_a_name_and_an_address_in_normal_form() -> None:
    with pytest.raises(NeedsAddress):
        actions.create_lead(actor=SYSTEM, values={"name": "Ada"})
    with pytest.raises(Invalid) as caught:
        actions.create_lead(actor=SYSTEM, values={"name": "Ada", "phone": "12"})
    assert "phone" in caught.value.fields
    lead = actions.create_lead(actor=SYSTEM, values={"name": "Ada", "phone": "138 1234 5678", "email": "A@B.example"})
    assert (lead.phone, lead.email, lead.label) == ("+8613812345678", "a@b.example", f"L-{lead.number}")


def test_a_status_that_has_a_verb_of_its_own_is_not_set_by_hand() -> None:
    lead = make_lead(owner=seller())
    with pytest.raises(Invalid):
        actions.update_lead(actor=SYSTEM, lead=lead, values={"status": LeadStatus.CONVERTED})
    actions.update_lead(actor=SYSTEM, lead=lead, values={"status": LeadStatus.QUALIFIED})
    assert Lead.objects.get(pk=lead.pk).status == LeadStatus.QUALIFIED


# -- sending where the rules say ---------------------------------------------------------------------------------------


def _about(field: str, value: Any) -> dict[str, Any]:
    return {"v": 1, "all": [{"field": f"lead.{field}", "op": "is", "value": value}]}


def test_the_first_rule_that_fits_decides_and_says_why() -> None:
    pool, person = make_pool(seller()), seller()
    make_rule(condition=_about("industry", "Steel"), route=RouteTo.USER, user=person, pool=pool)
    steel, other = make_lead(industry="Steel"), make_lead(industry="Paper")
    assert (steel.owner, steel.pool) == (person, pool)
    assert other.owner is None and other.pool is not None and other.pool != pool
    decision = LeadDecision.objects.get(lead=steel)
    assert decision.user == person and decision.reasons["considered"][0]["user"] == person.pk


def test_a_team_s_lead_goes_to_whoever_holds_the_fewest() -> None:
    team, busy, free = (
        Team.objects.create(name=words("Sales"), department=Department.objects.create(name=words("Sales"))),
        seller(),
        seller(),
    )
    for user in (busy, free):
        TeamMembership.objects.create(user=user, team=team)
    make_lead(owner=busy)
    make_rule(route=RouteTo.TEAM, team=team)
    assert [make_lead().owner for _turn in range(3)] == [free, busy, free] or Lead.objects.filter(
        owner=free
    ).count() == 2


def test_a_rule_whose_person_left_is_passed_over() -> None:
    gone = seller()
    rule = make_rule(route=RouteTo.USER, user=gone)
    gone.is_active = False
    gone.save()
    lead = make_lead()
    assert lead.owner is None
    assert LeadDecision.objects.get(lead=lead).reasons["passed"][0]["rule"] == rule.pk


# -- score -------------------------------------------------------------------------------------------------------------


def test_a_score_names_its_reasons_and_follows_a_change() -> None:
    lead = make_lead(owner=seller())
    assert lead.score == 10
    row = actions.update_lead(actor=SYSTEM, lead=lead, values={"phone": "13812345678", "budget": Decimal(200_000)})
    assert row.score == 50
    names = [reason["name"]["en"] for reason in row.score_reasons["groups"][0]["reasons"]]
    assert names == ["Has a phone number", "Has an email address", "Names a budget", "Budget of 100,000 or more"]


def test_a_group_counts_no_more_than_its_cap() -> None:
    LeadSettings.objects.update(fit_cap=12)
    assert make_lead(phone="13812345678").score == 12


def test_events_fade_by_half_a_month_and_are_gone_after_two() -> None:
    lead = make_lead(owner=seller())
    actions.note_event(actor=SYSTEM, lead=lead, kind=LeadEventKind.REPLY)
    scores = []
    for days in (0, 15, 30, 60):
        with clock.at(clock.now() + days * DAY):
            Lead.objects.filter(pk=lead.pk).update(scored_at=None)
            score_again()
            scores.append(Lead.objects.get(pk=lead.pk).score)
    assert scores == [20, 18, 15, 10]


def test_a_changed_rule_counts_open_leads_anew() -> None:
    lead = make_lead()
    save_score_rule(
        actor=SYSTEM, values={"name": words("From steel"), "group": "fit", "condition": {}, "points": 7, "order": 99}
    )
    assert score_again() >= 1
    assert Lead.objects.get(pk=lead.pk).score == 17


# -- the pool ----------------------------------------------------------------------------------------------------------


def test_members_see_a_pooled_lead_masked_and_whole_once_claimed() -> None:
    member, stranger = seller(), seller()
    lead = make_lead(pool=make_pool(member), phone="13812345678")
    actor = fresh(member)
    assert not Lead.objects.visible_to(fresh(stranger)).exists()
    row = Lead.objects.visible_to(actor).get()
    assert lead.email not in shown_mail(actor, row) and "1234" not in shown_number(actor, row)
    claimed = actions.claim_lead(actor=actor, lead=row)
    assert shown_mail(actor, claimed) == lead.email


def test_a_masked_address_is_found_by_the_whole_only_and_not_in_the_index() -> None:
    member = seller("customers.reveal")
    lead = make_lead(pool=make_pool(member), email="secret.person@example.test")
    rows = Lead.objects.visible_to(fresh(member))
    assert not rows.matching("secret.per", pieces=True).exists()
    assert rows.matching("secret.person@example.test", pieces=True).exists()
    assert next(search_rows([lead.pk])).mails == []


def test_who_comes_second_is_told_by_whom_it_was_claimed() -> None:
    first, second = seller(), seller()
    lead = make_lead(pool=make_pool(first, second))
    actions.claim_lead(actor=fresh(first), lead=lead)
    with pytest.raises(ClaimedAlready, match=first.name):
        actions.claim_lead(actor=fresh(second), lead=lead)
    with pytest.raises(NotFound):
        actions.claim_lead(actor=fresh(seller()), lead=lead)


def test_the_daily_limit_counts_claims_of_the_company_s_day() -> None:
    member = seller()
    pool = make_pool(member, daily_limit=1)
    leads = [make_lead(pool=pool) for _n in range(2)]
    actions.claim_lead(actor=fresh(member), lead=leads[0])
    with pytest.raises(DailyLimitReached):
        actions.claim_lead(actor=fresh(member), lead=leads[1])
    with clock.at(clock.now() + DAY):
        actions.claim_lead(actor=fresh(member), lead=leads[1])


def test_the_holding_limit_leaves_qualified_leads_out() -> None:
    member = seller()
    pool = make_pool(member, capacity=1)
    first, second = make_lead(pool=pool), make_lead(pool=pool)
    actions.claim_lead(actor=fresh(member), lead=first)
    with pytest.raises(PoolIsFull):
        actions.claim_lead(actor=fresh(member), lead=second)
    actions.update_lead(actor=fresh(member), lead=first, values={"status": LeadStatus.QUALIFIED})
    assert actions.claim_lead(actor=fresh(member), lead=second).owner == member


def test_whoever_gave_it_back_waits() -> None:
    member, other = seller(), seller()
    lead = make_lead(pool=make_pool(member, other, wait_days=7))
    actions.claim_lead(actor=fresh(member), lead=lead)
    with pytest.raises(Invalid):
        actions.release_lead(actor=fresh(member), lead=lead, reason=" ")
    actions.release_lead(actor=fresh(member), lead=lead, reason="No time")
    with pytest.raises(TooSoon):
        actions.claim_lead(actor=fresh(member), lead=lead)
    assert actions.claim_lead(actor=fresh(other), lead=lead).owner == other
    spans = OwnerSpan.objects.filter(object_id=lead.pk).order_by("pk")
    assert [(span.user, span.end) for span in spans] == [(member, SpanEnd.RELEASED), (other, "")]


def test_a_pooled_lead_is_claimed_before_it_is_worked_on() -> None:
    member = seller()
    lead = make_lead(pool=make_pool(member))
    with pytest.raises(ClaimFirst):
        actions.update_lead(actor=fresh(member), lead=lead, values={"company": "Taken"})
    with pytest.raises(ClaimFirst):
        actions.discard_lead(actor=fresh(member), lead=lead, reason=DiscardReason.OTHER)


def test_giving_needs_the_right_and_leaves_the_limits_alone() -> None:
    member = seller()
    pool = make_pool(member, capacity=1)
    leads = [make_lead(pool=pool) for _n in range(2)]
    with pytest.raises(NotAllowed):
        actions.assign_lead(actor=fresh(member), lead=leads[0], owner=member)
    for lead in leads:
        actions.assign_lead(actor=SYSTEM, lead=lead, owner=member)
    assert Lead.objects.filter(owner=member).count() == 2


# -- the return that comes by itself -----------------------------------------------------------------------------------


def held(**rules: Any) -> tuple[Any, Lead]:
    member = seller()
    lead = make_lead(pool=make_pool(member, **rules))
    actions.claim_lead(actor=fresh(member), lead=lead)
    return member, Lead.objects.get(pk=lead.pk)


def test_nobody_follows_up_and_it_goes_back_after_one_warning() -> None:
    member, lead = held(idle_days=10, warn_days=2)
    start = clock.now()
    with clock.at(start + 7 * DAY):
        assert return_due() == 0
    with clock.at(start + 9 * DAY):
        assert return_due() == 1
        assert return_due() == 0
        warning = Activity.objects.latest("pk")
        assert (warning.key, warning.data["days"]) == ("leads.return_near", 1)
        tell_holder(warning)
    with clock.at(start + 10 * DAY + dt.timedelta(minutes=1)):
        assert return_due() == 1
        assert return_due() == 0
        tell_previous_holder(Activity.objects.latest("pk"))
    row = Lead.objects.get(pk=lead.pk)
    assert row.owner is None and row.in_pool
    assert {line.kind for line in Notification.objects.filter(user=member)} == {"leads.return_near", "leads.returned"}


def test_a_follow_up_puts_the_return_off_and_warns_anew() -> None:
    member, lead = held(idle_days=10, warn_days=2)
    start = clock.now()
    with clock.at(start + 9 * DAY):
        return_due()
        actions.log_lead_talk(actor=fresh(member), lead=lead, kind="call", text="Wants a quote", outcome="reached")
    row = Lead.objects.get(pk=lead.pk)
    assert row.status == LeadStatus.WORKING and row.returns_at is not None
    assert abs(row.returns_at - (start + 19 * DAY)) < dt.timedelta(minutes=1)
    with clock.at(start + 18 * DAY):
        assert return_due() == 1
    assert Activity.objects.filter(object_id=lead.pk, type=1659).count() == 2


def test_the_protection_and_the_days_to_convert() -> None:
    _member, lead = held(idle_days=2, protect_days=5)
    assert lead.returns_at is not None and lead.claimed_at is not None
    assert lead.returns_at - lead.claimed_at == 5 * DAY
    _member, lead = held(idle_days=30, convert_days=9)
    assert lead.returns_at is not None and lead.claimed_at is not None
    assert lead.returns_at - lead.claimed_at == 9 * DAY


def test_a_pool_s_new_rules_hold_for_what_is_held() -> None:
    _member, lead = held(idle_days=10)
    pool = lead.pool
    assert pool is not None
    save_pool(actor=SYSTEM, record=pool, values={"idle_days": 3})
    row = Lead.objects.get(pk=lead.pk)
    assert row.returns_at is not None and row.claimed_at is not None and row.returns_at - row.claimed_at == 3 * DAY
    save_pool(actor=SYSTEM, record=pool, values={"idle_days": None})
    assert Lead.objects.get(pk=lead.pk).returns_at is None


def test_protection_without_a_return_is_refused() -> None:
    with pytest.raises(Invalid):
        make_pool(protect_days=3)
    assert not Pool.objects.filter(protect_days=3, idle_days=None).exists()


# -- over, and again ---------------------------------------------------------------------------------------------------


def test_a_discarded_lead_says_why_and_can_be_reopened() -> None:
    member, lead = held(idle_days=10)
    actor = fresh(member)
    actions.discard_lead(actor=actor, lead=lead, reason=DiscardReason.NO_BUDGET)
    with pytest.raises(LeadIsOver):
        actions.update_lead(actor=actor, lead=lead, values={"company": "X"})
    assert Lead.objects.get(pk=lead.pk).returns_at is None
    row = actions.reopen_lead(actor=actor, lead=lead)
    assert (row.status, row.owner, row.discard_reason) == (LeadStatus.WORKING, member, "")
    assert Lead.objects.get(pk=lead.pk).returns_at is not None


def test_the_bin_takes_a_lead_and_gives_it_back() -> None:
    lead = make_lead(owner=seller())
    actions.delete_lead(actor=SYSTEM, lead=lead)
    assert not Lead.objects.filter(pk=lead.pk).exists()
    actions.restore_lead(actor=SYSTEM, lead=lead)
    assert Lead.objects.filter(pk=lead.pk).exists()
    actions.delete_lead(actor=SYSTEM, lead=lead)
    actions.erase_lead(actor=SYSTEM, lead=lead)
    assert not Lead.all_objects.filter(pk=lead.pk).exists() and not OwnerSpan.objects.filter(object_id=lead.pk).exists()


# -- duplicates --------------------------------------------------------------------------------------------------------


def test_a_lead_of_somebody_else_is_told_by_its_owner_only() -> None:
    owner, asking = seller(), seller()
    lead = make_lead(owner=owner, email="ada@example.test")
    hit = find_same_leads(actor=fresh(asking), email="ADA@example.test")[0]
    assert (hit.lead, hit.owner) == (None, owner.name)
    assert Activity.objects.filter(type=1666, object_id=lead.pk).count() == 1
    assert find_same_leads(actor=fresh(owner), email="ada@example.test")[0].lead == lead
    assert find_same_leads(actor=fresh(owner), email="nonsense") == []
