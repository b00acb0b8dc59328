"""Curation: which steps there are, each once, with its trail; and what is handed over."""

from threading import Barrier, Thread

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from core.models import AuditEvent, Mail
from members.models import Membership
from opportunities import actions
from opportunities.models import Feedback, Opportunity
from tests.factories.members import MembershipFactory, OrganisationFactory
from tests.factories.opportunities import OpportunityFactory, import_run, table

pytestmark = pytest.mark.django_db
ACTS = {"published": actions.publish, "dismissed": actions.dismiss, "inbox": actions.restore}
TRAIL = {
    "published": "opportunities.published", "dismissed": "opportunities.dismissed", "inbox": "opportunities.restored",
}  # fmt: skip
ALLOWED = {
    ("inbox", "published"), ("inbox", "dismissed"), ("published", "inbox"), ("published", "dismissed"),
    ("dismissed", "inbox"),
}  # fmt: skip


def trail(action: str = "") -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(action__startswith=action or "opportunities.").order_by("pk"))


@pytest.mark.parametrize("old", ACTS)
@pytest.mark.parametrize("new", ACTS)
def test_step_is_taken_with_its_trail_or_refused_or_taken_already(manager, old, new):
    found = OpportunityFactory(status=old)
    before = list(Opportunity.objects.values())
    if old == new:
        ACTS[new](opportunity=found, by=manager)
        assert list(Opportunity.objects.values()) == before, "twice is once"
        assert not trail()
        return
    if (old, new) not in ALLOWED:
        with pytest.raises(actions.Refused, match=f"This opportunity is {found.get_status_display().lower()} already."):
            ACTS[new](opportunity=found, by=manager)
        assert list(Opportunity.objects.values()) == before
        assert not trail()
        return
    ACTS[new](opportunity=found, by=manager)
    kept = Opportunity.objects.get()
    assert (kept.status, kept.curated_by) == (new, manager)
    assert timezone.now() - kept.curated_at < timezone.timedelta(seconds=30)
    (event,) = trail()
    assert (event.action, event.actor_id, event.object_id, event.object_label) == (
        TRAIL[new], manager.pk, kept.pk, kept.title,
    )  # fmt: skip


def test_model_names_the_same_steps():
    named = {(old.value, new.value) for old, steps in Opportunity.TRANSITIONS.items() for new in steps}
    assert named == ALLOWED


def test_step_asks_the_filter_to_look_at_once(manager, monkeypatch, django_capture_on_commit_callbacks):
    sent = []
    monkeypatch.setattr(actions.current_app, "send_task", lambda name, **_: sent.append(name))
    found = OpportunityFactory()
    with django_capture_on_commit_callbacks(execute=True):
        actions.publish(opportunity=found, by=manager)
        assert sent == [], "not before the commit"
        actions.publish(opportunity=found, by=manager)
    assert sent == ["opportunities.filter_pending"]


def test_closed_opportunity_is_not_published(manager):
    found = OpportunityFactory(closed=True)
    with pytest.raises(actions.Refused, match="The last day to answer has passed"):
        actions.publish(opportunity=found, by=manager)
    assert Opportunity.objects.get().status == "inbox"
    actions.dismiss(opportunity=found, by=manager)
    assert Opportunity.objects.get().status == "dismissed"


@pytest.mark.parametrize("who", ["owner", "viewer", "evaluator", "outsider"])
def test_only_managers_curate(who, organisation, request):
    person, found = request.getfixturevalue(who), OpportunityFactory(closed=True)
    for act in (*ACTS.values(), lambda **given: actions.curate(note="x", effort_hours=1, **given),
                lambda **given: actions.hand_over(to=[organisation], sentence="", **given)):  # fmt: skip
        with pytest.raises(PermissionDenied):
            act(opportunity=found, by=person)
    assert Opportunity.objects.values_list("status", "note").get() == ("inbox", "")
    assert not trail()


@pytest.mark.django_db(transaction=True)
def test_two_managers_at_once_are_one_step(manager):
    found, barrier, faults = OpportunityFactory(), Barrier(2), []

    def publish() -> None:
        try:
            mine = Opportunity.objects.get(pk=found.pk)
            barrier.wait(20)
            actions.publish(opportunity=mine, by=manager)
        except Exception as fault:  # noqa: BLE001 - told to the test, which fails with it
            faults.append(fault)
        finally:
            connection.close()

    threads = [Thread(target=publish) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not faults
    assert [event.action for event in trail()] == ["opportunities.published"]


# --- the note ---------------------------------------------------------------------------------------------------------


def test_note_carries_its_author_and_date(manager):
    found = OpportunityFactory()
    actions.curate(opportunity=found, note="Call first.", effort_hours=16, by=manager)
    kept = Opportunity.objects.get()
    assert (kept.note, kept.note_by, kept.effort_hours) == ("Call first.", manager, 16)
    assert kept.note_at is not None
    assert trail()[0].details == {"fields": ["effort_hours", "note", "note_at", "note_by"]}


def test_same_note_again_changes_nothing(manager, home):
    found = OpportunityFactory()
    actions.curate(opportunity=found, note="Call first.", effort_hours=None, by=manager)
    before = list(Opportunity.objects.values())
    colleague = MembershipFactory(organisation=home, role=Membership.Role.MANAGER).user
    actions.curate(opportunity=found, note="Call first.", effort_hours=None, by=colleague)
    assert list(Opportunity.objects.values()) == before, "it stays the first author's"
    assert len(trail()) == 1


def test_emptied_note_loses_its_author(manager):
    found = OpportunityFactory()
    actions.curate(opportunity=found, note="Call first.", effort_hours=4, by=manager)
    actions.curate(opportunity=found, note="", effort_hours=4, by=manager)
    assert Opportunity.objects.values_list("note", "note_by", "note_at", "effort_hours").get() == ("", None, None, 4)


# --- handing over -----------------------------------------------------------------------------------------------------


@pytest.fixture
def published(db) -> Opportunity:
    return OpportunityFactory(published=True, title="Saws & blades – “the best”")


def test_hand_over_mails_each_reader_once(manager, owner, colleague, viewer, outsider, organisation, published):
    gone = MembershipFactory(organisation=organisation, user__is_active=False)
    handed = actions.hand_over(opportunity=published, to=[organisation], sentence="You & them know 'saws'.", by=manager)
    assert handed == 1
    assert set(Mail.objects.values_list("to", flat=True)) == {owner.email, colleague.email}
    assert gone.user.email not in Mail.objects.values_list("to", flat=True)
    mail = Mail.objects.get(to=owner.email)
    assert mail.kind == "hand-over"
    assert published.title in mail.text
    assert "You & them know 'saws'." in mail.text
    assert "&amp;" not in mail.text + mail.subject
    assert "You &amp; them" in mail.html
    assert published.get_absolute_url() in mail.text
    assert mail.subject.strip()
    said = Feedback.objects.get()
    assert (said.kind, said.user, said.sentence) == ("handed_over", manager, "You & them know 'saws'.")
    (event,) = trail()
    assert (event.action, event.organisation_id) == ("opportunities.handed_over", organisation.pk)


def test_second_hand_over_reaches_nobody_twice(manager, owner, organisation, outsider, published):
    actions.hand_over(opportunity=published, to=[organisation], sentence="First", by=manager)
    other = outsider.own_membership.organisation
    assert actions.hand_over(opportunity=published, to=[organisation, other], sentence="Second", by=manager) == 1
    assert actions.hand_over(opportunity=published, to=[organisation, other], sentence="Third", by=manager) == 0
    assert Mail.objects.filter(to=owner.email).count() == 1
    assert Mail.objects.filter(to=outsider.email).count() == 1
    assert sorted(Feedback.objects.values_list("sentence", flat=True)) == ["First", "Second"]


def test_person_in_two_organisations_gets_one_mail(manager, owner, organisation, outsider, published):
    MembershipFactory(user=owner, organisation=outsider.own_membership.organisation)
    both = [organisation, outsider.own_membership.organisation]
    assert actions.hand_over(opportunity=published, to=both, sentence="", by=manager) == 2
    assert Mail.objects.filter(to=owner.email).count() == 1


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ({}, "Publish it first"),
        ({"dismissed": True}, "Publish it first"),
        ({"published": True, "closed": True}, "last day"),
    ],
)  # fmt: skip
def test_what_members_cannot_answer_is_not_handed_over(manager, owner, organisation, state, told):
    found = OpportunityFactory(**state)
    with pytest.raises(actions.Refused, match=told):
        actions.hand_over(opportunity=found, to=[organisation], sentence="", by=manager)
    assert not Feedback.objects.exists()
    assert not Mail.objects.exists()


def test_queries_of_a_hand_over_do_not_grow_with_what_is_in_the_portal(manager, published, django_assert_num_queries):
    organisation = MembershipFactory(organisation=OrganisationFactory()).organisation
    with django_assert_num_queries(16):
        actions.hand_over(opportunity=published, to=[organisation], sentence="", by=manager)


# --- refused records and sources --------------------------------------------------------------------------------------


def test_set_aside_marks_open_refusals_once(manager):
    from opportunities import imports

    run = import_run(table(1, refused=3))
    imports.execute(run.pk)
    assert actions.set_aside(run=run, by=manager) == 3
    assert actions.set_aside(run=run, by=manager) == 0
    assert run.refusals.filter(resolved_at=None).count() == 0
    assert trail("opportunities.refusals")[0].details == {"count": 3}
    assert len(trail("opportunities.refusals")) == 1
