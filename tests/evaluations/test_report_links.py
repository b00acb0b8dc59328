"""A report for somebody without an account: what a link opens, and how it ends."""

from datetime import timedelta
from io import BytesIO

import pypdf
import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from core.actions import Refused
from core.models import AuditEvent
from evaluations import report_links
from evaluations.actions import reports as actions
from evaluations.models import ReportLink
from evaluations.reports.typesetting import typeset
from tests.factories.evaluations import ReportFactory, ReportLinkFactory

pytestmark = pytest.mark.django_db
PAGES = ("shared_report", "shared_report_pdf")


def path(link, name="shared_report"):
    return reverse(f"evaluations:{name}", args=[report_links.token_of(link)])


def text(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def link():
    link = ReportLinkFactory()
    link.report.pdf.save("report.pdf", ContentFile(typeset(link.report.content)))
    return link


def in_two_weeks():
    return timezone.now() + timedelta(days=14)


# --- reading


def test_link_opens_the_report_and_its_pdf_without_an_account(client, home, link):
    page = client.get(path(link))
    pdf = b"".join(client.get(path(link, "shared_report_pdf")))

    assert "Time is the barrier most named" in text(page)
    assert "too few to show" in text(page)
    assert pypdf.PdfReader(BytesIO(pdf)).metadata.title == link.report.title


def test_link_opens_nothing_else(client, home, link):
    page = client.get(path(link))

    for elsewhere in (reverse("evaluations:report", args=[link.report.pk]), reverse("evaluations:reports")):
        assert elsewhere not in text(page)
        assert client.get(elsewhere).headers["Location"].startswith(reverse("account_login"))


def test_search_engines_and_caches_keep_none_of_it(client, home, link):
    for name in PAGES:
        response = client.get(path(link, name))
        b"".join(response)  # a download is closed when it is read

        assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert "no-store" in response.headers["Cache-Control"]
        assert response.headers["Referrer-Policy"] == "same-origin"


def test_looks_of_people_without_an_account_are_counted(client, home, link, sign_in, manager):
    client.get(path(link))
    client.get(path(link))
    client.head(path(link))
    sign_in(manager).get(path(link))
    link.refresh_from_db()

    assert link.opened == 2


@pytest.mark.parametrize("name", PAGES)
def test_link_that_ended_was_taken_back_or_is_forged_ends_well(client, home, name):
    ended, withdrawn, good = ReportLinkFactory(ended=True), ReportLinkFactory(withdrawn=True), ReportLinkFactory()
    broken = reverse(f"evaluations:{name}", args=[report_links.token_of(good)[:-2]])

    for address, status, said in (
        (path(ended, name), 410, "This link has ended"),
        (path(withdrawn, name), 410, "This link was taken back"),
        (broken, 404, "This link opens nothing"),
    ):
        response = client.get(address)
        assert response.status_code == status
        assert said in text(response)
        assert good.report.title not in text(response)


def test_key_alone_opens_nothing(client, home, link):
    response = client.get(reverse("evaluations:shared_report", args=[link.key]))

    assert "This link opens nothing" in text(response)


@pytest.mark.parametrize("state", ["in_house", "queued"])
def test_row_for_what_is_not_public_opens_nothing(client, home, state):
    link = ReportLinkFactory(report=ReportFactory(**{state: True}))

    for name in PAGES:
        response = client.get(path(link, name))
        assert response.status_code == 404
        assert "Time is the barrier" not in text(response)


def test_pdf_that_is_gone_from_the_disk_is_not_found(client, home, link):
    link.report.pdf.storage.delete(link.report.pdf.name)

    assert client.get(path(link, "shared_report_pdf")).status_code == 404


# --- sharing


def test_manager_shares_and_takes_back(sign_in, manager, client):
    report = ReportFactory()
    where = reverse("evaluations:report_links", args=[report.pk])
    until = timezone.localdate() + timedelta(days=30)

    page = sign_in(manager).post(where, {"label": "Regional fund", "until": until.isoformat()}, follow=True)
    link = ReportLink.objects.get()
    assert report_links.url_of(link) in text(page)
    assert (link.label, timezone.localdate(link.expires_at), link.created_by) == ("Regional fund", until, manager)
    assert "Time is the barrier" in text(client.get(path(link)))

    withdraw = reverse("evaluations:withdraw_report_link", args=[report.pk, link.pk])
    page = sign_in(manager).post(withdraw, follow=True)
    assert "Taken back" in text(page)
    assert "This link was taken back" in text(client.get(path(link)))
    told = list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))
    assert told[-2:] == ["evaluations.report_shared", "evaluations.report_link_withdrawn"]
    assert link.key not in str(AuditEvent.objects.values())


def test_taking_back_twice_is_once(manager):
    link = ReportLinkFactory()
    actions.withdraw(link=link, by=manager)
    first = ReportLink.objects.get().withdrawn_at
    actions.withdraw(link=link, by=manager)

    assert ReportLink.objects.get().withdrawn_at == first
    assert AuditEvent.objects.filter(action="evaluations.report_link_withdrawn").count() == 1


@pytest.mark.parametrize(
    ("trait", "said"), [({"in_house": True}, "in-house readers"), ({"queued": True}, "not made yet")]
)
def test_what_is_not_public_or_not_made_is_not_shared(manager, trait, said):
    with pytest.raises(Refused, match=said):
        actions.share(report=ReportFactory(**trait), label="Fund", expires_at=in_two_weeks(), by=manager)

    assert not ReportLink.objects.exists()


def test_only_managers_share(evaluator, owner):
    report, link = ReportFactory(), ReportLinkFactory()
    for user in (evaluator, owner):
        with pytest.raises(PermissionDenied):
            actions.share(report=report, label="Fund", expires_at=in_two_weeks(), by=user)
        with pytest.raises(PermissionDenied):
            actions.withdraw(link=link, by=user)

    assert ReportLink.objects.filter(withdrawn_at=None).count() == 1


@pytest.mark.parametrize(
    ("days", "said"),
    [(-1, "This day is over"), (400, "Choose a day within a year"), (None, "Write a date, such as 2027-05-03")],
)
def test_day_that_does_not_fit_keeps_what_was_typed(sign_in, manager, days, said):
    until = "31 of June" if days is None else (timezone.localdate() + timedelta(days=days)).isoformat()
    where = reverse("evaluations:report_links", args=[ReportFactory().pk])
    page = sign_in(manager).post(where, {"label": "Regional fund", "until": until})

    assert said in text(page)
    assert 'value="Regional fund"' in text(page)
    assert not ReportLink.objects.exists()


def test_link_of_another_report_is_not_taken_back_through_this_one(sign_in, manager):
    link, other = ReportLinkFactory(), ReportFactory()
    response = sign_in(manager).post(reverse("evaluations:withdraw_report_link", args=[other.pk, link.pk]))

    assert response.status_code == 404
    assert ReportLink.objects.filter(withdrawn_at=None).exists()
