"""Bringing benchmarks: what is taken over, what is refused, and taken up or back again."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.models import AuditEvent
from evaluations import references
from evaluations.models import Benchmark, BenchmarkImport, RefusedBenchmark
from members.models import User
from tests.evaluations import grounds
from tests.factories.evaluations import VersionFactory

pytestmark = pytest.mark.django_db
BRING = "/evaluations/benchmarks/bring/"
HEAD = "question,option,group,value,n,year,source_url,base,label,source"
GOOD = "barriers,time,,41,320,2026,https://figures.example/time,Firms asked,Lack of time,Baltic panel"
BAD = "barriers,money,,lots,320,2026,https://figures.example/money,Firms asked,Lack of money,Baltic panel"


def file(*lines: str, name: str = "panel.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, "\n".join((HEAD, *lines)).encode())


def text(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


@pytest.fixture
def reader(request, manager, evaluator) -> User:
    return {"manager": manager, "evaluator": evaluator}[request.param]


@pytest.mark.parametrize("reader", ["manager", "evaluator"], indirect=True)
def test_file_is_taken_over_line_by_line(sign_in, reader):
    page = text(sign_in(reader).post(BRING, {"file": file(GOOD, BAD)}, follow=True))
    brought = BenchmarkImport.objects.get()

    assert "1 benchmark was taken over. 1 line could not be used." in page
    assert "“lots” in value is not a number." in page
    benchmark = brought.benchmarks.get()
    assert (benchmark.question, benchmark.option, benchmark.value, benchmark.n) == ("barriers", "time", 0.41, 320)
    refused = brought.refusals.get()
    assert (refused.line, "lots" in refused.raw) == (3, True)
    event = AuditEvent.objects.get(action="evaluations.benchmarks_brought")
    assert (event.actor_id, event.details) == (reader.pk, {"taken": 1, "refused": 1})


def test_brought_benchmark_stands_beside_its_bar(sign_in, manager):
    wave = grounds.prepared()
    client = sign_in(manager)
    client.post(BRING, {"file": file(GOOD)})
    page = text(client.get(f"/evaluations/results/{wave.slug}/barriers/"))
    listed = text(client.get("/evaluations/benchmarks/"))

    assert '<span class="beside-value">41 %</span> Lack of time<br>' in page
    assert "2026. Firms asked, n = 320." in page
    assert '"marks": [{"label": "Option time", "value": 0.41, "text": "41 %, Baltic panel, 2026"}]' in page
    assert "panel.csv" in listed
    assert "Enterprise Europe Network, client survey" in listed


def test_same_file_twice_takes_nothing_over_the_second_time(sign_in, manager):
    client = sign_in(manager)
    client.post(BRING, {"file": file(GOOD)})
    page = text(client.post(BRING, {"file": file(GOOD)}, follow=True))

    assert "This figure of this source is here already." in page
    assert Benchmark.objects.count() == 1


def test_figure_that_comes_with_the_portal_is_not_taken_twice(sign_in, manager):
    shipped = references.SHIPPED.read_bytes()
    page = text(sign_in(manager).post(BRING, {"file": SimpleUploadedFile("again.csv", shipped)}, follow=True))

    assert "0 benchmarks were taken over. 35 lines could not be used." in page


def test_refused_lines_are_read_again_when_their_question_has_come(sign_in, manager):
    client = sign_in(manager)
    line = GOOD.replace("barriers", "winter_work")
    client.post(BRING, {"file": file(BAD, line)})
    brought = BenchmarkImport.objects.get()
    assert brought.benchmarks.count() == 0

    VersionFactory(content=grounds.content(key="winter_work"))
    page = text(client.post(f"/evaluations/benchmarks/{brought.pk}/again/", follow=True))

    assert "1 line was taken over." in page
    assert brought.benchmarks.get().question == "winter_work"
    assert list(brought.refusals.values_list("line", flat=True)) == [2]


def test_reading_again_with_nothing_left_says_what_to_do(sign_in, manager):
    client = sign_in(manager)
    client.post(BRING, {"file": SimpleUploadedFile("no.csv", b"question\nbarriers")})
    brought = BenchmarkImport.objects.get()
    page = text(client.post(f"/evaluations/benchmarks/{brought.pk}/again/", follow=True))

    assert "There is no line to read again. Correct the file and bring it anew." in page
    assert "The first line must name the columns" in page


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("empty.csv", b"", "This file is empty. Choose another one."),
        ("large.csv", b"x" * (2 * 1024 * 1024 + 1), "This file is larger than 2 MB."),
    ],
)
def test_file_that_cannot_be_read_keeps_the_form(sign_in, manager, name, data, reason):
    page = text(sign_in(manager).post(BRING, {"file": SimpleUploadedFile(name, data)}))

    assert reason in page
    assert not BenchmarkImport.objects.exists()


def test_page_names_no_script_that_a_file_brings(sign_in, manager):
    line = GOOD.replace("Lack of time", "<script>alert(1)</script>").replace("Baltic", "=HYPERLINK(1)")
    client = sign_in(manager)
    client.post(BRING, {"file": file(line, BAD.replace("lots", "<b>lots</b>"))})
    pages = text(client.get("/evaluations/benchmarks/")) + text(
        client.get(f"/evaluations/benchmarks/{BenchmarkImport.objects.get().pk}/")
    )

    assert "<script>alert" not in pages
    assert "<b>lots" not in pages


def test_file_is_taken_back_by_who_brought_it_or_a_manager_alone(sign_in, manager, evaluator):
    sign_in(manager).post(BRING, {"file": file(GOOD, BAD)})
    brought = BenchmarkImport.objects.get()
    path = f"/evaluations/benchmarks/{brought.pk}/withdraw/"

    refused = sign_in(evaluator).post(path)
    assert refused.status_code == 403
    assert Benchmark.objects.exists()
    assert "withdraw" not in text(sign_in(evaluator).get(f"/evaluations/benchmarks/{brought.pk}/"))

    sign_in(manager).post(path)
    assert not Benchmark.objects.exists()
    assert not RefusedBenchmark.objects.exists()
    assert AuditEvent.objects.filter(action="evaluations.benchmarks_withdrawn").count() == 1


@pytest.mark.parametrize("path", ["", "bring/", "1/"])
def test_members_bring_nothing(sign_in, owner, path):
    client = sign_in(owner)

    assert client.get(f"/evaluations/benchmarks/{path}").status_code == 403
    assert client.post(BRING, {"file": file(GOOD)}).status_code == 403
    assert not BenchmarkImport.objects.exists()
