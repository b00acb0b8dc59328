"""Blind calls: copies of files without their properties, and texts that name who applies are pointed out."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfWriter

from funding import blinding, checklist
from funding.actions import submissions
from funding.forms.call_parts import QuestionForm
from funding.models import Application, Attachment, FundingCall
from tests.factories.funding import QuestionFactory
from tests.funding.applying import Ground, ground
from tests.funding.review_ground import opened, reviewer

pytestmark = pytest.mark.django_db
AUTHOR = b"Klarflod Vattenteknik"


def pdf(password: str = "") -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(90, 90)
    writer.add_metadata({"/Author": AUTHOR.decode()})
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    buffer = BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


@pytest.fixture
def g(organisation) -> Ground:
    return ground(organisation, is_blind=True)


@pytest.fixture
def plan(g):
    return QuestionFactory(call=g.call, kind="file", text="Plan", is_required=False, is_read_blind=True)


def attach(client, content: bytes, *, name: str = "plan.pdf", question: int = 0):
    file = SimpleUploadedFile(name, content)
    address = reverse("funding:attachments", args=["ATW-001"])
    return client.post(address, {"file": file, "question": question}, follow=True).content.decode()


def test_reviewers_read_a_copy_without_properties_under_a_number(sign_in, owner, home, g, plan):
    client = sign_in(owner)
    attach(client, pdf(), name="Klarflod plan.pdf", question=plan.pk)
    attach(client, pdf(), name="Klarflod letter.pdf")
    submissions.submit(application=g.application, by=owner)
    now = timezone.now()
    FundingCall.objects.update(opens_at=now - timezone.timedelta(days=9), deadline=now - timezone.timedelta(days=1))
    row = opened(Application.objects.get(), reviewer(g.call, home, "Eva Expert"))
    read, hidden = Attachment.objects.order_by("pk")
    eva = sign_in(row.reviewer.user)

    page = eva.get(reverse("funding:review", args=[row.key])).content.decode()
    assert "1.pdf" in page
    assert "Klarflod" not in page
    answer = eva.get(reverse("funding:review_file", args=[row.key, read.pk]))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="1.pdf"'
    copy = b"".join(answer)
    assert copy.startswith(b"%PDF-")
    assert AUTHOR not in copy
    with read.file.open() as kept:
        assert AUTHOR in kept.read()
    assert eva.get(reverse("funding:review_file", args=[row.key, hidden.pk])).status_code == 404


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"Plan of us.", "plan.txt", "Reviewers read a copy of this file without its properties. Send it as PDF."),
        (pdf(password="secret"), "plan.pdf", "No copy can be made of this PDF"),
        (b"%PDF-1.7\nbroken", "plan.pdf", "No copy can be made of this PDF"),
    ],
)
def test_a_file_without_a_copy_is_refused_at_its_place(sign_in, owner, g, plan, content, name, says):
    assert says in attach(sign_in(owner), content, name=name, question=plan.pk)
    assert not Attachment.objects.exists()


def test_in_an_open_call_files_of_any_kind_are_taken(sign_in, owner, g, plan):
    FundingCall.objects.update(is_blind=False)
    attach(sign_in(owner), b"Plan of us.", name="plan.txt", question=plan.pk)
    assert Attachment.objects.get().name == "plan.txt"


def test_the_form_asks_to_leave_names_out_in_blind_calls_alone(sign_in, owner, g, plan):
    client = sign_in(owner)
    pages = [reverse(f"funding:{name}", args=["ATW-001"]) for name in ("project", "attachments")]
    said = [client.get(page).content.decode() for page in pages]
    assert "Leave names of organisations, people and places out of your texts." in said[0]
    assert "leave names of organisations and people out of it" in said[1]
    assert "Reviewers do not see this file." in said[1]
    FundingCall.objects.update(is_blind=False)
    said = [client.get(page).content.decode() for page in pages]
    assert "eave names" not in said[0] + said[1]


def naming(application: Application) -> list[str]:
    found = checklist.checklist(application, moment=timezone.now())
    return [each.text for each in found if "The call is blind" in each.text]


def test_a_text_that_names_who_applies_is_pointed_out_and_does_not_block(g):
    application = g.application
    assert naming(application) == []
    application.summary = f"{application.lead.name.upper()} AB and Kadri Kask test. Mail us: x@emajoe.example."
    application.title = "Emajoe filters on trial"
    application.answers.update_or_create(question=g.idea, partner=None, defaults={"value": "Ask Emajõe Filters."})
    application.save()

    title, summary, answer = naming(application)
    assert title.startswith("“Title” names Emajoe filters.")
    assert application.lead.name.upper() in summary
    assert "Kadri Kask" in summary
    assert "x@emajoe.example" in summary
    assert answer.startswith("“What is the idea?” names Emajõe Filters.")
    points = checklist.checklist(application, moment=timezone.now())
    assert not any(each.blocks for each in points if "The call is blind" in each.text)


def test_answers_that_tell_who_and_open_calls_are_left_alone(g):
    g.idea.tells_who = True
    g.idea.save()
    g.application.answers.update_or_create(question=g.idea, partner=None, defaults={"value": "Ask Emajõe Filters."})
    assert naming(g.application) == []
    FundingCall.objects.update(is_blind=False)
    Application.objects.update(title="Emajõe Filters")
    assert naming(Application.objects.select_related("call", "lead").get()) == []


def test_words_that_many_names_share_are_no_name():
    known = {"lead": "Baltic Water AB", "partners": [{"name": "Baltic Water AB", "person": "Anna Berg"}]}
    assert blinding.names_in(known, "We clean water of the Baltic with pumps.") == ()
    assert blinding.names_in(known, "Baltic Water cleans; so says Berg.") == ("Baltic Water", "Berg")


def test_only_questions_for_files_offer_a_copy(g):
    assert "is_read_blind" in QuestionForm(call=g.call, kind="file").fields
    assert "tells_who" not in QuestionForm(call=g.call, kind="file").fields
    assert "is_read_blind" not in QuestionForm(call=g.call, kind="long_text").fields
