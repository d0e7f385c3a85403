"""Building journeys: outline, checks, versions, pausing, ending, starting again, copying, the bin."""

from __future__ import annotations

import datetime as dt

import pytest

from crm.core.errors import Invalid
from crm.messaging.models import OutgoingMail
from crm.testing.builders import make_user, staff
from marketing.actions import update_campaign
from marketing.actions.bin import delete_journey, erase_journey, undelete_journey
from marketing.actions.enrolments import take_out
from marketing.actions.journey_steps import add_step, change_step, edit_mail, move_step, place_step, remove_step
from marketing.actions.journey_versions import begin_version, copy_journey, set_version
from marketing.actions.journeys import end_journey, pause_journey, publish_journey, resume_journey
from marketing.exceptions import JourneyNotEditable, JourneyNotReady, WrongJourneyState
from marketing.journeys.checks import checks_of
from marketing.journeys.outline import Outline
from marketing.journeys.trial import walk_as
from marketing.journeys.working import look_at_rules
from marketing.models import Campaign, Enrolment, Journey, Recipient
from marketing.selectors.binned import deleted_journeys

from .builders import SYSTEM, make_reader, make_segment
from .journey_builders import branch, go, join, mail, make_journey, named, one, outcomes, task, wait, walk

pytestmark = pytest.mark.django_db


def test_a_new_version_leaves_people_on_theirs_or_takes_them_along():
    segment = make_segment()
    journey = make_journey(segment)
    first, pause, second = mail(journey, "First"), wait(journey, 3), mail(journey, "Second")
    go(journey)
    stays, moves = make_reader(), make_reader()
    join(segment, stays)
    walk()
    with pytest.raises(JourneyNotEditable):
        remove_step(actor=SYSTEM, record=journey, key=second.key)
    begin_version(actor=SYSTEM, record=journey)
    remove_step(actor=SYSTEM, record=journey, key=second.key)
    campaign = edit_mail(actor=SYSTEM, record=journey, key=first.key)
    assert campaign.pk != first.mail_id
    update_campaign(actor=SYSTEM, record=campaign, values={"subject": {"en": "First, better", "zh-hans": "更好"}})
    publish_journey(actor=SYSTEM, record=journey)
    walk(3.1)
    assert [row.subject for row in OutgoingMail.objects.order_by("pk")] == ["First", "Second"]
    assert one(journey).version.number == 1

    join(segment, moves)
    walk()
    assert Enrolment.objects.get(contact=moves).version.number == 2
    begin_version(actor=SYSTEM, record=journey)
    remove_step(actor=SYSTEM, record=journey, key=pause.key)
    move_step(actor=SYSTEM, record=journey, key=mail(journey, "Third").key, up=True)
    publish_journey(actor=SYSTEM, record=journey, move=True)
    person = Enrolment.objects.get(contact=moves)
    assert person.version.number == 3 and person.state == "completed"
    subjects = [row.subject for row in OutgoingMail.objects.order_by("pk")]
    assert subjects == ["First", "Second", "First, better"], "a step that was taken is never taken again"
    versions = {row.number: row.state for row in journey.versions.all()}
    assert versions == {1: "past", 2: "past", 3: "live"}


def test_moved_people_wait_on_at_the_same_step_and_go_to_the_next_that_is_left():
    segment = make_segment()
    journey = make_journey(segment)
    pause, gone, last = wait(journey, 3), wait(journey, 9), mail(journey, "Last")
    go(journey)
    at_first, at_second = make_reader(), make_reader()
    join(segment, at_second)
    walk(), walk(3.1)
    join(segment, at_first)
    walk()
    due = Enrolment.objects.get(contact=at_first).due_at
    begin_version(actor=SYSTEM, record=journey)
    remove_step(actor=SYSTEM, record=journey, key=gone.key)
    publish_journey(actor=SYSTEM, record=journey, move=True)
    keys = dict(Enrolment.objects.values_list("contact", "step__key"))
    assert keys == {at_first.pk: pause.key, at_second.pk: last.key}
    assert Enrolment.objects.get(contact=at_first).due_at == due


def test_what_is_unfinished_stands_in_the_way_in_plain_words():
    journey = make_journey(None, reentry="always")
    set_version(actor=SYSTEM, record=journey, values={"segment": None})
    with pytest.raises(JourneyNotReady):
        publish_journey(actor=SYSTEM, record=journey)
    for kind in ("send", "branch", "task", "tag", "notify"):
        add_step(actor=SYSTEM, record=journey, kind=kind)
    wrong = {check.key.rpartition(".")[2] for check in checks_of(journey.draft) if not check.is_right and check.blocks}
    assert wrong == {"segment", "reentry", "content", "languages", "condition", "task", "tag", "text"}
    zero = add_step(actor=SYSTEM, record=journey, kind="wait")
    change_step(actor=SYSTEM, record=journey, key=zero.key, values={"settings": {"how": "span", "n": 0}})
    wrong = {check.key for check in checks_of(journey.draft) if not check.is_right}
    assert f"{zero.key}.wait" in wrong and "reentry" not in wrong


def test_the_outline_is_built_with_buttons_and_by_dragging():
    journey = make_journey()
    first, split, last = wait(journey), branch(journey), wait(journey)

    def places() -> dict[str, str]:
        return {row.step.key: row.number for row in Outline(journey.draft).rows()}

    up = lambda step: move_step(actor=SYSTEM, record=journey, key=step.key, up=True)  # noqa: E731
    down = lambda step: move_step(actor=SYSTEM, record=journey, key=step.key, up=False)  # noqa: E731
    for number in ("2.no.1", "2.yes.1", "2", "1"):
        up(last)
        assert places()[last.key] == number
    for number in ("2", "3.yes.1", "3.no.1", "3"):
        down(last)
        assert places()[last.key] == number.replace("3.", "2.") if "." in number else True
    inner = add_step(actor=SYSTEM, record=journey, kind="branch", parent=split.key, way="yes")
    with pytest.raises(Invalid):
        place_step(actor=SYSTEM, record=journey, key=split.key, parent=inner.key, way="no", place=0)
    deep = add_step(actor=SYSTEM, record=journey, kind="branch", parent=inner.key, way="yes")
    with pytest.raises(Invalid):
        add_step(actor=SYSTEM, record=journey, kind="branch", parent=deep.key, way="yes")
    place_step(actor=SYSTEM, record=journey, key=first.key, parent=split.key, way="no", place=0)
    assert places()[first.key] == "1.no.1"
    remove_step(actor=SYSTEM, record=journey, key=split.key)
    assert places() == {last.key: "1"}


def test_paused_nobody_moves_and_ended_everybody_leaves_or_goes_on():
    segment = make_segment()
    journey = make_journey(segment)
    wait(journey), mail(journey)
    go(journey)
    join(segment, make_reader(), make_reader())
    walk()
    pause_journey(actor=SYSTEM, record=journey)
    walk(2)
    assert outcomes(journey) == []
    resume_journey(actor=SYSTEM, record=journey)
    out = Enrolment.objects.first()
    take_out(actor=SYSTEM, record=out, why="They asked us to stop")
    end_journey(actor=SYSTEM, record=journey, take_out=False)
    join(segment, make_reader())
    walk(2)
    look_at_rules()
    journey.refresh_from_db()
    assert journey.state == "ended" and Enrolment.objects.count() == 2 and OutgoingMail.objects.count() == 1


def test_walking_as_somebody_shows_the_way_and_sends_nothing():
    journey = make_journey()
    asked = branch(journey, condition=named("Acme"))
    mail(journey, parent=asked.key, way="yes"), wait(journey), task(journey)
    acme, refused = make_reader(), make_reader(False)
    type(acme.customer).objects.filter(pk=acme.customer_id).update(name="Acme")
    type(refused.customer).objects.filter(pk=refused.customer_id).update(name="Acme Two")
    for contact, tone in ((acme, "success"), (refused, "caution")):
        contact.customer.refresh_from_db()
        walked = walk_as(SYSTEM, journey.draft, contact.customer)
        assert [stage.step.kind for stage in walked.stages] == ["branch", "send", "wait", "task"]
        assert walked.stages[1].tone == tone and contact.name in walked.stages[1].text
        assert walked.stages[3].at - walked.stages[1].at == dt.timedelta(days=1)
    assert OutgoingMail.objects.count() == Recipient.objects.count() == Enrolment.objects.count() == 0


def test_an_ended_journey_starts_again_for_whoever_comes_from_then_on():
    segment, before, meanwhile, after = make_segment(), make_reader(), make_reader(), make_reader()
    journey = make_journey(segment)
    mail(journey)
    go(journey)
    join(segment, before)
    walk()
    end_journey(actor=SYSTEM, record=journey, take_out=False)
    look_at_rules()
    join(segment, meanwhile)
    walk()
    draft = begin_version(actor=SYSTEM, record=journey)
    assert (draft.number, draft.segment) == (2, segment)
    publish_journey(actor=SYSTEM, record=journey)
    journey.refresh_from_db()
    assert (journey.state, journey.ended_at) == ("live", None)
    join(segment, after)
    walk()
    people = dict(Enrolment.objects.filter(journey=journey).values_list("contact", "version__number"))
    assert people == {before.pk: 1, after.pk: 2}


def test_a_copy_is_a_draft_with_its_own_mails_and_says_the_same():
    segment = make_segment()
    journey = make_journey(segment, goal_rule=named("Won"))
    asked = branch(journey, condition=named("Acme"))
    mail(journey, "Hello", parent=asked.key, way="no")
    go(journey)
    end_journey(actor=SYSTEM, record=journey, take_out=True)
    author = make_user("marketer")
    copy = copy_journey(actor=staff(author), record=journey)
    assert (copy.state, copy.owner, copy.draft.segment) == ("draft", author, segment)
    assert copy.draft.goal_rule == journey.live.goal_rule
    steps = [(row.number, row.step.kind) for row in Outline(copy.draft).rows()]
    assert steps == [("1", "branch"), ("1.no.1", "send")]
    own, old = (version.steps.get(kind="send").mail for version in (copy.draft, journey.live))
    assert own.pk != old.pk and own.is_editable and (own.subject, own.content) == (old.subject, old.content)
    go(copy)
    assert copy.state == "live"


def test_a_draft_lies_in_the_bin_with_its_mails_until_it_is_erased():
    journey, admin = make_journey(), staff(make_user("administrator"))
    step = mail(journey)
    delete_journey(actor=admin, record=journey)
    assert not Journey.objects.exists() and list(deleted_journeys(admin)) == [journey]
    undelete_journey(actor=admin, record=journey)
    assert Journey.objects.get().draft.steps.get().mail == step.mail
    delete_journey(actor=admin, record=journey)
    erase_journey(actor=admin, record=journey)
    assert not Journey.all_objects.exists() and not Campaign.all_objects.exists()
    started = make_journey()
    task(started)
    go(started)
    with pytest.raises(WrongJourneyState):
        delete_journey(actor=admin, record=started)
