"""What this room holds on organisations and people.

Records of a call are kept for ten years: Regulation (EU) 2023/2831, article 6, for de minimis aid, and the rules of the
funders for the rest. What was handed in stays as it was, names included. The cluster team reads applications only once
they are handed in, and not those that it has a conflict of interest with: its people get none of them here.
"""

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.holdings import ACTS, ADDRESS, NAME, Holding, Person, register
from funding.actions.reviewers import take_out
from funding.models import (
    Aid,
    Answer,
    Appeal,
    Application,
    Assignment,
    Attachment,
    Award,
    Cost,
    Decision,
    Declaration,
    DeclaredAid,
    Grant,
    GrantReport,
    Letter,
    Milestone,
    Partner,
    PartnerSearch,
    Payment,
    Remark,
    Reviewer,
    Revision,
    Score,
    SearchReply,
    Submission,
)

TEN_YEARS = _("Ten years after the aid is granted")
LAW = _("The law and the funders ask to keep what was handed in for ten years: Regulation (EU) 2023/2831, article 6.")
RECORD = _(
    "Who judged what, and what bound them, is part of a call's record. The account behind it has no name any more."
)
APPLYING = _("Applying for funding, and proving later what was asked for")
GRANTED = _("Paying a grant, and proving to the funder how it was used")
LEDGER = _("Keeping within the limit of de minimis aid, Regulation (EU) 2023/2831")
TOLD = Q(decision__told_at__isnull=False)
LEADS_ITSELF = Q(partner=None)


def _step_down(person: Person) -> None:
    if person.user_id:
        for reviewer in (
            Reviewer.objects.filter(user=person.user_id, left_at=None).select_related("call").order_by("call")
        ):
            take_out(reviewer=reviewer, by=None)


APPLICATIONS = (
    Holding(
        model=Application,
        name=_("Applications"),
        purpose=APPLYING,
        kept_for=TEN_YEARS,
        fields=("call__code", "call__name", "number", "title", "summary", "months", "status", "created_by__name",
                "created_at", "changed_at", "withdrawn_at", "why_withdrawn"),
        organisation="lead",
        for_colleagues=True,
    ),
    Holding(
        model=Partner,
        name=_("Parts in applications"),
        purpose=APPLYING,
        kept_for=TEN_YEARS,
        fields=("application__call__code", "application__number", "is_lead", "name", "registration_number", "kind",
                "country", "region", "person", "email", "funder__name", "role", "grant_eur", "own_money_eur",
                "other_money_eur", "enterprise", "previous_grants", "declared_aid", "declared_at", "status",
                "invited_at", "answered_at", "answered_by", "why_declined"),
        organisation="organisation",
        for_colleagues=True,
    ),
    Holding(
        model=Cost,
        name=_("Budgets"),
        purpose=APPLYING,
        kept_for=TEN_YEARS,
        fields=("partner__application__call__code", "partner__application__number", "category__name", "amount_eur",
                "words"),
        organisation="partner__organisation",
        for_colleagues=True,
    ),
    Holding(
        model=Answer,
        name=_("Answers of the consortium"),
        purpose=APPLYING,
        kept_for=TEN_YEARS,
        fields=("application__call__code", "application__number", "question__text", "value"),
        organisation="application__lead",
        only=LEADS_ITSELF,
        for_colleagues=True,
    ),
    Holding(
        model=Answer,
        name=_("Answers of its own"),
        purpose=APPLYING,
        kept_for=TEN_YEARS,
        fields=("application__call__code", "application__number", "question__text", "value"),
        organisation="partner__organisation",
        for_colleagues=True,
    ),
    Holding(
        model=Revision,
        name=_("Earlier words of applications"),
        purpose=_("Losing nothing that was typed"),
        kept_for=TEN_YEARS,
        fields=("application__call__code", "application__number", "field", "value", "at", "by"),
        organisation="application__lead",
        only=LEADS_ITSELF,
        for_colleagues=True,
    ),
    Holding(
        model=Attachment,
        name=_("Files of applications"),
        purpose=APPLYING,
        kept_for=TEN_YEARS,
        fields=("application__call__code", "application__number", "name", "content_type", "size", "sha256", "added_at",
                "added_by", "removed_at"),
        organisation="application__lead",
        only=LEADS_ITSELF & ~Q(question__asked_of="partner") | Q(partner__is_lead=True),
        for_colleagues=True,
    ),
    Holding(
        model=Attachment,
        name=_("Files of its part as a partner"),
        purpose=APPLYING,
        kept_for=TEN_YEARS,
        fields=("application__call__code", "application__number", "name", "content_type", "size", "sha256", "added_at",
                "added_by", "removed_at"),
        organisation="partner__organisation",
        only=Q(partner__is_lead=False),
        for_colleagues=True,
    ),
    Holding(
        model=Submission,
        name=_("What was handed in"),
        purpose=_("Proving when, by whom and which words: a sealed copy of the application"),
        kept_for=TEN_YEARS,
        fields=("application__call__code", "application__number", "number", "at", "by", "sha256"),
        organisation="application__lead",
        for_colleagues=True,
    ),
)  # fmt: skip
DECISIONS = (
    Holding(
        model=Decision,
        name=_("Decisions"),
        purpose=_("Telling an applicant what was decided, and why"),
        kept_for=TEN_YEARS,
        fields=("application__call__code", "application__number", "outcome", "reasons", "reserve_place", "told_at"),
        organisation="application__lead",
        only=Q(told_at__isnull=False),
        for_colleagues=True,
    ),
    Holding(
        model=Award,
        name=_("Awards"),
        purpose=GRANTED,
        kept_for=TEN_YEARS,
        fields=("decision__application__call__code", "decision__application__number", "funder__name", "amount_eur",
                "given_up_at", "why_given_up"),
        organisation="partner__organisation",
        only=TOLD,
        for_colleagues=True,
    ),
    Holding(
        model=Letter,
        name=_("Letters"),
        purpose=_("Telling an applicant what was decided, and why"),
        kept_for=TEN_YEARS,
        fields=("decision__application__call__code", "decision__application__number", "subject", "text", "sent_at"),
        organisation="decision__application__lead",
        for_colleagues=True,
    ),
    Holding(
        model=Appeal,
        name=_("Appeals"),
        purpose=_("Looking at a decision again"),
        kept_for=TEN_YEARS,
        fields=("decision__application__call__code", "decision__application__number", "words", "filed_by__name",
                "filed_at", "status", "answer", "answered_at"),
        organisation="decision__application__lead",
        for_colleagues=True,
    ),
    Holding(
        model=Grant,
        name=_("Grants"),
        purpose=GRANTED,
        kept_for=TEN_YEARS,
        fields=("award__decision__application__call__code", "award__amount_eur", "granted_on", "agreement_number",
                "signed_on", "starts_on", "ends_on", "status", "ended_on", "why_ended", "kept_eur"),
        organisation="organisation",
    ),
    Holding(
        model=Milestone,
        name=_("Milestones of grants"),
        purpose=GRANTED,
        kept_for=TEN_YEARS,
        fields=("grant__agreement_number", "name", "due_on", "reached_on"),
        organisation="grant__organisation",
    ),
    Holding(
        model=GrantReport,
        name=_("Reports of grants"),
        purpose=GRANTED,
        kept_for=TEN_YEARS,
        fields=("grant__agreement_number", "kind", "due_on", "status", "words", "spent_eur", "file_name",
                "handed_in_at", "handed_in_by", "questions", "settled_at"),
        organisation="grant__organisation",
        for_colleagues=True,
    ),
    Holding(
        model=Payment,
        name=_("Payments"),
        purpose=GRANTED,
        kept_for=TEN_YEARS,
        fields=("grant__agreement_number", "name", "amount_eur", "due_on", "paid_on", "bank_reference", "is_recovery"),
        organisation="grant__organisation",
    ),
    Holding(
        model=Declaration,
        name=_("Declarations of de minimis aid"),
        purpose=LEDGER,
        kept_for=TEN_YEARS,
        fields=("status", "began_at", "handed_in_at", "handed_in_by", "question", "settled_at"),
        organisation="organisation",
        for_colleagues=True,
    ),
    Holding(
        model=DeclaredAid,
        name=_("Aid that was declared"),
        purpose=LEDGER,
        kept_for=TEN_YEARS,
        fields=("declaration__began_at", "beneficiary", "member_state", "authority", "amount_eur", "granted_on",
                "instrument"),
        organisation="declaration__organisation",
        for_colleagues=True,
    ),
    Holding(
        model=Aid,
        name=_("Ledger of de minimis aid"),
        purpose=LEDGER,
        kept_for=TEN_YEARS,
        fields=("beneficiary", "beneficiary_number", "member_state", "authority", "amount_eur", "granted_on",
                "instrument", "nace", "source", "reason", "entered_at"),
        organisation="organisation",
    ),
    Holding(
        model=PartnerSearch,
        name=_("Searches for partners"),
        purpose=_("Putting a consortium together"),
        kept_for=_("As long as the topic"),
        fields=("topic__title", "brings", "seeks", "status", "started_by__name", "started_at", "closed_at", "outcome",
                "outcome_words"),
        organisation="organisation",
    ),
    Holding(
        model=SearchReply,
        name=_("Answers to who looks for partners"),
        purpose=_("Putting a consortium together"),
        kept_for=_("As long as the topic"),
        fields=("search__topic__title", "search__organisation__name", "status", "words", "shares_contact",
                "answered_by__name", "answered_at"),
        organisation="organisation",
    ),
)  # fmt: skip
PEOPLE = (
    Holding(
        model=Partner,
        name=_("Applications that name the person as contact"),
        purpose=_("Writing to a partner of an application"),
        kept_for=TEN_YEARS,
        fields=("application__call__name", "name", "person", "email", "status", "invited_at", "answered_at"),
        addresses=("email",),
        overwritten={"person": NAME, "email": ADDRESS, "link_version": F("link_version") + 1},
    ),
    Holding(
        model=Revision,
        name=_("Words of applications that the person typed"),
        purpose=_("Losing nothing that was typed"),
        kept_for=TEN_YEARS,
        fields=("application__call__name", "field", "at", "by"),
        organisation="application__lead",
        signed=("by",),
        overwritten={"by": NAME},
    ),
    Holding(
        model=Partner,
        name=_("Parts in applications that the person confirmed"),
        purpose=_("Proving who confirmed a part"),
        kept_for=TEN_YEARS,
        fields=("application__call__name", "answered_at", "answered_by"),
        organisation="organisation",
        signed=("answered_by",),
        kept_because=LAW,
    ),
    Holding(
        model=Attachment,
        name=_("Files that the person added"),
        purpose=APPLYING,
        kept_for=TEN_YEARS,
        fields=("application__call__name", "name", "size", "added_at", "added_by"),
        organisation="application__lead",
        signed=("added_by",),
        kept_because=LAW,
    ),
    Holding(
        model=Submission,
        name=_("Applications that the person handed in"),
        purpose=_("Proving when, by whom and which words"),
        kept_for=TEN_YEARS,
        fields=("application__call__name", "number", "at", "by"),
        organisation="application__lead",
        signed=("by",),
        kept_because=LAW,
    ),
    Holding(
        model=GrantReport,
        name=_("Reports that the person handed in"),
        purpose=GRANTED,
        kept_for=TEN_YEARS,
        fields=("kind", "due_on", "handed_in_at", "handed_in_by"),
        organisation="grant__organisation",
        signed=("handed_in_by",),
        kept_because=LAW,
    ),
    Holding(
        model=Declaration,
        name=_("Declarations that the person handed in"),
        purpose=LEDGER,
        kept_for=TEN_YEARS,
        fields=("handed_in_at", "handed_in_by"),
        organisation="organisation",
        signed=("handed_in_by",),
        kept_because=LAW,
    ),
    Holding(
        model=Letter,
        name=_("Letters to the person"),
        purpose=_("Telling an applicant what was decided, and why"),
        kept_for=TEN_YEARS,
        fields=("subject", "text", "sent_at"),
        addresses=("to__overlap",),
        kept_because=LAW,
    ),
    Holding(
        model=Reviewer,
        name=_("Calls that the person reviews for"),
        purpose=_("Choosing who reviews what, without conflicts of interest"),
        kept_for=TEN_YEARS,
        fields=("call__name", "employer", "expertise", "most_applications", "is_on_panel", "interests",
                "interests_words", "declared_at", "added_at", "left_at"),
        users=("user",),
        ends=_step_down,
        overwritten={"employer": ""},
    ),
    Holding(
        model=Assignment,
        name=_("Reviews"),
        purpose=_("Judging applications"),
        kept_for=TEN_YEARS,
        # By its random key: a blind application stays blind.
        fields=("reviewer__call__name", "key", "status", "assigned_at", "declared_at", "conflict", "words", "done_at"),
        users=("reviewer__user",),
        only=~Q(status=Assignment.Status.PROPOSED),
        kept_because=RECORD,
    ),
    Holding(
        model=Score,
        name=_("Scores"),
        purpose=_("Judging applications"),
        kept_for=TEN_YEARS,
        fields=("assignment__key", "criterion__name", "value", "words", "saved_at"),
        users=("assignment__reviewer__user",),
        kept_because=RECORD,
    ),
    Holding(
        model=Remark,
        name=_("Remarks in discussions of applications"),
        purpose=_("Judging applications"),
        kept_for=TEN_YEARS,
        fields=("words", "at"),
        users=("by",),
        kept_because=RECORD,
    ),
)  # fmt: skip

register(
    "funding",
    _("Funding"),
    [*APPLICATIONS, *DECISIONS, *PEOPLE],
    left_out={
        ACTS: [
            "Aid.entered_by", "Appeal.answered_by", "Correction.by", "Decision.decided_by", "FundingCall.created_by",
            "GrantReport.settled_by", "ModeratedScore.by", "RegisterImport.by", "SearchReply.asked_by",
        ],
        "The public address of a call, which the cluster team changes.": [
            "Funder.contact_email", "FundingCall.contact_email",
        ],
    },
)  # fmt: skip
