"""What the pages of the ledger show: entries, and the statement of one single undertaking."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from core import codelists
from core.templatetags.portal import money
from funding import aid, papers, register
from funding.eligibility import de_minimis
from funding.models import Aid, Declaration
from members.models import Organisation, User


def entries(user: User) -> QuerySet[Aid]:
    """All entries that a person may see, newest first."""
    rows = Aid.objects.visible_to(user).select_related("organisation", "grant", "reversed_by", "reverses")
    return rows.order_by("-granted_on", "-pk")


def narrowed(found: QuerySet[Aid], *, words: str, state: str, source: str) -> QuerySet[Aid]:
    """By words in names, by Member State and by source."""
    for word in (words or "").split():
        found = found.filter(
            Q(beneficiary__unaccent__icontains=word)
            | Q(organisation__name__unaccent__icontains=word)
            | Q(authority__unaccent__icontains=word)
        )
    found = found.filter(member_state=state) if state else found
    return found.filter(source=source) if source else found


def of_register(found: Iterable[Aid]) -> Iterable[list[str]]:
    """Entries in the fields of the central register, with their head."""
    return register.written(
        register.Entry(
            beneficiary=each.beneficiary,
            beneficiary_id=each.beneficiary_number,
            member_state=each.member_state,
            amount_eur=each.amount_eur,
            granted_on=each.granted_on,
            authority=each.authority,
            instrument=each.instrument,
            nace=each.nace,
        )
        for each in found
    )


class Line(NamedTuple):
    """One entry in a statement, and whether it counts on its day."""

    entry: Aid
    counts: bool


class Statement(NamedTuple):
    """What a single undertaking was granted, and what it may still be granted, on a day."""

    organisation: Organisation
    companies: list[Organisation]
    day: date
    rooms: list[aid.Room]
    lines: list[Line]


def statement(organisation: Organisation, day: date) -> Statement:
    """The statement of an organisation's undertaking on a day; reversed entries are left out."""
    rows = Aid.objects.of(organisation).standing().select_related("organisation", "grant")
    had = aid.aid_of(organisation)
    states = sorted({each.member_state for each in had} | ({organisation.country} if not had else set()) - {""})
    earliest = de_minimis.first_counting_day(day)
    companies = [organisation]
    if organisation.undertaking_id:
        companies = list(Organisation.objects.filter(undertaking=organisation.undertaking_id).by_name())
    return Statement(
        organisation,
        companies,
        day,
        [aid.room_in(had, state, day) for state in states],
        [Line(each, earliest <= each.granted_on <= day) for each in rows.order_by("-granted_on", "-pk")],
    )


def on_paper(found: Statement, *, cluster: str) -> dict[str, object]:
    """The statement in the words of a document."""
    country = codelists.countries()
    day = aid.in_words(found.day)
    rooms = []
    for each in found.rooms:
        later = [
            _("%(left)s from %(day)s") % {"left": money(left), "day": aid.in_words(on)} for on, left in each.returns
        ]
        rooms.append([country.get(each.member_state, each.member_state), money(each.counted), money(each.left),
                      "; ".join(later) or "–"])  # fmt: skip
    lines = [
        [aid.in_words(each.entry.granted_on), each.entry.beneficiary, each.entry.authority,
         each.entry.member_state, money(each.entry.amount_eur), _("yes") if each.counts else _("no")]
        for each in found.lines
    ]  # fmt: skip
    return papers.of_a_day(found.day, cluster) | {
        "title": _("Statement of de minimis aid"),
        "facts": [
            [_("Single undertaking"), ", ".join(each.name for each in found.companies)],
            [_("Day"), day],
            [_("Rule"), _("Regulation (EU) 2023/2831: at most EUR 300,000 from one Member State in three years.")],
        ],
        "tables": [
            {"title": _("What each Member State may still grant"), "empty": _("Nothing was granted."),
             "head": [_("Member State"), _("Granted in three years"), _("Room"), _("More room")], "rows": rooms,
             "right": [1, 2]},
            {"title": _("Aid on the ledger"), "empty": _("There is no entry."),
             "head": [_("Granted on"), _("Beneficiary"), _("Granted by"), _("State"), _("Amount"), _("Counts")],
             "rows": lines, "right": [4]},
        ],
        "notes": [_("Aid that is not on the ledger is not known here. Tell us when something is missing.")],
        "signature": "",
    }  # fmt: skip


def declaration_on_paper(found: Declaration, *, day: date, cluster: str) -> dict[str, object]:
    """A declaration as a document to sign."""
    rows = [
        [aid.in_words(each.granted_on), each.beneficiary, each.authority, each.member_state, each.instrument,
         money(each.amount_eur)]
        for each in found.rows.all()
    ]  # fmt: skip
    organisation = found.organisation
    linked = [each.name for each in organisation.linked_companies.order_by("pk")]
    return papers.of_a_day(day, cluster) | {
        "title": _("Declaration of de minimis aid"),
        "facts": [
            [_("Organisation"), organisation.name],
            [_("Linked companies"), ", ".join(linked) or _("None named")],
            [_("Handed in"), f"{found.handed_in_by}, {aid.in_words(found.handed_in_at.date())}"
             if found.handed_in_at else _("Not yet")],
        ],
        "tables": [
            {"title": _("De minimis aid granted to the single undertaking in the last three years"),
             "empty": _("None was granted."),
             "head": [_("Granted on"), _("Company"), _("Granted by"), _("State"), _("Kind"), _("Amount")],
             "rows": rows, "right": [5]},
        ],
        "notes": [
            _("I declare this for the single undertaking: the organisation and all companies linked with it, as "
              "article 2 (2) of Regulation (EU) 2023/2831 says. It is complete and true to my knowledge."),
        ],
        "signature": _("Place, day, name and signature"),
    }  # fmt: skip
