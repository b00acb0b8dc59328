"""What the secretary's overview says of a call."""

from django.utils.translation import gettext as _

from core.clocks import moment_in
from funding.models import FundingCall

Fact = dict[str, object]


def facts(call: FundingCall) -> list[Fact]:
    """Its dates and numbers, for the side of the page."""
    zone = call.time_zone
    return [
        {"label": _("Short name"), "value": call.code},
        {"label": _("Opens"), "value": moment_in(call.opens_at, zone)},
        {"label": _("Deadline"), "value": moment_in(call.deadline, zone)},
        {"label": _("Reviews until"), "value": moment_in(call.review_until, zone) if call.review_until else ""},
        {"label": _("Planned day of granting"), "value": call.granting_on},
        {"label": _("Questions"), "value": call.contact_email, "url": f"mailto:{call.contact_email}"},
    ]
