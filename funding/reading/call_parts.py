"""Funders, questions and criteria of a call as the secretary's pages list them."""

from django import forms
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import codelists
from core.templatetags.portal import cents
from funding.forms.questions import field_of
from funding.models import Criterion, Funder, FundingCall, Question
from funding.reading.money import rates_by_size, share

Row = dict[str, object]


def _rows(parts: list[Funder] | list[Question] | list[Criterion], said: list[Row]) -> list[Row]:
    """Each with its place, so that the first cannot move up and the last not down."""
    last = len(parts) - 1
    return [
        {"part": part, "is_first": place == 0, "is_last": place == last} | words
        for place, (part, words) in enumerate(zip(parts, said, strict=True))
    ]


def funders(call: FundingCall) -> list[Row]:
    """Who pays, where and how much."""
    parts = list(call.funders.all())
    return _rows(parts, [_funder(each) for each in parts])


def _funder(funder: Funder) -> Row:
    where = codelists.countries().get(funder.member_state, funder.member_state)
    regions = ", ".join(funder.regions)
    facts = [where if not regions else f"{where}: {regions}", cents(funder.budget_eur)]
    said = [_("Pays up to %(share)s of the costs.") % {"share": share(funder.rate)}, *rates_by_size(funder)]
    return {"facts": facts, "why": " ".join(said)}


def questions(call: FundingCall) -> list[Row]:
    """What is asked, of whom, and how long the answer may be."""
    parts = list(call.questions.select_related("funder"))
    return _rows(parts, [_question(each) for each in parts])


def _question(question: Question) -> Row:
    of = question.get_asked_of_display()
    if question.funder:
        of = _("Each partner of %(funder)s") % {"funder": question.funder}
    facts = [question.get_kind_display(), of]
    if question.most_words:
        facts.append(ngettext("%(n)s word", "%(n)s words", question.most_words) % {"n": question.most_words})
    if not question.is_required:
        facts.append(_("optional"))
    if question.tells_who:
        facts.append(_("hidden in a blind review"))
    if question.is_read_blind:
        facts.append(_("a copy is read in a blind review"))
    return {"facts": facts, "why": ", ".join(question.options)}


def criteria(call: FundingCall) -> list[Row]:
    """What is judged, and how much it weighs."""
    parts = list(call.criteria.select_related("funder"))
    return _rows(parts, [_criterion(each) for each in parts])


def _criterion(criterion: Criterion) -> Row:
    facts = [_("0 to %(most)s") % {"most": criterion.most}]
    facts.append(_("weight %(weight)s") % {"weight": _plain(criterion.weight)})
    if criterion.threshold is not None:
        facts.append(_("needs %(threshold)s") % {"threshold": _plain(criterion.threshold)})
    if criterion.funder:
        facts.append(_("only for %(funder)s") % {"funder": criterion.funder})
    return {"facts": facts, "why": criterion.asks, "anchors": anchors(criterion)}


def _plain(number: object) -> str:
    return number_format(f"{number.normalize():f}")


def anchors(criterion: Criterion) -> list[tuple[int, str]]:
    """What its scores mean, the lowest first."""
    return sorted((int(score), words) for score, words in criterion.anchors.items())


def preview(call: FundingCall) -> list[Row]:
    """The form in its two parts, with fields that lead nowhere."""
    titles = {Question.AskedOf.CONSORTIUM: _("Asked of the consortium"), Question.AskedOf.PARTNER: _("Each partner")}
    questions = list(call.questions.select_related("funder"))
    found = []
    for asked_of, title in titles.items():
        rows = [each for each in questions if each.asked_of == asked_of]
        form = forms.Form(auto_id=f"{asked_of}_%s")
        form.use_required_attribute = False
        form.fields.update({f"question_{each.pk}": field_of(each) for each in rows})
        fields = [{"field": form[f"question_{each.pk}"], "funder": each.funder} for each in rows]
        found.append({"title": title, "fields": fields})
    return [part for part in found if part["fields"]]
