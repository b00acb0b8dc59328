"""Reports in the room: ordered by managers, made by a worker, read by managers and evaluators, made again."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from core.actions import Refused
from core.models import AuditEvent
from evaluations import reporting
from evaluations.forms.reports import ends_of_quarters
from evaluations.models import Report
from tests.factories.evaluations import ReportFactory, ReportLinkFactory, WaveFactory
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db
LIST, NEW = reverse("evaluations:reports"), reverse("evaluations:new_report")


def text(response):
    return " ".join(response.content.decode().split())


def choices(**more):
    wave = more.pop("wave", None)
    return {
        "kind": "yearly",
        "title": "Across borders",
        "audience": "public",
        "wave": wave,
        "cut_off": ends_of_quarters(timezone.localdate())[0],
    } | more


@pytest.mark.parametrize(
    ("today", "newest"),
    [
        (date(2026, 1, 1), date(2025, 12, 31)),
        (date(2026, 3, 31), date(2025, 12, 31)),
        (date(2026, 4, 1), date(2026, 3, 31)),
        (date(2026, 11, 25), date(2026, 9, 30)),
    ],
)
def test_outcomes_are_counted_up_to_the_end_of_a_quarter_that_is_over(today, newest):
    ends = ends_of_quarters(today)

    assert ends[0] == newest
    assert [(day.month, day.day) in {(3, 31), (6, 30), (9, 30), (12, 31)} for day in ends] == [True] * 12


def test_manager_orders_a_report_and_follows_it(sign_in, manager):
    wave = WaveFactory(closed=True)
    form = choices(wave=wave.pk)
    page = sign_in(manager).post(NEW, form | {"cut_off": form["cut_off"].isoformat()}, follow=True)
    report = Report.objects.get()

    assert (report.wave, report.kind, report.year) == (wave, "yearly", report.cut_off.year)
    assert "The report is being made" in text(page)
    assert 'hx-trigger="every 2s"' in text(page)
    assert AuditEvent.objects.filter(action="evaluations.report_started", actor_id=manager.pk).exists()


def test_form_keeps_what_was_typed_and_says_what_to_do(sign_in, manager):
    page = sign_in(manager).post(NEW, {"title": "Across <b>borders</b>", "kind": "yearly", "cut_off": "2026-02-30"})

    assert 'value="Across &lt;b&gt;borders&lt;/b&gt;"' in text(page)
    assert page.context["form"].errors.keys() == {"cut_off", "audience"}
    assert not Report.objects.exists()


def test_running_wave_is_not_offered_and_not_taken(sign_in, manager):
    running = WaveFactory()
    assert running.name not in text(sign_in(manager).get(NEW))

    with pytest.raises(Refused, match="not closed"):
        reporting.start(by=manager, **choices(wave=running))
    assert not Report.objects.exists()


def test_only_managers_order_stop_and_make_again(sign_in, evaluator, owner):
    report = ReportFactory()
    for user in (evaluator, owner):
        client = sign_in(user)
        for name in ("stop_report", "make_report_again", "report_links"):
            assert client.post(reverse(f"evaluations:{name}", args=[report.pk])).status_code == 403
        assert client.get(NEW).status_code == 403
        with pytest.raises(PermissionDenied):
            reporting.start(by=user, **choices())

    assert Report.objects.count() == 1


def test_evaluators_read_reports_and_members_do_not(sign_in, evaluator, owner):
    done, waiting = ReportFactory(in_house=True), ReportFactory(queued=True, title="Not made yet")

    page = sign_in(evaluator).get(LIST)
    assert done.title in text(page)
    assert waiting.title not in text(page)
    assert NEW not in text(page)
    page = sign_in(evaluator).get(done.get_absolute_url())
    assert "Time is the barrier most named" in text(page)
    assert "Make it again" not in text(page)
    assert sign_in(owner).get(LIST).status_code == 403
    assert sign_in(owner).get(done.get_absolute_url()).status_code == 403


def test_report_on_the_page_says_what_the_paper_says(sign_in, manager):
    page = text(sign_in(manager).get(ReportFactory().get_absolute_url()))

    for words in ("Lack of time", "76 of 124", "61 %", "By size class", "Tallinn", "Portal 0.1.0"):
        assert words in page
    assert page.count("too few to show") == 8
    assert page.count('class="is"') == 9  # a hidden cell has no bar


def test_words_of_people_stay_words_on_the_page(sign_in, manager):
    report = ReportFactory(title="<script>alert(1)</script>")
    report.content["sections"][3]["parts"][0]["items"][0]["text"] = "<img src=x onerror=alert(1)>"
    report.save()

    page = text(sign_in(manager).get(report.get_absolute_url()))
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    assert "<script>alert" not in page


def test_list_takes_the_same_number_of_queries(sign_in, manager):
    client = sign_in(manager)
    assert_constant_queries(
        lambda: client.get(LIST),
        lambda: ReportLinkFactory(report__wave=WaveFactory(closed=True)),
        at_most=14,
        shows=lambda page: len(page.context["page"].object_list),
    )


def test_empty_list_says_what_to_do(sign_in, manager, evaluator):
    assert "A report is made in a minute" in text(sign_in(manager).get(LIST))
    assert "The cluster team makes them" in text(sign_in(evaluator).get(LIST))
