"""What search engines and other portals read of a call, in the words of schema.org."""

from decimal import Decimal

from core.mail import absolute
from funding.models import Funder, FundingCall


def of_call(call: FundingCall) -> dict[str, object]:
    """The call as a MonetaryGrant: who pays how much, and until when one applies, as long as one can."""
    funders = list(call.funders.all())
    url = absolute(call.get_absolute_url())
    facts: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "MonetaryGrant",
        "@id": url,
        "url": url,
        "identifier": call.code,
        "name": call.name,
        "description": call.aim,
        "funder": [_funder(each) for each in funders],
        "amount": _euro(sum((each.budget_eur for each in funders), Decimal(0))),
    }
    if call.phase in (FundingCall.Phase.ANNOUNCED, FundingCall.Phase.OPEN):
        facts["potentialAction"] = {
            "@type": "ApplyAction",
            "target": url,
            "startTime": call.opens_at.astimezone(call.zone).isoformat(timespec="seconds"),
            "endTime": call.deadline.astimezone(call.zone).isoformat(timespec="seconds"),
        }
    return facts


def _funder(funder: Funder) -> dict[str, object]:
    return {
        "@type": "Organization",
        "name": funder.name,
        "areaServed": {"@type": "Country", "identifier": funder.member_state},
    }


def _euro(amount: Decimal) -> dict[str, object]:
    return {"@type": "MonetaryAmount", "currency": "EUR", "value": str(amount)}
