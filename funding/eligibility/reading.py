"""Calls and applications from JSON, with a line for each fault that names its place."""

from collections.abc import Iterator
from typing import TypeVar
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from funding.eligibility.types import Application, Call, Row, nuts_of

Read = TypeVar("Read", bound=Row)


class Unusable(ValueError):
    """A file that cannot be used; `faults` has one line each."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


def read_call(text: bytes) -> Call:
    """A call. Raises Unusable."""
    call = read(Call, text)
    if faults := list(call_faults(call)):
        raise Unusable(faults)
    return call


def read_application(text: bytes) -> Application:
    """An application. Raises Unusable."""
    return read(Application, text)


def read(kind: type[Read], text: bytes) -> Read:
    """One object of the file. Raises Unusable with a line for each value that does not fit."""
    try:
        return kind.model_validate_json(text)
    except ValidationError as error:
        faults = [f"{_place(each['loc'])}: {each['msg']}" for each in error.errors(include_url=False)]
        raise Unusable(faults) from None


def _place(parts: tuple[int | str, ...]) -> str:
    """partners[2].grant; the first of a list is 1, as people count."""
    place = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in parts)
    return place.removeprefix(".") or "The file"


def call_faults(call: Call) -> Iterator[str]:
    """What no rule could work with, though each value alone is right."""
    if call.opens_at >= call.deadline:
        yield "deadline: It must come after opens_at."
    names = [each.id for each in call.funders]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"funders: {name} occurs twice."
    for place, funder in enumerate(call.funders, start=1):
        least, most = funder.smallest_grant, funder.largest_grant
        if least is not None and most is not None and least > most:
            yield f"funders[{place}].smallest_grant: It is above largest_grant."
        for region in funder.regions:
            if not region.startswith(nuts_of(funder.member_state)):
                yield f"funders[{place}].regions: {region} is not in {funder.member_state}."
    asked = call.consortium
    if asked.most_organisations is not None and asked.most_organisations < asked.organisations:
        yield "consortium.most_organisations: It is below organisations."
    if call.longest_months is not None and call.longest_months < (call.shortest_months or 0):
        yield "longest_months: It is below shortest_months."
    try:
        ZoneInfo(call.zone)
    except (KeyError, ValueError, OSError):
        yield f"zone: {call.zone} is no time zone, as Europe/Stockholm is."
