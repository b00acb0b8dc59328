"""Findings in English; a caller with another language fills templates of its own with the same values."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from funding.eligibility.types import Finding, Result

TEMPLATES: Mapping[str, str] = {
    "nothing_asked": "The call asks nothing here.",
    "in_time": "In time: the deadline is {deadline} ({zone}).",
    "too_late": "The deadline was {deadline} ({zone}).",
    "not_open_yet": "The call opens on {opens_at} ({zone}).",
    "duration_not_said": "Say how many months the project takes.",
    "duration_outside": "The project takes {months} months; the call asks for {shortest} to {longest}.",
    "duration_fits": "{months} months fit.",
    "partner_twice": "It is in the consortium twice.",
    "partners_differ": "Each organisation takes part once.",
    "too_few_organisations": "Organisations so far: {organisations}. The call asks for {least} or more.",
    "too_many_organisations": "Organisations so far: {organisations}. The call allows {most}.",
    "organisations_fit": "{organisations} organisations.",
    "countries_fit": "Partners from {countries}.",
    "too_few_countries": "Partners from {countries}; the call asks for {least} countries or more.",
    "not_one_lead": "Name exactly one lead partner.",
    "lead_of_wrong_kind": "It leads, but the lead must be one of: {kinds}.",
    "lead_fits": "It leads.",
    "enough_smes": "SMEs: {smes}. The call asks for {least}.",
    "perhaps_enough_smes": "SMEs so far: {smes}, not known yet: {open}. The call asks for {least}.",
    "too_few_smes": "SMEs: {smes}. The call asks for {least}.",
    "other_consortia_not_said": "Say whether it is in another consortium of this call.",
    "in_another_consortium": "It is in another consortium of this call: {others}. The call allows one.",
    "in_no_other_consortium": "It is in no other consortium.",
    "pays_itself": "It asks for no grant.",
    "no_such_funder": "The call has no funder {funder}.",
    "which_funder": "Say which funder pays: {funders}.",
    "no_funder": "No funder of the call pays in {country}. It can take part with its own money: a grant of 0.",
    "region_not_said": "{funder} pays in {regions} only. Say in which region it is.",
    "funder_elsewhere": "{funder} does not pay there.",
    "funder_pays": "{funder} pays.",
    "kind_fits": "{funder} pays for this kind of organisation.",
    "kind_excluded": "{funder} pays for these only: {kinds}.",
    "size_not_known": "Its size is not known yet. Say: {missing}.",
    "size_fits": "It is of size {size}.",
    "size_by_two_years": "It keeps the size {size}: a change counts after two years in a row.",
    "size_public": "A quarter or more of it is in public hands, so it is no SME. {funder} pays for: {sizes}.",
    "size_excluded": "It is of size {size}; {funder} pays for: {sizes}.",
    "activity_not_said": "Say what it will do. {funder} pays for: {activities}.",
    "activity_excluded": "{funder} does not pay for {outside}, only for: {activities}.",
    "activity_fits": "{funder} pays for what it does.",
    "budget_not_complete": "The budget is not complete: say costs, grant and own money.",
    "lines_do_not_add_up": "The lines make {lines}, the total says {total}.",
    "money_does_not_add_up": "Costs are {total}; grant, own and other money differ from that by {difference}. "
    "Change one of them: both have to be the same.",
    "budget_adds_up": "The budget of {total} adds up.",
    "grant_not_said": "Say how much it asks for.",
    "grant_too_large": "It asks for {grant}; {funder} pays {most} at most.",
    "grant_too_small": "It asks for {grant}; {funder} pays from {least}.",
    "grant_fits": "The grant of {grant} fits.",
    "rate_not_known": "How much {funder} pays depends on the size. Say: {missing}.",
    "costs_not_said": "Say costs and grant.",
    "rate_passed": "{funder} pays {rate} of the costs: {most} of {costs}. It asks for {grant}.",
    "rate_kept": "The grant of {grant} is within {rate} of the costs.",
    "regulation_ended": "The regulation ends on {last_day}. Ask {funder} what holds then.",
    "aid_not_declared": "Declare all de minimis aid of the last three years, that of linked companies too.",
    "room_left": "{room} of de minimis aid are left in {member_state} on {day}.",
    "no_room": "No de minimis aid is left in {member_state} on {day}: {had} were granted, {ceiling} is the ceiling.",
    "within_ceiling": "With {had} granted before, {grant} stay within the ceiling of {ceiling} in {member_state}.",
    "ceiling_passed": "{had} were granted before in {member_state}: {room} are left on {day}. It asks for {grant}.",
    "previous_not_said": "Say which grants it had from {funder} in the last {years} years.",
    "previous_fit": "{had} grants of {funder} in {years} years; {most} are allowed.",
    "too_many_previous": "{had} grants of {funder} in {years} years; {most} are allowed.",
}
MISSING = {
    "headcount": "how many people it employs",
    "money": "its turnover or balance sheet total",
    "holding": "the figures of {name}",
    "headcount_before": "how many people it employed in the year before",
    "money_before": "its turnover or balance sheet total of the year before",
    "holding_before": "the figures of {name} for the year before",
}
MONEY = frozenset({"lines", "total", "grant", "own", "difference", "least", "most", "costs", "ceiling", "room", "had"})
OF_MONEY = frozenset(
    {"grant_too_large", "grant_too_small", "grant_fits", "rate_passed", "rate_kept", "room_left", "no_room"}
    | {"within_ceiling", "ceiling_passed", "lines_do_not_add_up", "money_does_not_add_up", "budget_adds_up"}
)


def message(result: Result) -> str:
    """What a rule found, in sentences. Where something fails or is open, only that is said."""
    told = [each for each in result.findings if each.verdict == result.verdict]
    return " ".join(sentence(each) for each in told)


def sentence(finding: Finding) -> str:
    """One finding in English, with the partner's name before it."""
    money = finding.code in OF_MONEY
    words = {name: _words(name, value, money=money) for name, value in finding.values.items()}
    text = TEMPLATES[finding.code].format(**words)
    return f"{finding.partner}: {text}" if finding.partner else text


def _words(name: str, value: object, *, money: bool) -> str:
    if name == "missing" and isinstance(value, tuple):
        return ", ".join(MISSING[what].format(name=of) for what, of in value)
    if isinstance(value, datetime):
        return f"{value.day} {value:%B %Y, %H:%M:%S}"
    if isinstance(value, date):
        return f"{value.day} {value:%B %Y}"
    if isinstance(value, Decimal) and name == "rate":
        return f"{(100 * value).normalize():f} %"
    if isinstance(value, Decimal) and money and name in MONEY:
        return f"EUR {value:,.2f}".removesuffix(".00")
    if isinstance(value, list | tuple):
        return ", ".join(str(each) for each in value)
    return "any" if value is None else str(value)
