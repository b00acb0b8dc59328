"""The sample's funding calls, loaded through the room's own actions: one in each phase."""

from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.test import TestCase
from django.utils import timezone

from cluster_portal.sample import calls, load
from core.models import AuditEvent, Mail
from funding import aid, report_reminders
from funding.actions.submissions import sha256_of
from funding.models import (
    Aid,
    Appeal,
    Application,
    Assignment,
    Attachment,
    Decision,
    FundingCall,
    Grant,
    GrantReport,
    Partner,
    Payment,
    Revision,
    Score,
    Submission,
)
from members.models import Organisation, User

pytestmark = pytest.mark.slow
BEFORE_TODAY = ("BWA", "ABW", "CCE")


class TestLoadedCalls(TestCase):
    """Loaded once for all of them: it takes some seconds."""

    @classmethod
    def setUpTestData(cls) -> None:
        load.organisations()
        calls.load(today=timezone.localdate(), by=User.objects.get(email="ylva.stromqvist@havsbris.example"))
        cls.calls = {each.code: each for each in FundingCall.objects.all()}

    def test_there_is_one_call_in_each_phase(self):
        phases = {code: call.phase for code, call in self.calls.items()}
        assert phases == {told["code"]: told["phase"] for told in calls.content()["call"]}
        assert len(set(phases.values())) == 6

    def test_all_that_was_handed_in_keeps_every_rule_and_was_in_time(self):
        rows = list(Submission.objects.select_related("application__call"))
        assert Counter(each.application.call.code for each in rows) == {"BWA": 4, "ABW": 4, "CCE": 3, "BWB": 1}
        for each in rows:
            assert {check["verdict"] for check in each.checks} == {"pass"}, each
            assert each.application.call.opens_at < each.at < each.application.call.deadline
            assert each.at < timezone.now()
            assert datetime.fromisoformat(each.content["at"]) == each.at
            assert sha256_of(each.content) == each.sha256

    def test_what_was_written_was_written_before_it_was_handed_in(self):
        for submission in Submission.objects.select_related("application"):
            of = submission.application
            moments = list(Revision.objects.filter(application=of).values_list("at", flat=True))
            moments += list(of.partners.values_list("declared_at", flat=True))
            assert of.created_at <= min(moments)
            assert max(moments) < submission.at

    def test_reviewers_have_a_place_at_home_and_the_demos_has_work(self):
        people = User.objects.filter(memberships__role="reviewer", memberships__organisation__is_home=True)
        assert people.count() == 4
        henrik = people.get(email="henrik.dahlbom@review.example")
        assert henrik.has_usable_password()
        assert not any(each.has_usable_password() for each in people.exclude(pk=henrik.pk))
        mine = Assignment.objects.of(henrik).filter(reviewer__call=self.calls["CCE"])
        assert Counter(mine.values_list("status", flat=True)) == {"done": 1, "open": 1, "asked": 1}

    def test_reviews_of_decided_calls_are_done_in_their_time(self):
        for code in ("BWA", "ABW"):
            call, rows = self.calls[code], Assignment.objects.filter(reviewer__call=self.calls[code])
            assert rows.count() == 8
            assert set(rows.values_list("status", flat=True)) == {"done"}
            for row in rows:
                assert call.deadline < row.assigned_at < row.declared_at < row.done_at < call.review_until
        assert not Score.objects.filter(words="").exists()

    def test_decisions_are_told_within_the_budgets_and_one_is_appealed(self):
        for code, outcomes in (("BWA", [2, 1, 1]), ("ABW", [2, 1, 1])):
            rows = Decision.objects.filter(application__call=self.calls[code])
            counted = Counter(rows.values_list("outcome", flat=True))
            assert [counted[name] for name in ("funded", "reserve", "rejected")] == outcomes
            for row in rows:
                assert self.calls[code].review_until < row.decided_at < row.told_at == self.calls[code].decided_at
                assert row.letters.get().sent_at == row.told_at
        appeal = Appeal.objects.get()
        assert (appeal.status, appeal.decision.application.title) == ("filed", "Bolts with a number")
        assert appeal.decision.told_at < appeal.filed_at < timezone.now()

    def test_grants_stand_where_their_projects_are(self):
        found = Counter(Grant.objects.values_list("award__funder__call__code", "status"))
        assert found == {("BWA", "completed"): 3, ("BWA", "running"): 2, ("ABW", "granted"): 6}
        assert not Grant.objects.exclude(granted_on__in=[each.granting_on for each in self.calls.values()]).exists()
        for grant in Grant.objects.filter(status="completed"):
            assert sum(each.amount_eur for each in grant.payments.all()) == grant.amount_eur
            assert not grant.payments.filter(paid_on=None).exists()
            assert set(grant.reports.values_list("status", flat=True)) == {"accepted"}
        assert not Payment.objects.filter(paid_on__gt=timezone.localdate()).exists()
        soon = GrantReport.objects.owed().filter(due_on__lte=timezone.localdate() + timedelta(days=30))
        assert {each.grant.organisation.name for each in soon} == {"Rörögat", "Kaardivesi OÜ"}

    def test_ledger_has_each_grant_and_what_the_undertaking_of_two_declared(self):
        assert Counter(Aid.objects.values_list("source", flat=True)) == {"grant": 11, "declared": 1}
        one, other = (Organisation.objects.get(name=n) for n in ("Klarflod Vattenteknik", "Tryckluftslabbet"))
        assert one.undertaking is not None
        assert one.undertaking == other.undertaking
        room = aid.room_of(one, "SE", timezone.localdate())
        assert room.counted == Decimal(58_000)
        part = Partner.objects.get(is_lead=True, organisation=one, application__call=self.calls["BWB"])
        assert [row["amount"] for row in part.declared_aid] == ["18000.00", "40000.00"]

    def test_open_call_has_a_draft_with_a_letter_and_one_that_is_handed_in(self):
        draft, submitted = Application.objects.filter(call=self.calls["BWB"]).order_by("lead__name").reverse()
        assert (draft.lead.name, draft.status) == ("Klarflod Vattenteknik", "draft")
        assert (submitted.lead.name, submitted.status) == ("Brunnsljus", "submitted")
        assert list(draft.partners.values_list("name", "status")) == [
            ("Klarflod Vattenteknik", "confirmed"), ("Emajõe Water Cluster", "confirmed"),
            ("Basseinirobot OÜ", "invited"),
        ]  # fmt: skip
        assert draft.answers.filter(partner=None).count() == 3
        attachment = Attachment.objects.get()
        assert attachment.application == draft
        assert (attachment.content_type, attachment.name) == (
            "application/pdf",
            "Letter of the village of Sandvalla.pdf",
        )

    def test_nothing_of_the_past_calls_lies_ahead_and_each_act_is_in_the_audit_trail(self):
        now = timezone.now()
        for code in BEFORE_TODAY:
            of = self.calls[code]
            assert of.created_at < of.published_at < of.opens_at < of.deadline < now
        for action, count in (("application_submitted", 12), ("decided", 8), ("granted", 11), ("paid", 11)):
            assert AuditEvent.objects.filter(action=f"funding.{action}").count() == count, action

    def test_nobody_is_written_to(self):
        assert Mail.objects.exists()
        assert not Mail.objects.exclude(status=Mail.Status.SENT).exists()
        before = Mail.objects.count()
        report_reminders.remind()
        assert Mail.objects.count() == before
