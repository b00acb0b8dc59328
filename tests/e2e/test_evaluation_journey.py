"""An evaluation in real browsers: a template, phones of those who answer, protected figures, a report for a funder."""

import json
import os
import re
import signal
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from itertools import cycle

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from cluster_portal.sample import load
from core.models import Mail
from evaluations.models import Invitee, Preparation, Query, Report, ReportLink, Response, Wave
from members.models import User
from tests.client import CheckingClient
from tests.evaluations.surveys import HELPED, back_in_time
from tests.processes import Running, wait_until

pytestmark = pytest.mark.slow
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
IN_SECONDS = 60_000
WAVE = "Across borders, this year"
QUESTION = "What holds you back most from work in other countries?"
ANSWERS = 26  # by the same form without a browser
BARRIERS = (["time"], ["time", "money"], ["time", "skills"], ["time", "contacts", "regulation"])
STEPS = ("not_at_all", "a_little", "much", "much", "very_much")

Visit = Callable[..., Page]


@pytest.fixture
def people(transactional_db) -> dict[str, User]:
    """A cluster manager and an evaluator; the members' owners agreed to be asked when they were invited."""
    load.organisations()
    emails = ("ylva.stromqvist@havsbris.example", "agnieszka.wroblewska@havsbris.example")
    return {email.partition(".")[0]: User.objects.get(email=email) for email in emails}


def test_from_a_template_to_the_funders_report(visit: Visit, worker: Running, people: dict[str, User]) -> None:
    desk = visit(people["ylva"], "/evaluations/questionnaires/templates/t1/")
    make_questionnaire(desk)
    wave = send_wave(desk)
    paths = links_of(wave, "survey", Invitee.objects.filter(wave=wave).count())
    half, stops, *others = paths

    phone = visit(None, half, **PHONE)
    answer_half(phone)
    say_no(visit(None, stops, **PHONE))
    answer_without_a_browser(others[:ANSWERS])
    desk.reload()
    expect(desk.get_by_text("Answers", exact=True).first).to_be_visible()
    assert wave.invitees.filter(has_answered=True).count() == ANSWERS

    remind(desk, wave, silent=len(others) - ANSWERS + 1)
    resume_and_hand_in(phone, half)
    close(desk, wave, worker)
    look_at_results(desk, wave)
    evaluator = visit(people["agnieszka"], f"/evaluations/results/{wave.slug}/barriers/")
    see_protected_and_build_a_table(evaluator, wave)

    report = make_report(desk, wave)
    read_pdf(desk, report)
    share(desk, visit, report)


# The manager asks


def make_questionnaire(desk: Page) -> None:
    desk.get_by_role("link", name="Make your own").click()
    desk.get_by_label("Name").fill("Yearly question to our members")
    desk.get_by_role("button", name="Make the draft").click()
    desk.wait_for_url("**/draft/")
    desk.get_by_role("link", name="What holds you back most from working with other countries?").click()
    desk.locator("textarea, input[type=text]").and_(desk.get_by_label("English")).first.fill(QUESTION)
    desk.get_by_role("button", name="Save", exact=True).click()
    expect(desk.get_by_role("link", name=QUESTION)).to_be_visible()
    desk.get_by_role("link", name="Preview").click()
    expect(desk.get_by_text(QUESTION)).to_be_visible()
    desk.go_back()
    desk.get_by_role("button", name="Publish version 1").click()
    expect(desk.get_by_text("Published on")).to_be_visible()


def send_wave(desk: Page) -> Wave:
    desk.goto("/evaluations/waves/new/")
    desk.get_by_label("Name").fill(WAVE)
    desk.get_by_text("Only some of them").click()
    for size in ("Micro", "Small", "Medium"):
        desk.get_by_label(size, exact=False).first.check()
    desk.get_by_role("button", name="Save and see whom it asks").click()
    expect(desk.get_by_text("Nobody has been asked yet.")).to_be_visible()
    expect(desk.get_by_role("heading", name="Who cannot be asked, and why")).to_be_visible()
    assert not Mail.objects.filter(kind="survey").exists()
    desk.get_by_text("Open and send the mails").click()
    desk.get_by_role("button", name="Open now").click()
    expect(desk.get_by_role("heading", name="Who is missing, by group")).to_be_visible()
    wave = Wave.objects.get(name=WAVE)
    assert set(wave.invitees.values_list("size_class", flat=True)) == {"micro", "small", "medium"}
    return wave


def links_of(wave: Wave, kind: str, number: int) -> list[str]:
    """What the worker has mailed: the signed links."""
    mails = Mail.objects.filter(kind=kind, status=Mail.Status.SENT).order_by("pk")
    wait_until(lambda: mails.count() == number, seconds=60, why=lambda: f"{mails.count()} of {number} mails")
    found = [re.search(r"https://portal\.example(/evaluations/p/[^/\s]+/)\s", mail.text) for mail in mails]
    return [match[1] for match in found]


def remind(desk: Page, wave: Wave, *, silent: int) -> None:
    back_in_time(wave, days=4)
    desk.reload()
    desk.get_by_role("button", name="Remind who is silent").click()
    expect(desk.get_by_text("reminder").first).to_be_visible()
    assert len(links_of(wave, "survey-reminder", silent)) == silent


# Members answer


def answer_half(page: Page) -> None:
    """In Swedish, as Swedish companies are asked; each tap is saved, and the rest comes later."""
    expect(page.get_by_role("button", name="Lämna in")).to_be_visible()
    page.get_by_label("Färre än 10").check()
    page.get_by_label("Brist på tid").check()
    expect(page.locator("#state")).to_contain_text("2 av 5 besvarade")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Spara och fortsätt senare").click()
    expect(page.get_by_text("Sparat. Ni kan fortsätta senare med samma länk.")).to_be_visible()
    page.close()


def say_no(page: Page) -> None:
    page.get_by_role("link", name="Vi svarar inte den här gången").click()
    page.get_by_role("button", name="Vi svarar inte").click()
    expect(page.get_by_role("heading", name="Noterat: inte den här gången")).to_be_visible()


def answer_without_a_browser(paths: list[str]) -> None:
    barriers, steps = cycle(BARRIERS), cycle(STEPS)
    for number, path in enumerate(paths):
        said = {
            "q-size_class": ("micro", "small")[number % 2],
            "q-barriers": next(barriers),
            **{f"q-helped-{row}": next(steps) for row in HELPED},
            "q-role": ["scout"],
            "q-results": ["contact", "knowledge"][: 1 + number % 2],
        }
        page = CheckingClient().post(path, said | {"seen": json.dumps({}), "hand_in": "1"})
        assert page.headers["Location"] == f"{path}thanks/"


def resume_and_hand_in(page: Page, path: str) -> None:
    page = page.context.new_page()
    page.goto(path)
    expect(page.get_by_label("Färre än 10")).to_be_checked()
    expect(page.get_by_label("Brist på tid")).to_be_checked()
    page.get_by_role("button", name="Lämna in").click()
    expect(page.locator(".error-summary")).to_contain_text("saker behöver ses över")
    for row in HELPED:
        page.locator(f"[name='q-helped-{row}'][value='much']").check()
    page.locator("[name='q-role'][value='scout']").check()
    page.locator("[name='q-results'][value='contact']").check()
    page.get_by_role("button", name="Lämna in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tack. Era svar har kommit in.")


# The end, and what comes of it


def close(desk: Page, wave: Wave, worker: Running) -> None:
    """The worker is held for a moment, so that somebody sees it at work."""
    desk.goto(wave.get_absolute_url())
    os.kill(worker.process.pid, signal.SIGSTOP)
    try:
        desk.locator("summary", has_text="Close the wave").click()
        desk.get_by_role("button", name="Close it for ever").click()
        expect(desk.get_by_text("Closed. Nobody can tell any more whose an answer is.")).to_be_visible()
        desk.get_by_role("link", name="See the results").click()
        expect(desk.get_by_text("The figures are being made and protected")).to_be_visible()
    finally:
        os.kill(worker.process.pid, signal.SIGCONT)
    assert Response.objects.filter(wave=wave, is_complete=True).count() == ANSWERS + 1
    assert Response.objects.filter(wave=wave).count() == ANSWERS + 1


def look_at_results(desk: Page, wave: Wave) -> None:
    desk.get_by_role("link", name="Show the figures").click(timeout=IN_SECONDS)
    assert Preparation.objects.get(wave=wave).status == Preparation.Status.DONE
    expect(desk.get_by_text(QUESTION).first).to_be_visible()
    expect(desk.get_by_text(re.compile(rf"{ANSWERS + 1} of \d+|n = {ANSWERS + 1}")).first).to_be_visible()
    assert desk.evaluate("document.documentElement.scrollWidth <= innerWidth")


def see_protected_and_build_a_table(page: Page, wave: Wave) -> None:
    expect(page.get_by_text(QUESTION).first).to_be_visible()
    assert page.goto(wave.get_absolute_url()).status == 403
    page.goto("/evaluations/tables/")
    page.get_by_label("Question").select_option(label=QUESTION)
    page.locator("[name=dimensions][value=size_class]").check()
    page.get_by_role("button", name="Show the table").click()
    expect(page.get_by_text("Too few answered in these groups.").first).to_be_visible()
    page.locator("[name=dimensions][value=size_class]").uncheck()
    page.get_by_role("button", name="Show the table").click()
    page.get_by_role("link", name="Read it").click(timeout=IN_SECONDS)
    expect(page.get_by_role("columnheader", name="Answer")).to_be_visible()
    assert Query.objects.get().by.email.startswith("agnieszka.")


def make_report(desk: Page, wave: Wave) -> Report:
    desk.goto("/evaluations/reports/new/")
    desk.locator("input[name=kind][value=yearly]").check()
    desk.locator("input[name=audience][value=public]").check()
    desk.get_by_label("Title").fill("Across borders: what members say")
    desk.locator("select[name=wave]").select_option(label=WAVE)
    desk.get_by_role("button", name="Make the report").click()
    desk.get_by_role("link", name="Read it").click(timeout=IN_SECONDS)
    expect(desk.get_by_role("heading", level=1)).to_have_text("Across borders: what members say")
    return Report.objects.get()


def read_pdf(desk: Page, report: Report) -> None:
    told = downloaded(desk)
    assert "Across borders: what members say" in told
    assert QUESTION in told
    assert f"{ANSWERS + 1}" in told
    assert not [each.company for each in Invitee.objects.all() if each.company in told]


def downloaded(page: Page) -> str:
    """What stands in the PDF that the page's button leads to, as this reader gets it."""
    answer = page.context.request.get(page.get_by_role("link", name="PDF").get_attribute("href"))
    assert answer.headers["content-type"] == "application/pdf"
    return " ".join(" ".join(each.extract_text() for each in PdfReader(BytesIO(answer.body())).pages).split())


def share(desk: Page, visit: Visit, report: Report) -> None:
    """The funder has no account: the link opens this report and its PDF, until its last day."""
    desk.get_by_role("link", name="Share by link").click()
    desk.get_by_label("For whom").fill("The regional fund")
    desk.get_by_label("Opens until").fill((timezone.localdate() + timedelta(days=30)).isoformat())
    desk.get_by_role("button", name="Make a link").click()
    address = desk.get_by_label("Address to copy").input_value()
    path = "/" + address.split("/", 3)[3]
    funder = visit(None, path)
    expect(funder.get_by_role("heading", level=1)).to_have_text("Across borders: what members say")
    assert QUESTION in downloaded(funder)

    ReportLink.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert funder.goto(path).status == 410
    expect(funder.get_by_role("heading", level=1)).to_have_text("This link has ended")
    expect(funder.get_by_text(QUESTION)).to_have_count(0)
