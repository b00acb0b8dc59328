"""What the rules of eligibility found, in the words of the interface, and what to do about it.

The templates are those of funding.eligibility.sentences, to be translated: the same codes with the same places, which a
test compares.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from core import codelists
from core.templatetags.portal import cents
from funding.eligibility.rules import OF_THE_CALL
from funding.eligibility.sentences import MONEY, OF_MONEY
from funding.eligibility.types import Finding
from funding.reading.money import share
from members.models import Organisation, SizeClass

KINDS, SIZES = dict(Organisation.Kind.choices), dict(SizeClass.choices)
RULES: Mapping[str, object] = {
    "deadline": later("Deadline"),
    "duration": later("Length of the project"),
    "partners": later("Each partner once"),
    "consortium_size": later("Number of organisations"),
    "consortium_countries": later("Number of countries"),
    "lead": later("Who leads"),
    "smes_in_consortium": later("SMEs in the consortium"),
    "one_consortium_only": later("One consortium only"),
    "funder": later("Who pays"),
    "kind": later("Kind of organisation"),
    "sme_status": later("Size"),
    "activity": later("What the project does"),
    "budget": later("Budget"),
    "grant": later("Size of the grant"),
    "co_financing": later("Own share of the costs"),
    "de_minimis": later("De minimis aid"),
    "previous_grants": later("Earlier grants"),
}
SOURCES: Mapping[str, object] = {OF_THE_CALL: later("Text of the call")}
TEMPLATES: Mapping[str, object] = {
    "nothing_asked": later("The call asks nothing here."),
    "in_time": later("In time: the deadline is {deadline} ({zone})."),
    "too_late": later("The deadline was {deadline} ({zone})."),
    "not_open_yet": later("The call opens on {opens_at} ({zone})."),
    "duration_not_said": later("Say how many months the project takes."),
    "duration_outside": later("The project takes {months} months; the call asks for {shortest} to {longest}."),
    "duration_fits": later("{months} months fit."),
    "partner_twice": later("It is in the consortium twice."),
    "partners_differ": later("Each organisation takes part once."),
    "too_few_organisations": later("Organisations so far: {organisations}. The call asks for {least} or more."),
    "too_many_organisations": later("Organisations so far: {organisations}. The call allows {most}."),
    "organisations_fit": later("{organisations} organisations."),
    "countries_fit": later("Partners from {countries}."),
    "too_few_countries": later("Partners from {countries}; the call asks for {least} countries or more."),
    "not_one_lead": later("Name exactly one lead partner."),
    "lead_of_wrong_kind": later("It leads, but the lead must be one of: {kinds}."),
    "lead_fits": later("It leads."),
    "enough_smes": later("SMEs: {smes}. The call asks for {least}."),
    "perhaps_enough_smes": later("SMEs so far: {smes}, not known yet: {open}. The call asks for {least}."),
    "too_few_smes": later("SMEs: {smes}. The call asks for {least}."),
    "other_consortia_not_said": later("Say whether it is in another consortium of this call."),
    "in_another_consortium": later("It is in another consortium of this call: {others}. The call allows one."),
    "in_no_other_consortium": later("It is in no other consortium."),
    "pays_itself": later("It asks for no grant."),
    "no_such_funder": later("The call has no funder {funder}."),
    "which_funder": later("Say which funder pays: {funders}."),
    "no_funder": later("No funder of the call pays in {country}. It can take part with its own money: a grant of 0."),
    "region_not_said": later("{funder} pays in {regions} only. Say in which region it is."),
    "funder_elsewhere": later("{funder} does not pay there."),
    "funder_pays": later("{funder} pays."),
    "kind_fits": later("{funder} pays for this kind of organisation."),
    "kind_excluded": later("{funder} pays for these only: {kinds}."),
    "size_not_known": later("Its size is not known yet. Say: {missing}."),
    "size_fits": later("It is of size {size}."),
    "size_by_two_years": later("It keeps the size {size}: a change counts after two years in a row."),
    "size_public": later("A quarter or more of it is in public hands, so it is no SME. {funder} pays for: {sizes}."),
    "size_excluded": later("It is of size {size}; {funder} pays for: {sizes}."),
    "activity_not_said": later("Say what it will do. {funder} pays for: {activities}."),
    "activity_excluded": later("{funder} does not pay for {outside}, only for: {activities}."),
    "activity_fits": later("{funder} pays for what it does."),
    "budget_not_complete": later("The budget is not complete: say costs, grant and own money."),
    "lines_do_not_add_up": later("The lines make {lines}, the total says {total}."),
    "money_does_not_add_up": later(
        "Costs are {total}; grant, own and other money differ from that by {difference}. "
        "Change one of them: both have to be the same."
    ),
    "budget_adds_up": later("The budget of {total} adds up."),
    "grant_not_said": later("Say how much it asks for."),
    "grant_too_large": later("It asks for {grant}; {funder} pays {most} at most."),
    "grant_too_small": later("It asks for {grant}; {funder} pays from {least}."),
    "grant_fits": later("The grant of {grant} fits."),
    "rate_not_known": later("How much {funder} pays depends on the size. Say: {missing}."),
    "costs_not_said": later("Say costs and grant."),
    "rate_passed": later("{funder} pays {rate} of the costs: {most} of {costs}. It asks for {grant}."),
    "rate_kept": later("The grant of {grant} is within {rate} of the costs."),
    "regulation_ended": later("The regulation ends on {last_day}. Ask {funder} what holds then."),
    "aid_not_declared": later("Declare all de minimis aid of the last three years, that of linked companies too."),
    "room_left": later("{room} of de minimis aid are left in {member_state} on {day}."),
    "no_room": later(
        "No de minimis aid is left in {member_state} on {day}: {had} were granted, {ceiling} is the ceiling."
    ),
    "within_ceiling": later(
        "With {had} granted before, {grant} stay within the ceiling of {ceiling} in {member_state}."
    ),
    "ceiling_passed": later(
        "{had} were granted before in {member_state}: {room} are left on {day}. It asks for {grant}."
    ),
    "previous_not_said": later("Say which grants it had from {funder} in the last {years} years."),
    "previous_fit": later("{had} grants of {funder} in {years} years; {most} are allowed."),
    "too_many_previous": later("{had} grants of {funder} in {years} years; {most} are allowed."),
}
# What to do where a rule is not kept. What is not known yet says it in its own sentence.
TO_DO: Mapping[str, object] = {
    "too_late": later("Look for another call."),
    "not_open_yet": later("Look for partners meanwhile."),
    "duration_outside": later("Make the project shorter or longer."),
    "partner_twice": later("Take it out once."),
    "too_few_organisations": later("Look for more partners."),
    "too_many_organisations": later("Go on with fewer partners."),
    "too_few_countries": later("Look for a partner in another country."),
    "not_one_lead": later("Agree on who leads."),
    "lead_of_wrong_kind": later("Let another partner lead, or ask your cluster."),
    "too_few_smes": later("Look for partners that are SMEs."),
    "in_another_consortium": later("Choose one of the two consortia."),
    "no_such_funder": later("Choose a funder of this call."),
    "no_funder": later("Take part with your own money, or look for a partner where a funder pays."),
    "funder_elsewhere": later("Take part with your own money, or look for a partner where it pays."),
    "kind_excluded": later("Take part with your own money, or let a partner of that kind do this part."),
    "size_public": later("Take part with your own money, or ask the funder."),
    "size_excluded": later("Take part with your own money, or let a smaller company do this part."),
    "activity_excluded": later("Leave that out, or pay for it yourself."),
    "lines_do_not_add_up": later("Look through the lines and the total."),
    "money_does_not_add_up": later("Change grant, own money or costs until they agree."),
    "grant_too_large": later("Ask for less."),
    "grant_too_small": later("Ask for more, or take part with your own money."),
    "rate_passed": later("Ask for less, or bring more money of your own."),
    "no_room": later("Take part with your own money, or wait until older aid is three years old."),
    "ceiling_passed": later("Ask for no more than what is left."),
    "too_many_previous": later("Take part with your own money."),
}
MISSING: Mapping[str, object] = {
    "headcount": later("how many people it employs"),
    "money": later("its turnover or balance sheet total"),
    "holding": later("the figures of {name}"),
    "headcount_before": later("how many people it employed in the year before"),
    "money_before": later("its turnover or balance sheet total of the year before"),
    "holding_before": later("the figures of {name} for the year before"),
}


def sentence(finding: Finding) -> str:
    """One finding, without the name of whom it is about."""
    money = finding.code in OF_MONEY
    words = {name: _words(name, value, money=money) for name, value in finding.values.items()}
    return str(TEMPLATES[finding.code]).format(**words)


def to_do(finding: Finding) -> str:
    """What to do about a rule that is not kept; blank for one that is, or that nobody can tell yet."""
    return str(TO_DO.get(finding.code, ""))


def _words(name: str, value: object, *, money: bool) -> str:
    if name == "missing" and isinstance(value, tuple):
        return ", ".join(str(MISSING[what]).format(name=of) for what, of in value)
    if isinstance(value, datetime):
        return f"{date_format(value, 'j F Y')}, {value:%H:%M:%S}"
    if isinstance(value, date):
        return date_format(value, "j F Y")
    if isinstance(value, Decimal):
        return _number(name, value, money=money)
    if isinstance(value, list | tuple):
        return ", ".join(_name(name, str(each)) for each in value)
    return _("any") if value is None else _name(name, str(value))


def _number(name: str, value: Decimal, *, money: bool) -> str:
    if name == "rate":
        return share(value)
    return cents(value) if money and name in MONEY else str(number_format(value))


def _name(place: str, code: str) -> str:
    """A code as people know it."""
    if place in ("country", "countries", "member_state"):
        return codelists.countries().get(code, code)
    if place in ("kind", "kinds"):
        return str(KINDS.get(code, code)).lower()
    if place in ("size", "sizes"):
        return str(SIZES.get(code, code)).lower()
    if place == "regions":
        region = codelists.nuts().get(code)
        return region.label if region else code
    return code
