"""Benchmarks that people bring: every line is taken over or kept with the reason why not."""

from django.db import transaction
from django.utils.translation import gettext as _

from core.actions import Refused, record
from evaluations import instrument, references
from evaluations.models import Benchmark, BenchmarkImport, QuestionnaireVersion, RefusedBenchmark
from evaluations.permissions import can_read_results, can_withdraw
from evaluations.references import Fault, Reference, Refusal
from evaluations.tabulating import RESPONSE
from members.models import User
from members.permissions import insist

HERE_ALREADY = Fault("here_already", {})


@transaction.atomic
def bring(*, file_name: str, data: bytes, by: User) -> BenchmarkImport:
    """Reads a file of benchmarks: what can be used stands beside results from now on."""
    insist(can_read_results(by))
    brought = BenchmarkImport.objects.create(file_name=file_name[:255], by=by)
    taken, refused = _take(brought, data)
    record("evaluations.benchmarks_brought", by=by, on=brought, taken=taken, refused=refused)
    return brought


@transaction.atomic
def try_again(*, brought: BenchmarkImport, by: User) -> int:
    """Reads the refused lines once more: a question may have come since. How many were taken over."""
    insist(can_read_results(by))
    current = BenchmarkImport.objects.select_for_update(no_key=True).get(pk=brought.pk)
    lines = dict(current.refusals.exclude(raw="").order_by("line").values_list("line", "raw"))
    if not lines:
        raise Refused(_("There is no line to read again. Correct the file and bring it anew."))
    current.refusals.exclude(raw="").delete()
    taken, refused = _take(current, references.as_file(lines.values()), list(lines))
    record("evaluations.benchmarks_read_again", by=by, on=current, taken=taken, refused=refused)
    return taken


@transaction.atomic
def withdraw(*, brought: BenchmarkImport, by: User) -> None:
    """Takes a file back: its benchmarks stand beside nothing any more."""
    insist(can_withdraw(by, brought))
    record("evaluations.benchmarks_withdrawn", by=by, on=brought, benchmarks=brought.benchmarks.count())
    brought.delete()


def _take(brought: BenchmarkImport, data: bytes, places: list[int] | None = None) -> tuple[int, int]:
    """`places`: the lines of the first file that the lines of this one stood in."""
    reading = references.read(data, known_questions())
    taken: list[Reference] = []
    refused = list(reading.refusals)
    here = {each.identity for each in references.shipped()}
    here |= set(Benchmark.objects.values_list("question", "option", "group", "year", "source"))
    for line, reference in reading.references:
        if reference.identity in here:
            refused.append(Refusal(line, HERE_ALREADY, references.line_of(cells_of(reference))))
        else:
            taken.append(reference)
    Benchmark.objects.bulk_create(_row(each, brought) for each in taken)
    RefusedBenchmark.objects.bulk_create(
        RefusedBenchmark(
            brought_by=brought,
            line=places[each.line - 2] if places and each.line >= 2 else each.line,
            reason=str(each.fault)[:300],
            raw=each.raw,
        )
        for each in refused
    )
    return len(taken), len(refused)


def known_questions() -> frozenset[str]:
    """What a benchmark may stand beside: facets, keys of published questions, and what the portal's own ones name."""
    published = QuestionnaireVersion.objects.filter(status=QuestionnaireVersion.Status.PUBLISHED)
    contents = published.values_list("content", flat=True)
    keys = {question.get("key", "") for content in contents for question in content.get("questions", ())}
    shipped = {each.question for each in references.shipped()}
    return frozenset({*instrument.FACETS, *keys, *shipped, RESPONSE} - {""})


def cells_of(reference: Reference) -> dict[str, str]:
    """A benchmark as the cells of a file."""
    cells = {name: str(getattr(reference, name)) for name in references.COLUMNS}
    return cells | {"value": f"{reference.value * 100:g} %", "n": str(reference.n or "")}


def _row(reference: Reference, brought: BenchmarkImport) -> Benchmark:
    values = {name: getattr(reference, name) for name in references.COLUMNS}
    return Benchmark(brought_by=brought, **values)
