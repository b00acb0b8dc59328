"""Files of the central register: every line is taken over or kept with the reason why not."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from core.actions import Refused, record
from funding import register
from funding.actions import aid
from funding.models import Aid, Partner, RefusedAid, RegisterImport
from funding.permissions import can_run_calls
from members.models import LinkedCompany, Organisation, User
from members.permissions import insist

UNKNOWN = "No organisation here has this name or number. Add it or link it, then read the line again."
IN_THE_FUTURE = "The day of granting is in the future."
HERE_ALREADY = "The same aid stands on the ledger already."
TAKEN_BACK = (
    "Read before, and reversed on %(day)s: “%(reason)s”. It stays reversed. If it counts after all, enter it by hand."
)


@transaction.atomic
def bring(*, file_name: str, data: bytes, by: User) -> RegisterImport:
    """Reads a file of the register: what can be used stands on the ledger from now on."""
    insist(can_run_calls(by))
    brought = RegisterImport.objects.create(file_name=file_name[:255], by=by)
    taken, refused = _take(brought, data, by)
    record("funding.register_brought", by=by, on=brought, taken=taken, refused=refused)
    return brought


@transaction.atomic
def try_again(*, brought: RegisterImport, by: User) -> int:
    """Reads the refused lines once more: an organisation may have come since. How many were taken over."""
    insist(can_run_calls(by))
    current = RegisterImport.objects.select_for_update(no_key=True).get(pk=brought.pk)
    lines = dict(current.refusals.exclude(raw="").order_by("line").values_list("line", "raw"))
    if not lines:
        raise Refused(_("There is no line to read again. Correct the file and bring it anew."))
    current.refusals.exclude(raw="").delete()
    taken, refused = _take(current, register.as_file(lines.values()), by, list(lines))
    record("funding.register_read_again", by=by, on=current, taken=taken, refused=refused)
    return taken


def _take(brought: RegisterImport, data: bytes, by: User, places: list[int] | None = None) -> tuple[int, int]:
    """`places`: the lines of the first file that the lines of this one stood in."""
    entries, refused = register.read(data)
    known = _organisations([entry for _line, entry, _raw in entries])
    taken = 0
    for line, entry, raw in entries:
        if reason := _enter(brought, entry, known, by):
            refused.append(register.Refusal(line, reason, raw))
        else:
            taken += 1
    RefusedAid.objects.bulk_create(
        RefusedAid(
            brought_by=brought,
            line=places[each.line - 2] if places and each.line >= 2 else each.line,
            reason=each.reason[:300],
            raw=each.raw,
        )
        for each in refused
    )
    return taken, len(refused)


def _enter(brought: RegisterImport, entry: register.Entry, known: dict[str, Organisation], by: User) -> str:
    """Puts a line on the ledger; or says why not."""
    if entry.granted_on > timezone.localdate():
        return IN_THE_FUTURE
    organisation = known.get(_number(entry)) or known.get(_folded(entry.beneficiary))
    if organisation is None:
        return UNKNOWN
    if taken_back := _taken_back(organisation, entry):
        return taken_back
    entered = aid.enter(
        organisation=organisation,
        source=Aid.Source.REGISTER,
        beneficiary=entry.beneficiary,
        beneficiary_number=entry.beneficiary_id,
        member_state=entry.member_state,
        authority=entry.authority,
        amount_eur=entry.amount_eur,
        granted_on=entry.granted_on,
        instrument=entry.instrument,
        nace=entry.nace,
        brought_by=brought,
        by=by,
    )
    return "" if entered else HERE_ALREADY


def _taken_back(organisation: Organisation, entry: register.Entry) -> str:
    """Why a line that was read once and reversed since is skipped: the register still has it, the ledger said no."""
    rows = Aid.objects.of(organisation).filter(
        member_state=entry.member_state, amount_eur=entry.amount_eur, granted_on=entry.granted_on
    )
    if rows.standing().exists():
        return ""
    read = rows.filter(source=Aid.Source.REGISTER, reversed_by__isnull=False)
    last = read.select_related("reversed_by").order_by("-reversed_by__entered_at")
    if (found := last.first()) is None:
        return ""
    day = date_format(timezone.localdate(found.reversed_by.entered_at), "j F Y")
    return TAKEN_BACK % {"day": day, "reason": Truncator(found.reversed_by.reason).chars(160)}


def _organisations(entries: Iterable[register.Entry]) -> dict[str, Organisation]:
    """Which organisation each beneficiary is, by registration number or name; linked companies count through theirs."""
    numbers = {each.beneficiary_id for each in entries} - {""}
    found = {_folded(each.name): each for each in Organisation.objects.filter(is_home=False).select_related("profile")}
    parts = Partner.objects.filter(registration_number__in=numbers, organisation__isnull=False)
    for part in parts.select_related("organisation__profile"):
        found[f"#{part.registration_number}"] = part.organisation
    for linked in LinkedCompany.objects.exclude(settled_at=None).select_related(
        "organisation__profile", "is_organisation__profile"
    ):
        through = linked.is_organisation or linked.organisation
        found.setdefault(_folded(linked.name), through)
        if linked.registration_number:
            found.setdefault(f"#{linked.registration_number}", through)
    return found


def _number(entry: register.Entry) -> str:
    return f"#{entry.beneficiary_id}"


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())
