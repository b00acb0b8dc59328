"""The strategy on one page, on the screen and on paper."""

from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from members.models import User
from programme.models import Endorsement, Strategy
from programme.permissions import can_run_the_programme
from programme.reading import strategies


def card(strategy: Strategy, user: User) -> dict[str, Any]:
    """What the page shows: as it stands now for the cluster team, as it was anchored for members."""
    if can_run_the_programme(user):
        return {"sheet": strategies.current_sheet(strategy), "behind": behind(strategy, strategy.number)}
    return {
        "sheet": strategies.anchored_sheet(strategy),
        "behind": behind(strategy, strategy.anchored_number),
    }


def behind(strategy: Strategy, number: int | None) -> str:
    """How many stand behind a version, without their names."""
    asked = list(strategy.endorsements.filter(number=number).exclude(asked_at=None))
    standing = [each for each in asked if each.answer == Endorsement.Answer.ENDORSED]
    if not standing:
        return ""
    words = {"n": len(standing), "all": len(asked), "key": sum(each.is_key_company for each in standing)}
    return _("%(n)s of %(all)s who were asked stand behind it; %(key)s of them are key companies.") % words


def for_paper(strategy: Strategy, shown: dict[str, Any], cluster: str) -> dict[str, Any]:
    """The same as plain words, for the typesetter."""
    sheet = shown["sheet"]
    return {
        "language": get_language() or "en",
        "cluster": cluster,
        "name": sheet["name"],
        "status": str(strategy.get_status_display()),
        "period": _("%(from)s to %(to)s") % {"from": sheet["from"], "to": sheet["to"]},
        "vision": sheet["vision"],
        "skills": sheet["skills"],
        "goals": [_goal(goal) for goal in sheet["goals"] if not goal["given_up"]],
        "behind": shown["behind"],
        "footer": _("The strategy on one page"),
        "printed": date_format(timezone.localdate(), "j F Y"),
        "words": {"skills": _("Skills needed:")},
    }


def _goal(goal: dict[str, Any]) -> dict[str, Any]:
    return {
        "number": goal["number"],
        "name": goal["name"],
        "why": goal["why"],
        "facts": facts(goal),
        "kpis": [_kpi(kpi) for kpi in goal["kpis"]],
    }


def facts(goal: dict[str, Any]) -> str:
    """Where it aims and what is set aside for it, in one line."""
    set_aside = [_("%(hours)s hours") % goal if goal["hours"] else "", goal["money"]]
    parts = [", ".join(goal["markets"]), ", ".join(goal["sectors"]), ", ".join(filter(None, set_aside))]
    return " · ".join(filter(None, parts))


def _kpi(kpi: dict[str, Any]) -> dict[str, Any]:
    words = {"target": kpi["target"], "day": date_format(kpi["due_on"], "j F Y"), "source": kpi["source"]}
    return {
        "name": kpi["name"],
        "by": _("%(target)s by %(day)s. Source: %(source)s") % words,
        "width": kpi["width"],
        "standing": kpi["standing"],
        "said": kpi["said"],
    }
