"""Rows of an application, held until the end: the call first, then the application, then the partner."""

from funding.models import FundingCall


def held_call(call: FundingCall) -> FundingCall:
    """The call as it is now: whoever moves its deadline waits for us, or came first."""
    return FundingCall.objects.select_for_update(no_key=True).get(pk=call.pk)
