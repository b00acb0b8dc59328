"""How figures are said: labels of answers and groups, numbers, and what was found as a sentence."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core import codelists
from evaluations import recoding
from evaluations.instrument import Question, Questionnaire
from evaluations.models import Attribution, Outcome, Segment
from evaluations.recoding import JOIN, NO_ANSWER
from evaluations.statistics import Code, Finding, findings
from evaluations.statistics.waves import Refusal
from evaluations.tabulating import LARGEST_CLASS, MATRIX, SCALE
from members.models import SizeClass

# Groups of groups, as a small wave is broken down by them (see recoding).
BROAD = {
    "micro+small": gettext_lazy("Micro and small"),
    "medium+large": gettext_lazy("Medium and large"),
    "some+experienced": gettext_lazy("Experience abroad"),
    "home": gettext_lazy("The cluster's own country"),
    "abroad": gettext_lazy("Other countries"),
    "nordic": gettext_lazy("Nordic countries"),
    "eu": gettext_lazy("EU, outside the Nordic countries"),
    "other": gettext_lazy("Elsewhere"),
    "B+C+D+E": gettext_lazy("Industry (B to E)"),
    "G+H+I": gettext_lazy("Trade, transport, hotels and food (G to I)"),
    "J+K": gettext_lazy("Media, telecommunication and computing (J and K)"),
    "N+O": gettext_lazy("Professional and business services (N and O)"),
    "P+Q+R": gettext_lazy("Administration, education and health (P to R)"),
    "S+T+U+V": gettext_lazy("Other services (S to V)"),
    "B+C+D+E+F": gettext_lazy("Industry and construction (B to F)"),
    recoding.AGGREGATES[recoding.A3][-1]: gettext_lazy("Services (G to V)"),
}
# Groups of what was told, not of the company.
_TOLD = {"source": Outcome.Source.choices, "attribution": Attribution.choices}


def answers(questionnaire: Questionnaire, question: Question, language: str) -> dict[str, str]:
    """What each answer of a question is called."""
    if question.kind == "number":
        return _classes() | {NO_ANSWER: _("No answer")}
    said = {option.key: questionnaire.words(option.text, language) for option in question.choices}
    return said | _boxes(question, said) | {NO_ANSWER: _("No answer")}


def _boxes(question: Question, labels: Mapping[str, str]) -> dict[str, str]:
    """What steps that stand together are called: every step of theirs."""
    if question.kind not in (MATRIX, SCALE):
        return {}
    steps = [option.key for option in question.options]
    outside = [option.key for option in question.choices[len(question.options) :]]
    found = (box for way in recoding.ways(steps, outside) for box in way if JOIN in box)
    return {box: _box(box.split(JOIN), labels) for box in found}


def _box(parts: list[str], labels: Mapping[str, str]) -> str:
    return _("Any other answer, or none") if NO_ANSWER in parts else _either([labels[step] for step in parts])


def _either(names: list[str]) -> str:
    return _("%(first)s or %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


def _classes() -> dict[str, str]:
    return {
        "below_0": _("below 0"),
        "0": "0",
        "1_9": _("1 to 9"),
        "10_49": _("10 to 49"),
        "50_249": _("50 to 249"),
        LARGEST_CLASS: _("250 or more"),
    }


def rows(questionnaire: Questionnaire, question: Question, language: str) -> dict[str, str]:
    """What each row of a matrix is called."""
    return {row.key: questionnaire.words(row.text, language) for row in question.rows}


def dimension(name: str) -> str:
    """What a breakdown is by."""
    names = {
        "size_class": _("size of company"),
        "country": _("country"),
        "section": _("sector"),
        "experience": _("experience abroad"),
        "source": _("what it came of"),
        "attribution": _("the cluster's part"),
    }
    return names.get(name, name)


def group(name: str, key: object) -> str:
    """What a group is called; companies of which it is not known are a group like others."""
    if key == "":
        return {"source": _("Told nothing"), "attribution": _("Not said")}.get(name, _("Not known"))
    code = str(key)
    if code in BROAD:
        return str(BROAD[code])
    if name in _TOLD:
        return str(dict(_TOLD[name]).get(code, code))
    if name == "size_class":
        return str(dict(SizeClass.choices).get(code, code))
    if name == "experience":
        return str(dict(Segment.Experience.choices).get(code, code))
    if name == "country":
        return codelists.countries().get(code, code)
    entry = codelists.nace().get(code) if name == "section" else None
    return entry.label if entry else code


def percent(share: float) -> str:
    """A share in whole per cent."""
    return _("%(percent)s %%") % {"percent": findings.percent(share)}


def interval(low: float | None, high: float | None) -> str:
    """From where to where a share lies."""
    if low is None or high is None:
        return ""
    return _("%(low)s to %(high)s %%") % {"low": findings.percent(low), "high": findings.percent(high)}


def tenths(value: float) -> str:
    """A mean with one decimal."""
    return f"{findings.tenths(value) / 10:.1f}"


def firms(finding: Finding) -> str:
    """So many of ten companies, of a group or of all."""
    if finding.of_ten == 0:
        return _("fewer than 1 of 10 companies")
    return _("%(count)s of 10 companies") % {"count": finding.of_ten}


def top_box(found: Finding, labels: Mapping[str, str], box: str, facet: str = "") -> str:
    """What a chart of upper halves says: which line got most of them. `box`: what the steps are called."""
    if found.code is Code.TOO_FEW:
        return _("Too few answers to say anything")
    said = {
        "options": _listed([f"“{labels.get(option, option)}”" for option in found.options]),
        "firms": firms(found),
        "box": box,
    }
    if found.code is Code.NONE_NAMED:
        return _("Nobody said “%(box)s” of any of these") % said
    if facet == "helped":
        told = _("%(options)s helped most: %(firms)s say “%(box)s”") % said
    else:
        told = _("%(options)s highest: %(firms)s say “%(box)s”") % said
    return _("Of what can be shown: %(finding)s") % {"finding": told} if _is_partial(found) else told


def finding(found: Finding, labels: Mapping[str, str], facet: str = "", top: int = 0) -> str:
    """What a chart says, as its title. `top`: the highest step of a scale."""
    if found.code is Code.TOO_FEW:
        return _("Too few answers to say anything")
    if found.code is Code.NONE_NAMED:
        return _("Nobody named any of these")
    named = _listed([f"“{labels.get(option, option)}”" for option in found.options])
    count = len(found.options)
    if found.code in (Code.MOST_NAMED, Code.MOST_NAMED_OF_SHOWN):
        said = _named(facet, count) % {"options": named, "firms": firms(found)}
    else:
        said = _highest(facet, count) % {"options": named, "mean": tenths(found.value or 0), "top": top}
    if _is_partial(found):
        return _("Of what can be shown: %(finding)s") % {"finding": said}
    return said


def _is_partial(found: Finding) -> bool:
    return found.code in (Code.MOST_NAMED_OF_SHOWN, Code.HIGHEST_OF_SHOWN)


def _named(facet: str, count: int) -> str:
    if facet == "barriers":
        return ngettext(
            "%(options)s is the barrier most named, by %(firms)s",
            "%(options)s are the barriers most named, each by %(firms)s",
            count,
        )
    if facet == "role":
        return ngettext(
            "%(options)s is what most want from the cluster: %(firms)s",
            "%(options)s are what most want from the cluster: %(firms)s each",
            count,
        )
    if facet == "results":
        return ngettext(
            "%(options)s is the result most named, by %(firms)s",
            "%(options)s are the results most named, each by %(firms)s",
            count,
        )
    return ngettext("%(options)s is most named, by %(firms)s", "%(options)s are most named, each by %(firms)s", count)


def _highest(facet: str, count: int) -> str:
    if facet == "helped":
        return ngettext(
            "%(options)s helped most: %(mean)s on a scale of 1 to %(top)s",
            "%(options)s helped most: %(mean)s each on a scale of 1 to %(top)s",
            count,
        )
    return ngettext(
        "%(options)s stands highest: %(mean)s on a scale of 1 to %(top)s",
        "%(options)s stand highest: %(mean)s each on a scale of 1 to %(top)s",
        count,
    )


def _listed(names: list[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


def refusal(code: str) -> str:
    """Why two waves are not compared."""
    reasons = {
        Refusal.OTHER_WORDING: _("The wording changed, so the two waves are not tested against each other."),
        Refusal.OTHER_OPTIONS: _("The answers to choose from changed, so the two waves are not comparable."),
        Refusal.OTHER_BASE: _("Other companies were asked, so the two waves are not comparable."),
        Refusal.HIDDEN: _("Too few to show in one of the waves."),
        Refusal.TOO_FEW: _("Too few answers in one of the waves."),
    }
    return reasons.get(Refusal(code), _("The two waves did not ask the same."))
