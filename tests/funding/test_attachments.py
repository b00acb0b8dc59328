"""Files of an application: under a name of our own, downloaded only by whom they concern, and never quite gone."""

from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.models import AuditEvent
from funding import files, links
from funding.actions import submissions
from funding.models import Application, Attachment
from tests.factories.funding import PartnerFactory, QuestionFactory
from tests.factories.members import MembershipFactory, OrganisationFactory
from tests.funding.applying import Ground, ground

PDF = b"%PDF-1.7\nplan"


@pytest.fixture
def g(organisation) -> Ground:
    return ground(organisation)


def attach(client, content: bytes = PDF, name: str = "Our plan åäö.pdf", question: int = 0) -> str:
    file = SimpleUploadedFile(name, content, content_type="text/html")
    address = reverse("funding:attachments", args=["ATW-001"])
    return client.post(address, {"file": file, "question": question}, follow=True).content.decode()


def test_file_is_kept_outside_of_what_is_served_under_a_random_name(sign_in, owner, g):
    page = attach(sign_in(owner))

    kept = Attachment.objects.get()
    assert "Our plan åäö.pdf is attached." in page
    assert (kept.name, kept.content_type, kept.size) == ("Our plan åäö.pdf", "application/pdf", len(PDF))
    assert Path(kept.file.path).is_relative_to(django_settings.MEDIA_ROOT)
    assert "plan" not in kept.file.name
    assert AuditEvent.objects.get(action="funding.attachment_added").details["sha256"] == kept.sha256


def test_download_is_a_download_with_the_applicants_name(sign_in, owner, g):
    client = sign_in(owner)
    attach(client)

    answer = client.get(reverse("funding:attachment", args=[Attachment.objects.get().pk]))

    assert b"".join(answer) == PDF
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''Our%20plan%20%C3%A5%C3%A4%C3%B6.pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "application/pdf"


def test_renamed_program_is_refused_at_its_place_and_leaves_nothing_behind(sign_in, owner, g):
    page = attach(sign_in(owner), b"MZ\x90\x00" + b"\0" * 99, "plan.pdf")

    assert "whatever its name says" in page
    assert 'id="file-0-error"' in page
    assert not Attachment.objects.exists()
    assert not list(Path(django_settings.MEDIA_ROOT).rglob("*.*"))


def test_same_file_twice_is_attached_once(sign_in, owner, g):
    client = sign_in(owner)
    attach(client)
    attach(client)

    assert Attachment.objects.count() == 1


def test_all_files_together_have_a_limit(sign_in, owner, g, monkeypatch):
    monkeypatch.setattr(files, "LARGEST_IN_ALL", len(PDF) + 5)
    client = sign_in(owner)
    attach(client)

    assert "All files together would have more than" in attach(client, PDF + b"2", "other.pdf")
    assert Attachment.objects.count() == 1


def test_removed_file_stays_for_the_trail_and_what_was_handed_in_names_its_hash(sign_in, owner, manager, g):
    client = sign_in(owner)
    attach(client)
    kept = Attachment.objects.get()
    submission = submissions.submit(application=g.application, by=owner)
    Application.objects.update(status="amending")

    for _ in range(2):
        client.post(reverse("funding:remove_attachment", args=["ATW-001", kept.pk]))

    kept.refresh_from_db()
    assert kept.removed_at is not None
    assert Path(kept.file.path).exists()
    assert submission.content["attachments"][0]["sha256"] == kept.sha256
    assert AuditEvent.objects.filter(action="funding.attachment_removed").count() == 1
    assert b"".join(sign_in(manager).get(reverse("funding:attachment", args=[kept.pk]))) == PDF


def test_question_that_asks_for_a_file_blocks_until_it_is_there(sign_in, owner, g):
    letter = QuestionFactory(call=g.call, kind="file", text="Letter of support", most_words=None)
    client, check = sign_in(owner), reverse("funding:check", args=["ATW-001"])
    assert "“Letter of support”: the file is missing." in client.get(check).content.decode()

    attach(client, question=letter.pk)

    assert "the file is missing" not in client.get(check).content.decode()
    assert Attachment.objects.get().question == letter


@pytest.fixture
def partners_file(client, g) -> Attachment:
    """The partner's annual accounts, sent through its link."""
    accounts = QuestionFactory(call=g.call, kind="file", asked_of="partner", text="Annual accounts", most_words=None)
    address = reverse("funding:partner_files", args=[links.token_of(g.partner)])
    client.post(address, {"file": SimpleUploadedFile("accounts.pdf", PDF), "question": accounts.pk})
    return Attachment.objects.get(partner=g.partner)


def test_partners_file_is_for_the_partner_and_later_the_cluster_team(
    client, sign_in, owner, manager, viewer, outsider, g, partners_file
):
    home = OrganisationFactory(name="Emajõe Filters", country="EE")
    type(g.partner).objects.filter(pk=g.partner.pk).update(organisation=home)
    theirs = MembershipFactory(organisation=home).user
    address = reverse("funding:attachment", args=[partners_file.pk])

    def answer(user) -> int:
        found = sign_in(user).get(address)
        b"".join(found)
        return found.status_code

    people = {"lead": owner, "viewer": viewer, "outsider": outsider, "manager": manager, "partner": theirs}
    allowed = {name: answer(user) for name, user in people.items()}
    assert allowed == {"lead": 404, "viewer": 404, "outsider": 404, "manager": 404, "partner": 200}
    type(g.application).objects.update(status="submitted")
    g.application.submissions.create(number=1, by="X", content={}, sha256="0" * 64)
    assert answer(manager) == 200
    by_link = reverse("funding:partner_file", args=[links.token_of(g.partner), partners_file.pk])
    assert b"".join(client.get(by_link)) == PDF


def test_another_partners_link_opens_no_file_of_this_one_and_removes_none(client, g, partners_file):
    other = PartnerFactory(application=g.application, invited=True)
    args = [links.token_of(other), partners_file.pk]

    assert client.get(reverse("funding:partner_file", args=args)).status_code == 404
    assert client.post(reverse("funding:partner_remove_file", args=args)).status_code == 404
    partners_file.refresh_from_db()
    assert partners_file.removed_at is None


def test_lead_does_not_remove_a_partners_file_and_the_partner_does(client, sign_in, owner, g, partners_file):
    said = sign_in(owner).post(
        reverse("funding:remove_attachment", args=["ATW-001", partners_file.pk]), follow=True
    ).content.decode()  # fmt: skip
    assert "Only the partner itself removes its files." in said

    client.post(reverse("funding:partner_remove_file", args=[links.token_of(g.partner), partners_file.pk]))

    partners_file.refresh_from_db()
    assert partners_file.removed_at is not None
