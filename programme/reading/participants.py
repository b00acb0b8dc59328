"""Who comes to an activity: the list to tap on, what it costs, and the file for spreadsheets."""

from collections.abc import Iterator
from decimal import Decimal

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.templatetags.portal import money
from programme.models import Activity, Registration


def people(activity: Activity) -> dict[str, object]:
    """Who takes part, by company, and who waits, in order."""
    rows = activity.registrations.coming().select_related("organisation")
    taking_part = rows.registered().order_by("organisation__name", "person", "pk")
    return {"taking_part": list(taking_part), "waiting": list(rows.waiting())}


def costs(activity: Activity) -> list[dict[str, object]]:
    """What it costs so far: by whoever takes part, and by what was paid."""
    registered = Q(status=Registration.Status.REGISTERED)
    told = activity.registrations.aggregate(
        taking_part=Count("pk", filter=registered),
        there=Count("pk", filter=registered & Q(attended=True)),
        supported=Count("pk", filter=Q(support_eur__gt=0)),
        paid=Sum("support_eur"),
    )
    planned = activity.support_eur * told["taking_part"]
    paid, supported = told["paid"] or Decimal(0), told["supported"]
    words = {"there": told["there"], "all": told["taking_part"]}
    there = _("%(there)s of %(all)s who take part") % words if activity.counts_who_is_there else ""
    if not activity.cost_eur:
        return [{"label": _("Were there"), "value": there}]
    return [
        {"label": _("Were there"), "value": there},
        {"label": _("Cost of all who take part"), "value": money(activity.cost_eur * told["taking_part"])},
        {"label": _("Support planned"), "value": money(planned)},
        {
            "label": _("Support paid"),
            "value": money(paid),
            "note": ngettext("for %(n)s person", "for %(n)s people", supported) % {"n": supported} if supported else "",
        },
    ]


def csv_rows(activity: Activity) -> Iterator[list[object]]:
    """Everybody on the list, those who cancelled too."""
    yield [
        _("Organisation"), _("Person"), _("E-mail address"), _("State"), _("Signed up at"), _("Was there"),
        _("Support paid, EUR"),
    ]  # fmt: skip
    was_there = {True: _("yes"), False: _("no"), None: ""}
    rows = activity.registrations.select_related("organisation").order_by("registered_at", "pk")
    for each in rows.iterator(chunk_size=500):
        yield [
            each.organisation.name,
            each.person,
            each.email,
            each.get_status_display(),
            each.registered_at.astimezone(activity.zone).strftime("%Y-%m-%d %H:%M"),
            was_there[each.attended],
            "" if each.support_eur is None else each.support_eur,
        ]
