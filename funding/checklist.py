"""What is still missing before an application can be handed in, and what each rule of the call says of it."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from funding import blinding, checking, eligibility
from funding.eligibility.types import Finding
from funding.forms.questions import field_of
from funding.models import Application, FundingCall, Partner, Question
from funding.sentences import sentence

CONSORTIUM, PROJECT, BUDGET, DECLARATIONS = "partners", "project", "budget", "declarations"
ATTACHMENTS, CHECK = "attachments", "check"
STEP_OF_RULE = {
    "duration": PROJECT,
    "budget": BUDGET,
    "grant": BUDGET,
    "co_financing": BUDGET,
    "deadline": CHECK,
}
# Without these nothing can be judged: what is not said counts as missing, not as an open question.
MUST_BE_KNOWN = {"budget", "duration", "funder", "deadline"}
# What a rule says of another organisation's figures stays with that organisation: the lead reads the verdict.
VERDICT_ONLY = {
    "size_not_known": gettext_lazy("Its size is not known yet. It fills in its figures by its own link."),
    "size_fits": gettext_lazy("Its size fits."),
    "size_by_two_years": gettext_lazy("Its size fits."),
    "size_public": gettext_lazy("Its size does not fit what {funder} pays for."),
    "size_excluded": gettext_lazy("Its size does not fit what {funder} pays for."),
    "rate_not_known": gettext_lazy("How much {funder} pays depends on its size, which is not known yet."),
    "aid_not_declared": gettext_lazy("It has not declared its de minimis aid yet. It does so by its own link."),
    "room_left": gettext_lazy("There is room for de minimis aid. Say how much it asks for."),
    "no_room": gettext_lazy("Its earlier de minimis aid leaves no room for a grant."),
    "within_ceiling": gettext_lazy("Its de minimis aid leaves room for the grant."),
    "ceiling_passed": gettext_lazy("Its earlier de minimis aid leaves no room for a grant of this size."),
    "previous_not_said": gettext_lazy("It has not said its earlier grants yet. It does so by its own link."),
    "previous_fit": gettext_lazy("Its earlier grants fit."),
    "too_many_previous": gettext_lazy("It had more earlier grants than {funder} allows."),
}
IN_ANOTHER = gettext_lazy("It is in another consortium of this call. The call allows each organisation one.")
IN_WORDS = frozenset({Question.Kind.SHORT_TEXT, Question.Kind.LONG_TEXT})
# Where the budget is not complete, these would say so again.
SAID_BY_THE_BUDGET = {"grant_not_said", "costs_not_said"}
Verdict = Literal["missing", "fail", "unknown", "pass"]


@dataclass(frozen=True, slots=True)
class Point:
    """One thing to look at: in which step, how it stands, and in words."""

    step: str
    verdict: Verdict
    text: str
    rule: str = ""
    source: str = ""
    is_asked: bool = True  # whether the call has this rule

    @property
    def blocks(self) -> bool:
        """Whether it has to be mended before handing in."""
        return self.verdict in {"missing", "fail"}


def checklist(application: Application, *, moment: datetime) -> list[Point]:
    """All points, in the order of the steps. `moment`: when it would be handed in."""
    partners = list(application.partners.taking_part().select_related("funder").order_by("position", "pk"))
    questions = list(application.call.questions.select_related("funder"))
    found = [
        *_consortium(partners),
        *_project(application, questions),
        *_naming(application, partners, questions),
        *_of_partners(application, partners, questions),
        *_declared(partners),
        *_rules(application, moment),
    ]
    order = (CONSORTIUM, PROJECT, BUDGET, DECLARATIONS, ATTACHMENTS, CHECK)
    return sorted(found, key=lambda point: order.index(point.step))


def fingerprint(points: list[Point]) -> str:
    """What the person has seen to be open: another answer means that something has changed since."""
    said = "\n".join(sorted(point.text for point in points if point.verdict == "unknown"))
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _consortium(partners: list[Partner]) -> Iterator[Point]:
    for partner in partners:
        if partner.is_lead or partner.status == Partner.Status.CONFIRMED:
            continue
        told = {
            Partner.Status.DRAFT: _("%(name)s is not invited yet."),
            Partner.Status.INVITED: _("%(name)s has not confirmed its part yet."),
        }[Partner.Status(partner.status)]
        yield Point(CONSORTIUM, "missing", told % {"name": partner.name})


def _project(application: Application, questions: list[Question]) -> Iterator[Point]:
    for field, told in (("title", _("The title is missing.")), ("summary", _("The summary is missing."))):
        if not getattr(application, field).strip():
            yield Point(PROJECT, "missing", told)
    answers = {each.question_id: each.value for each in application.answers.filter(partner=None)}
    attached = set(application.attachments.kept().filter(partner=None).values_list("question", flat=True))
    for question in questions:
        if question.asked_of == Question.AskedOf.CONSORTIUM:
            yield from _answered(question, answers, attached)
    if waiting := application.revisions.to_choose().filter(partner=None).count():
        told = ngettext(
            "%(n)s text was typed twice: choose one.", "%(n)s texts were typed twice: choose one of each.", waiting
        )
        yield Point(PROJECT, "missing", told % {"n": waiting})


def _naming(application: Application, partners: list[Partner], questions: list[Question]) -> Iterator[Point]:
    """What of the texts that reviewers of a blind call read names who applies."""
    if not application.call.is_blind:
        return
    told = ("name", "registration_number", "person")
    known = {
        "lead": application.lead.name,
        "partners": [{name: getattr(each, name) for name in told} for each in partners],
    }
    for name, step, text in _read_blind(application, partners, questions):
        if found := blinding.names_in(known, text):
            words = _("“%(where)s” names %(who)s. The call is blind: write it without names.")
            yield Point(step, "unknown", words % {"where": name, "who": ", ".join(found)})


def _read_blind(
    application: Application, partners: list[Partner], questions: list[Question]
) -> Iterator[tuple[str, str, str]]:
    yield _("Title"), PROJECT, application.title
    yield _("Summary"), PROJECT, application.summary
    for partner in partners:
        yield _("What %(name)s does") % {"name": partner.name}, CONSORTIUM, partner.role
    asked = {each.pk: each for each in questions if each.kind in IN_WORDS and not each.tells_who}
    of_lead = Q(partner=None) | Q(partner__is_lead=True)
    for answer in application.answers.filter(of_lead, question__in=asked):
        question = asked[answer.question_id]
        yield question.text, PROJECT if answer.partner_id is None else DECLARATIONS, str(answer.value)


def _answered(question: Question, answers: Mapping[int, object], attached: set[int | None]) -> Iterator[Point]:
    name = question.text if len(question.text) < 80 else f"{question.text[:76]} ..."
    if question.kind == Question.Kind.FILE:
        if question.is_required and question.pk not in attached:
            yield Point(ATTACHMENTS, "missing", _("“%(question)s”: the file is missing.") % {"question": name})
        return
    if fault := fault_of(question, answers.get(question.pk)):
        yield Point(PROJECT, "missing", f"“{name}”: {fault}")


def fault_of(question: Question, value: object) -> str:
    """Why an answer does not do as it stands; "" when it does."""
    typed = str(value) if isinstance(value, bool) else value
    try:
        field_of(question).clean(typed)
    except ValidationError as fault:
        return _("not answered yet.") if value in (None, "", []) else " ".join(fault.messages)
    return ""


def asked_of(partner: Partner, questions: list[Question]) -> list[Question]:
    """The questions that a partner is asked: those of every partner, and those of its funder."""
    return [
        each
        for each in questions
        if each.asked_of == Question.AskedOf.PARTNER and each.funder_id in (None, partner.funder_id)
    ]


def open_questions(partner: Partner) -> list[Question]:
    """What a partner is asked and has not answered as it has to be: words, choices and files."""
    questions = list(partner.application.call.questions.select_related("funder"))
    answers = {each.question_id: each.value for each in partner.answers.all()}
    files = set(partner.attachments.kept().values_list("question", flat=True))
    return [each for each in asked_of(partner, questions) if any(_answered(each, answers, files))]


def _of_partners(application: Application, partners: list[Partner], questions: list[Question]) -> Iterator[Point]:
    answers = list(application.answers.exclude(partner=None))
    attached = list(application.attachments.kept().exclude(partner=None).values_list("partner", "question"))
    for partner in partners:
        own = {each.question_id: each.value for each in answers if each.partner_id == partner.pk}
        files = {question for of, question in attached if of == partner.pk}
        asked = asked_of(partner, questions)
        lacking = sum(any(True for _point in _answered(each, own, files)) for each in asked)
        if lacking:
            told = ngettext("%(name)s: %(n)s question is open.", "%(name)s: %(n)s questions are open.", lacking)
            step = DECLARATIONS if partner.is_lead else CONSORTIUM
            yield Point(step, "missing", told % {"name": partner.name, "n": lacking})


def _declared(partners: list[Partner]) -> Iterator[Point]:
    if any(each.is_lead and each.declared_at is None for each in partners):
        yield Point(DECLARATIONS, "missing", _("The declarations of your organisation are missing."))


def _rules(application: Application, moment: datetime) -> Iterator[Point]:
    try:
        call, asked = checking.call_of(application.call), checking.application_of(application, moment=moment)
    except ValueError:
        yield Point(CHECK, "fail", _("The cluster team has not finished the rules of this call. Write to them."))
        return
    own = {each.name for each in asked.partners if each.is_lead}
    for result in eligibility.check(call, asked):
        for finding in result.findings:
            if finding.code in SAID_BY_THE_BUDGET:
                continue
            verdict: Verdict = finding.verdict
            if verdict == "unknown" and result.rule in MUST_BE_KNOWN:
                verdict = "missing"
            step = _step_of(result.rule, finding, own)
            is_asked = finding.code != "nothing_asked"
            yield Point(step, verdict, told_to_lead(finding, own), result.rule, result.source, is_asked)


def _step_of(rule: str, finding: Finding, own: set[str]) -> str:
    of_figures = rule in {"sme_status", "de_minimis", "previous_grants"}
    return STEP_OF_RULE.get(rule, DECLARATIONS if of_figures and finding.partner in own else CONSORTIUM)


def told_to_lead(finding: Finding, own: set[str]) -> str:
    """A finding in words for the lead: of other organisations' figures the verdict alone."""
    words = None
    if finding.code == "in_another_consortium":
        words = str(IN_ANOTHER)
    elif finding.code in VERDICT_ONLY and finding.partner not in own:
        words = str(VERDICT_ONLY[finding.code]).format(funder=finding.values.get("funder", ""))
    words = sentence(finding) if words is None else words
    return f"{finding.partner}: {words}" if finding.partner else words


def needs_figures(call: FundingCall, partner: Partner) -> dict[str, bool]:
    """What the rules of the call need to know of a partner, so that nothing else is asked."""
    funder = partner.funder
    by_size = bool(call.least_smes or (funder and (funder.sizes or funder.rates)))
    return {
        "enterprise": partner.kind == "company" and by_size,
        "aid": bool(funder and funder.is_de_minimis),
        "previous_grants": bool(funder and funder.most_previous_grants is not None),
    }
