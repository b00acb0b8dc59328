"""From rows to what the components of the pages show: table rows, facts and answers, in words and without queries."""

from collections.abc import Mapping

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from core import codelists
from core.sizes import SIZE_CEILINGS
from core.tabs import Tab, tabs_of
from core.templatetags.portal import countries, country, language, money
from members import codes
from members.forms.profiles import STEPS
from members.models import Invitation, Organisation, Profile


def region(code: str) -> str:
    """The name of a NUTS region; the code itself when the list does not hold it."""
    entry = codelists.nuts().get(code)
    return entry.label if entry else code


def tabs(request: HttpRequest, *, waiting: int) -> list[Tab]:
    """The manager's lists about members."""
    lists = (
        ("members:list", _("Organisations"), None),
        ("members:invitations", _("Invitations"), None),
        ("members:join_requests", _("Requests to join"), waiting),
        ("members:needs_list", _("Needs"), None),
        ("members:undertakings", _("Linked companies"), None),
    )
    found = tabs_of(request.path, [(reverse(name), label) for name, label, _count in lists])
    return [tab | {"count": count} for tab, (_name, _label, count) in zip(found, lists, strict=True)]


def columns(query: Mapping[str, str]) -> list[dict[str, object]]:
    """The heads of the list, with links that sort and keep what is filtered by."""
    heads = (
        ("name", _("Organisation"), False),
        ("size", _("Kind and size"), False),
        ("town", _("Place"), False),
        ("profile", _("Profile"), False),
        ("people", _("People"), True),
    )
    return [_column(query, name, label, numeric=numeric) for name, label, numeric in heads]


def _column(query: Mapping[str, str], name: str, label: str, *, numeric: bool) -> dict[str, object]:
    now = query.get("sort") or "name"
    order = {name: "ascending", f"-{name}": "descending"}.get(now, "")
    kept = {key: value for key, value in query.items() if value and key not in {"sort", "page"}}
    kept["sort"] = f"-{name}" if order == "ascending" else name
    return {"label": label, "numeric": numeric, "sort": order, "sort_url": "?" + urlencode(kept)}


def row(organisation: Organisation) -> list[dict[str, object]]:
    """One line of the list. Needs `for_list`."""
    return [
        {"value": organisation.name, "url": organisation.get_absolute_url()},
        {"label": _("Kind and size"), "value": kind_and_size(organisation)},
        {"label": _("Place"), "value": place(organisation)},
        {"label": _("Profile")} | _progress(organisation.steps),
        {"label": _("People"), "value": organisation.people, "numeric": True},
    ]


def _progress(steps: int) -> dict[str, str]:
    if steps == len(STEPS):
        return {"value": _("Complete"), "state": "good"}
    if not steps:
        return {"value": _("Not begun"), "state": "quiet"}
    return {"value": _("%(done)s of %(all)s") % {"done": steps, "all": len(STEPS)}, "state": "look"}


def kind_and_size(organisation: Organisation) -> str:
    """Kind and size class in one line: SME, small. Of a body that is no company only the kind matters."""
    if organisation.kind != Organisation.Kind.COMPANY or not organisation.size_class:
        return organisation.kind_label
    return f"{organisation.kind_label}, {organisation.get_size_class_display().lower()}"


def place(organisation: Organisation) -> str:
    """Town and country in one line."""
    return ", ".join(part for part in (organisation.town, country(organisation.country)) if part)


def facts(organisation: Organisation) -> list[dict[str, object]]:
    """What is known of an organisation, for a list of facts; empty ones are left out there."""
    return [
        {"label": _("Kind"), "value": organisation.kind_label},
        {"label": _("Place"), "value": place(organisation)},
        {"label": _("Region"), "value": region(organisation.nuts)},
        {"label": _("Website"), "value": _address(organisation.website), "url": organisation.website},
        {"label": _("Founded"), "value": organisation.founded},
        {"label": _("People employed"), "value": organisation.headcount},
        {"label": _("Turnover a year"), "value": money(organisation.turnover_eur)},
        {"label": _("Balance sheet total"), "value": money(organisation.balance_eur)},
        {"label": _("Size class"), "value": organisation.get_size_class_display(), "note": size_rule(organisation)},
    ]


def _address(website: str) -> str:
    return website.removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/")


def size_rule(organisation: Organisation) -> str:
    """How the size class came about, in one sentence."""
    if organisation.headcount is None:
        return _("We need the number of people employed to tell.")
    ceiling = next((each for each in SIZE_CEILINGS if each.size_class == organisation.size_class), None)
    if ceiling is None:
        return _("250 people or more, or turnover above EUR 50 million and balance sheet above EUR 43 million.")
    words = {
        "people": ceiling.headcount,
        "turnover": ceiling.turnover_eur // 1_000_000,
        "balance": ceiling.balance_eur // 1_000_000,
    }
    if organisation.turnover_eur is None and organisation.balance_eur is None:
        return _("Fewer than %(people)s people; turnover and balance sheet are not known.") % words
    if ceiling.turnover_eur == ceiling.balance_eur:
        return _("Fewer than %(people)s people, and turnover or balance sheet up to EUR %(turnover)s million.") % words
    return (
        _(
            "Fewer than %(people)s people, and turnover up to EUR %(turnover)s million"
            " or balance sheet up to EUR %(balance)s million."
        )
        % words
    )


def sections(profile: Profile, slug: str) -> list[dict[str, object]]:
    """The five questions with their answers, each with the way to change it."""
    answers = {
        "business": [(_("What we do"), profile.summary, "text")],
        "exchange": [
            (_("We offer"), profile.offer_lines, "lines"),
            (_("We look for"), profile.seek_lines, "lines"),
        ],
        "field": [
            (
                _("Activities"),
                [f"{each.code} {each.label}" for each in codes.options("nace", profile.nace_codes)],
                "lines",
            ),
            (_("Technologies"), profile.technologies, "chips"),
            (_("Certificates"), profile.certificates, "chips"),
            (_("Technology readiness"), levels(profile), "text"),
        ],
        "reach": [
            (_("Target markets"), countries(profile.markets), "text"),
            (_("Languages"), ", ".join(language(code) for code in profile.languages), "text"),
        ],
        "capacity": [
            (_("Wants to hear of"), _kinds(profile), "text"),
            (_("Hours a month"), _number(profile.hours_a_month), "text"),
            (_("Own money a year"), money(profile.cofinance_eur_a_year), "text"),
        ],
    }
    return [
        {
            "key": key,
            "label": form.label,
            "url": step_url(slug, key),
            "is_done": profile.steps_done[key],
            "answers": [_answer(*answer) for answer in answers[key] if answer[1]],
        }
        for key, form in STEPS.items()
    ]


def _answer(label: str, value: object, shown_as: str) -> dict[str, object]:
    if shown_as == "chips":
        value = [{"label": word} for word in value]
    return {"label": label, "value": value, "shown_as": shown_as}


def _kinds(profile: Profile) -> str:
    return ", ".join(str(label) for kind, label in Profile.OpportunityKind.choices if kind in profile.kinds)


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def levels(profile: Profile) -> str:
    """The range of technology readiness levels in words."""
    if profile.trl_min and profile.trl_max:
        return _("Level %(low)s to %(high)s") % {"low": profile.trl_min, "high": profile.trl_max}
    if profile.trl_min:
        return _("Level %(low)s or higher") % {"low": profile.trl_min}
    return _("Up to level %(high)s") % {"high": profile.trl_max} if profile.trl_max else ""


def step_url(slug: str, step: str) -> str:
    """The page of one question."""
    return reverse("members:step", args=[slug, step])


def steps(profile: Profile, slug: str, current: str) -> list[dict[str, object]]:
    """The stepper above a question."""
    done = profile.steps_done
    return [
        {
            "label": form.label,
            "url": step_url(slug, key),
            "state": "current" if key == current else "done" if done[key] else "todo",
        }
        for key, form in STEPS.items()
    ]


def invitation_state(invitation: Invitation) -> tuple[str, str]:
    """Sign and word of where an invitation stands."""
    if invitation.accepted_at:
        return "good", _("Accepted")
    if invitation.withdrawn_at:
        return "quiet", _("Withdrawn")
    return ("busy", _("Sent")) if invitation.is_open else ("look", _("Link has ended"))
