"""What the pages of a wave show: who is meant, who was asked, how many have answered. Never who has."""

from collections import Counter
from collections.abc import Sequence

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.codelists import languages
from core.models import Mail
from evaluations.groups import label
from evaluations.models import Invitee, Wave
from evaluations.population import WHY_NOT, Company, population
from evaluations.querysets import MOST_REMINDERS

# Shown before opening, so that a manager sees whether a group will be large enough for figures.
SHOWN_BEFORE = ("size_class", "country", "section")


def moment(wave: Wave) -> str:
    """Until when: 3 May 2027, 18:00 CEST."""
    return date_format(timezone.localtime(wave.closes_at), "j F Y, H:i T")


def facts(wave: Wave) -> list[dict[str, object]]:
    """What holds for a wave, for the side of its pages."""
    only = [label("size_class", each) for each in wave.sizes]
    only += [label("country", each) for each in wave.countries] + [label("section", each) for each in wave.sections]
    about = {Wave.Population.MEMBERS: _("Companies that are members")}
    return [
        {"label": _("Questionnaire"), "value": str(wave.version)},
        {"label": _("Who is asked"), "value": about.get(wave.population) or str(wave.round)},
        {"label": _("Only"), "value": ", ".join(only)},
        {"label": _("Opened"), "value": _day(wave.opened_at)},
        {"label": _("Closed"), "value": _day(wave.closed_at)},
        {"label": _("Open until"), "value": moment(wave) if wave.status != Wave.Status.CLOSED else ""},
        {"label": _("Fewest answers shown in-house"), "value": wave.fewest_in_house},
        {"label": _("Fewest answers shown in public"), "value": wave.fewest_in_public},
        {"label": _("Note on the method"), "value": wave.note},
    ]


def _day(at: object) -> str:
    return date_format(timezone.localtime(at), "j F Y, H:i") if at else ""


def before(wave: Wave) -> dict[str, object]:
    """What a manager sees before opening: how many are meant, how many can be asked, and why others cannot."""
    found = population(wave)
    asked = [each for each in found if each.contact]
    why = Counter(each.why_not for each in found if not each.contact)
    spoken = Counter(each.language for each in asked)
    return {
        "figures": [
            {"label": _("Companies meant"), "value": len(found), "n": _("the population of this wave")},
            {"label": _("Can be asked"), "value": len(asked), "n": _("have a contact who agreed")},
            {"label": _("Cannot be asked"), "value": len(found) - len(asked), "n": _("they count in the population")},
        ],
        "reasons": [(WHY_NOT[reason], n) for reason, n in why.most_common()],
        "languages": ", ".join(f"{languages().get(code, code)} {n}" for code, n in spoken.most_common()),
        "tables": [_before_table(found, group, wave) for group in SHOWN_BEFORE],
        "can_open": len(asked) >= wave.fewest_in_house,
        "asked": len(asked),
    }


def _before_table(found: Sequence[Company], group: str, wave: Wave) -> dict[str, object]:
    meant = Counter(each.groups[group] for each in found)
    asked = Counter(each.groups[group] for each in found if each.contact)
    heads = [(_("Group"), False), (_("Meant"), True), (_("Can be asked"), True), (_("Figures of its own"), False)]
    rows = []
    for value, n in sorted(meant.items(), key=lambda item: (not item[0], -item[1], item[0])):
        own = _("Too few") if asked[value] < wave.fewest_in_house else _("Possible")
        rows.append(row(heads, [label(group, value), n, asked[value], own]))
    return {"group": group, "caption": CAPTIONS[group](), "columns": columns(heads), "rows": rows}


CAPTIONS = {
    "size_class": lambda: _("By size"),
    "country": lambda: _("By country"),
    "section": lambda: _("By sector"),
    "experience": lambda: _("By experience abroad"),
}


def columns(heads: Sequence[tuple[str, bool]]) -> list[dict[str, object]]:
    return [{"label": head, "numeric": numeric} for head, numeric in heads]


def row(heads: Sequence[tuple[str, bool]], values: Sequence[object]) -> list[dict[str, object]]:
    return [
        {"label": head, "numeric": numeric, "value": value}
        for (head, numeric), value in zip(heads, values, strict=True)
    ]


def counts(wave: Wave) -> dict[str, int]:
    """How many were asked, have answered, said no, are half-way. Numbers only."""
    told = wave.invitees.aggregate(
        asked=Count("pk"),
        answered=Count("pk", filter=Q(has_answered=True)),
        declined=Count("pk", filter=Q(has_declined=True)),
        taken_out=Count("pk", filter=Q(is_taken_out=True)),
        reminded=Count("pk", filter=Q(reminders__gt=0)),
    )
    return told | {"begun": wave.responses.filter(is_complete=False).count()}


def during(wave: Wave) -> dict[str, object]:
    """The response so far."""
    count = counts(wave)
    failed = Invitee.objects.filter(wave=wave).with_mail().filter(mail_status=Mail.Status.FAILED).count()
    return {
        "count": count,
        "figures": [
            {"label": _("Answers"), "value": count["answered"], "n": _rate(count["answered"], count["asked"])},
            {"label": _("Begun, not handed in"), "value": count["begun"], "n": _("kept until the wave closes")},
            {"label": _("Do not answer this time"), "value": count["declined"], "n": _("said so by their link")},
            {"label": _("Mails that failed"), "value": failed, "n": _("of %(n)s asked") % {"n": count["asked"]}},
        ],
        # No number: taking a company out would change it, or not, and so tell whether that company is silent.
        "may_remind": Invitee.objects.filter(wave=wave).remindable().exists(),
        "most_reminders": MOST_REMINDERS,
    }


def after(wave: Wave) -> dict[str, object]:
    """The response when nothing can come any more."""
    count = counts(wave)
    return {
        "figures": [
            {"label": _("Answers"), "value": count["answered"], "n": _rate(count["answered"], count["asked"])},
            {
                "label": _("Population"),
                "value": wave.population_size,
                "n": _("%(n)s of them could be asked") % {"n": count["asked"]},
            },
        ]
    }


def _rate(answered: int, asked: int) -> str:
    words = {"asked": asked, "share": round(100 * answered / asked) if asked else 0}
    return _("of %(asked)s asked, %(share)s %%") % words


def state(invitee: Invitee) -> dict[str, str]:
    """Where the link of a company is, as sign and word. Needs `with_mail`. Nothing here tells whether it answered."""
    if invitee.is_taken_out:
        return {"state": "quiet", "label": _("Taken out")}
    if not invitee.agrees and invitee.mail_status != Mail.Status.SENT:
        return {"state": "look", "label": _("Does not agree any more")}
    told = {
        None: ("quiet", _("Waits for its mail")),
        Mail.Status.SENT: ("good", _("Mail sent")),
        Mail.Status.FAILED: ("stop", _("The mail failed")),
        Mail.Status.STOPPED: ("look", _("Wants no such mails")),
    }
    sign, word = told.get(invitee.mail_status, ("busy", _("Mail on its way")))
    return {"state": sign, "label": word}


def to_be_asked(found: Sequence[Company], *, only: str) -> list[dict[str, object]]:
    """Companies with whom to ask there, or why nobody can be; `only` "asked" or "not" shows some of them."""
    wanted = {"asked": True, "not": False}.get(only)
    shown = (each for each in found if wanted is None or bool(each.contact) == wanted)
    return [{"company": each, "why_not": WHY_NOT.get(each.why_not, "")} for each in shown]
