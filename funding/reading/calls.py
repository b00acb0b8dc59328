"""The public page of a call: who pays for what, the rules in sentences, the dates, and how it goes on."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import codelists
from core.clocks import moment_in
from core.templatetags.portal import cents
from funding.models import Criterion, Funder, FundingCall, Question
from funding.reading.call_parts import anchors
from funding.reading.money import rates_by_size, share
from members.models import Organisation, SizeClass

Shown = dict[str, object]
SOON = 14  # days
KINDS = dict(Organisation.Kind.choices)
SIZES = dict(SizeClass.choices)


def page(call: FundingCall) -> Shown:
    """Everything that the page shows, in a constant number of queries."""
    funders = list(call.funders.prefetch_related("activity_types"))
    questions = list(call.questions.select_related("funder"))
    days = days_until(call)
    return {
        "dates": dates(call),
        "deadline_days": days,
        "is_soon": days is not None and days <= SOON,
        "columns": [{"label": each} for each in (_("Funder"), _("Pays for"), _("Grant"), _("Budget"))],
        "funders": [_row(call, each) for each in funders],
        "own_rules": [own for each in funders if (own := _own_rules(each))],
        "rules": list(rules(call)),
        "criteria": [_criterion(each) for each in call.criteria.select_related("funder")],
        "questions": [_question(each) for each in questions if each.asked_of == Question.AskedOf.CONSORTIUM],
        "partner_questions": [_question(each) for each in questions if each.asked_of == Question.AskedOf.PARTNER],
        "categories": list(call.cost_categories.all()),
        "steps": steps(call),
        "corrections": list(call.corrections.all()),
        "documents": list(call.documents.all()),
    }


def rows(calls: Iterable[FundingCall]) -> list[Shown]:
    """The calls of a list, with their funders fetched."""
    names = codelists.countries()
    shown = []
    for call in calls:
        funders = call.funders.all()
        opens = call.phase in (FundingCall.Phase.ANNOUNCED, FundingCall.Phase.DRAFT)
        told = _("Opens %(at)s") if opens else _("Deadline %(at)s")
        shown.append(
            {
                "call": call,
                "days": days_until(call),
                "countries": ", ".join(sorted({names.get(each.member_state, each.member_state) for each in funders})),
                "budget": cents(sum((each.budget_eur for each in funders), Decimal(0))) if funders else "",
                "when": told % {"at": moment_in(call.opens_at if opens else call.deadline, call.time_zone)},
            }
        )
    return shown


def days_until(call: FundingCall) -> int | None:
    """Days left until the deadline, by the call's own calendar; None when it takes no applications yet or any more."""
    if call.phase != FundingCall.Phase.OPEN:
        return None
    return (call.deadline.astimezone(call.zone).date() - timezone.now().astimezone(call.zone).date()).days


def dates(call: FundingCall) -> list[Shown]:
    """For the side of the page."""
    return [
        {"label": _("Opens"), "value": moment_in(call.opens_at, call.time_zone)},
        {"label": _("Deadline"), "value": moment_in(call.deadline, call.time_zone)},
        {"label": _("Decisions"), "value": _("planned for %(day)s") % {"day": date_format(call.granting_on, "j F Y")}},
        {"label": _("Ask"), "value": call.contact_email, "url": f"mailto:{call.contact_email}"},
    ]


# Who pays


def where(funder: Funder) -> str:
    """Its country, and the regions in it where it pays."""
    country = codelists.countries().get(funder.member_state, funder.member_state)
    regions = codelists.nuts()
    names = [regions[code].label if code in regions else code for code in funder.regions]
    return f"{country}: {', '.join(names)}" if names else country


def _row(call: FundingCall, funder: Funder) -> list[Shown]:
    whom = ", ".join(str(KINDS[each]) for each in funder.kinds) or _("All kinds of organisation")
    if funder.sizes:
        whom += ". " + _("Companies: %(sizes)s") % {
            "sizes": ", ".join(str(SIZES[each]).lower() for each in funder.sizes)
        }
    return [
        {"value": f"{funder.name} ({where(funder)})"},
        {"label": _("Pays for"), "value": f"{whom}. {_activities(funder)}"},
        {"label": _("Grant"), "value": " ".join(_grant(funder))},
        {"label": _("Budget"), "value": cents(funder.budget_eur)},
    ]


def _activities(funder: Funder) -> str:
    named = [each.name for each in funder.activity_types.all()]
    return _("Only: %(activities)s.") % {"activities": ", ".join(named)} if named else _("All that the call allows.")


def _grant(funder: Funder) -> Iterator[str]:
    least, most = cents(funder.smallest_grant_eur), cents(funder.largest_grant_eur)
    if least and most:
        yield _("%(least)s to %(most)s a partner.") % {"least": least, "most": most}
    elif least or most:
        yield (_("From %(least)s a partner.") if least else _("Up to %(most)s a partner.")) % {
            "least": least,
            "most": most,
        }
    yield _("At most %(share)s of the costs.") % {"share": share(funder.rate)}
    yield from rates_by_size(funder)
    if funder.is_de_minimis:
        yield _("De minimis aid.")


def _own_rules(funder: Funder) -> Shown | None:
    said = []
    if funder.most_previous_grants is not None:
        told = ngettext(
            "At most %(n)s grant of this funder in the last %(years)s years.",
            "At most %(n)s grants of this funder in the last %(years)s years.",
            funder.most_previous_grants,
        )
        said.append(told % {"n": funder.most_previous_grants, "years": funder.previous_grants_years})
    if not said and not funder.criteria and not funder.contact_email:
        return None
    return {"name": funder.name, "said": said, "criteria": funder.criteria, "email": funder.contact_email}


# The rules of the consortium


def rules(call: FundingCall) -> Iterator[str]:
    """How a consortium has to look, in sentences."""
    least, most = call.least_organisations, call.most_organisations
    if most == least:
        yield ngettext("Exactly %(n)s organisation.", "Exactly %(n)s organisations.", least) % {"n": least}
    elif most:
        yield _("%(least)s to %(most)s organisations.") % {"least": least, "most": most}
    else:
        yield ngettext("%(n)s organisation or more.", "%(n)s organisations or more.", least) % {"n": least}
    if call.least_countries > 1:
        yield _("They come from %(n)s countries or more.") % {"n": call.least_countries}
    if call.least_smes:
        yield ngettext("At least %(n)s of them is an SME.", "At least %(n)s of them are SMEs.", call.least_smes) % {
            "n": call.least_smes
        }
    if call.lead_kinds:
        kinds = ", ".join(str(KINDS[each]).lower() for each in call.lead_kinds)
        yield _("The lead is one of these: %(kinds)s.") % {"kinds": kinds}
    if call.one_consortium_only:
        yield _("Each organisation takes part in one consortium only.")
    if months := _months(call):
        yield months
    yield _("Each partner has a funder in its own country, or takes part with its own money.")


def _months(call: FundingCall) -> str:
    words = {"least": call.shortest_months, "most": call.longest_months}
    if call.shortest_months and call.longest_months:
        return _("The project takes %(least)s to %(most)s months.") % words
    if call.shortest_months:
        return _("The project takes %(least)s months or more.") % words
    return _("The project takes %(most)s months at most.") % words if call.longest_months else ""


def _criterion(criterion: Criterion) -> Shown:
    return {
        "name": criterion.name,
        "asks": criterion.asks,
        "funder": criterion.funder,
        "most": criterion.most,
        "weight": f"{criterion.weight.normalize():f}",
        "threshold": "" if criterion.threshold is None else f"{criterion.threshold.normalize():f}",
        "anchors": [{"label": score, "value": words} for score, words in anchors(criterion)],
    }


def _question(question: Question) -> Shown:
    told = [] if question.is_required else [_("optional")]
    if question.most_words:
        told.append(ngettext("%(n)s word", "%(n)s words", question.most_words) % {"n": question.most_words})
    if question.funder:
        told.append(_("only partners of %(funder)s") % {"funder": question.funder})
    return {"text": question.text, "help": question.help, "facts": told, "options": question.options}


def steps(call: FundingCall) -> list[Shown]:
    """How it goes on, in order; what has passed is marked."""
    now, today = timezone.now(), timezone.now().astimezone(call.zone).date()
    zone = call.time_zone
    appeal = call.granting_on + timedelta(days=call.appeal_days)
    found = [
        (_("The call opens"), moment_in(call.opens_at, zone), call.opens_at <= now),
        (_("Deadline for applications"), moment_in(call.deadline, zone), call.deadline < now),
    ]
    if call.review_until:
        found.append((_("Reviewers are done"), moment_in(call.review_until, zone), call.review_until < now))
    found.append((_("Decisions and letters"), date_format(call.granting_on, "j F Y"), call.granting_on < today))
    if call.appeal_days:
        found.append((_("Last day to object"), date_format(appeal, "j F Y"), appeal < today))
    return [{"label": label, "value": when, "note": _("past") if is_past else ""} for label, when, is_past in found]
