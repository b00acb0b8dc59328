"""Letters: own words with places, a look at them, paper, and what the applicant sees of its decision."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from core.models import AuditEvent
from funding import letters
from funding.models import Appeal, Decision, Letter, LetterTemplate
from funding.windows import appeal_ends
from members.models import Membership
from tests.factories.members import MembershipFactory, OrganisationFactory, UserFactory
from tests.funding.decisions_ground import a_reviewer, fund, judged, judged_call, reject, tell

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(manager):
    return judged_call(name="Blue pilots", contact_email="blue@cluster.example")


@pytest.fixture
def application(call, organisation, owner):
    return judged(call, 4, 40_000, 20_000, lead=organisation, title="Sensors {reasons} <b>")


def template_url(call, kind="rejected"):
    return reverse("funding:letter_template", args=[call.slug, kind])


def own_url(application, name="decision"):
    return reverse(f"funding:{name}", args=[application.reference])


def test_ready_made_words_use_known_places_alone():
    for kind, (subject, text) in letters.READY.items():
        assert letters.unknown_places(str(subject)) + letters.unknown_places(str(text)) == [], kind
    assert set(letters.READY) == set(LetterTemplate.Kind.values)


def test_own_words_are_saved_shown_and_sent(call, application, manager, sign_in):
    client = sign_in(manager)
    reject(application, manager)
    client.post(template_url(call), {"subject": "About {reference}", "text": "Dear {applicant},\r\n\r\n{reasons}"})

    page = client.get(template_url(call)).content.decode()
    assert f"About {application.reference}" in page
    assert "Dear Ålgräs Robotics," in page
    tell(call, manager)
    assert Letter.objects.get().text.startswith("Dear Ålgräs Robotics,")
    assert AuditEvent.objects.get(action="funding.letter_changed").details["kind"] == "rejected"


@pytest.mark.parametrize(("text", "named"), [
    ("Dear {aplicant}", "{aplicant}"), ("Dear {applicant", "{"), ("{}", "{}"), ("{ title }", "{ title }"),
])  # fmt: skip
def test_places_that_nothing_stands_for_are_refused_and_the_words_are_kept(call, manager, sign_in, text, named):
    response = sign_in(manager).post(template_url(call), {"subject": "My subject", "text": text})

    page = response.content.decode()
    assert f"Nothing stands for {named}" in page
    assert "My subject" in page
    assert not LetterTemplate.objects.exists()


def test_what_an_applicant_typed_is_never_taken_for_a_place_or_markup(call, application, manager, sign_in):
    reject(application, manager, reasons="See {amounts} & <i>more</i>.")
    page = sign_in(manager).get(template_url(call)).content.decode()

    assert "Sensors {reasons} &lt;b&gt;" in page
    assert "See {amounts} &amp; &lt;i&gt;more&lt;/i&gt;." in page


def test_ready_made_words_come_back(call, manager, sign_in):
    client = sign_in(manager)
    client.post(template_url(call), {"subject": "Mine", "text": "Mine."})
    client.post(reverse("funding:forget_letter_template", args=[call.slug, "rejected"]))

    assert not LetterTemplate.objects.exists()
    assert "is not funded" in client.get(template_url(call)).content.decode()
    assert client.get(template_url(call, "nonsense")).status_code == 404


def test_letter_on_paper_says_the_same_and_has_the_same_bytes(call, application, manager, owner, sign_in):
    fund(application, manager)
    tell(call, manager)
    letter = Letter.objects.get()
    response = sign_in(owner).get(reverse("funding:letter_pdf", args=[letter.pk]))

    text = " ".join(PdfReader(BytesIO(response.content)).pages[0].extract_text().split())
    assert response["Content-Type"] == "application/pdf"
    assert "Sensors {reasons} <b>" in text
    assert "Clear benefit." in text
    assert letters.pdf_of(letter) == response.content


def test_applicant_reads_decision_reasons_amounts_and_scores(call, application, manager, owner, viewer, sign_in):
    fund(application, manager)
    assert sign_in(owner).get(own_url(application)).status_code == 404  # not known yet
    tell(call, manager)

    for user in (owner, viewer, manager):
        page = sign_in(user).get(own_url(application)).content.decode()
        assert "Clear benefit." in page
        assert "EUR 20,000 from Mere Fond" in page
        assert "Score: 80.00 of 100" in page
        assert (own_url(application, "appeal") in page) == (user == owner)


def test_partner_organisation_reads_it_and_others_do_not(call, application, manager, outsider, evaluator, sign_in):
    partner = MembershipFactory(organisation=OrganisationFactory()).user
    application.partners.filter(is_lead=False).update(organisation=partner.own_membership.organisation)
    reject(application, manager)
    tell(call, manager)
    letter = reverse("funding:letter_pdf", args=[Letter.objects.get().pk])
    client = sign_in(partner)

    assert (client.get(own_url(application)).status_code, client.get(letter).status_code) == (200, 200)
    assert client.get(own_url(application, "appeal")).status_code == 403
    for user in (
        outsider,
        evaluator,
        a_reviewer(call, is_on_panel=True, declared_at=timezone.now()).user,
        UserFactory(),
    ):
        for path in (own_url(application), own_url(application, "appeal"), letter):
            assert sign_in(user).get(path).status_code == 404, f"{user} {path}"


def test_owner_appeals_on_the_page_once(call, application, manager, owner, sign_in):
    reject(application, manager)
    tell(call, manager)
    client = sign_in(owner)
    assert "We need this." in client.post(own_url(application, "appeal"), {"words": ""}).content.decode()
    page = client.post(own_url(application, "appeal"), {"words": "<i>Look</i> again."}, follow=True).content.decode()

    assert "&lt;i&gt;Look&lt;/i&gt; again." in page
    assert "To be answered" in page
    assert "You have appealed already" in client.get(own_url(application, "appeal")).content.decode()


def test_form_that_was_open_when_the_window_closed_keeps_the_words(call, application, manager, owner, sign_in):
    reject(application, manager)
    tell(call, manager)
    decision = Decision.objects.get()
    # A window ends at midnight: a day more than it is long, so that it is closed at any hour.
    late = timezone.now() - (appeal_ends(decision) - timezone.now()) - timedelta(days=1)
    Decision.objects.update(told_at=late)
    page = sign_in(owner).post(own_url(application, "appeal"), {"words": "Look again."}).content.decode()

    assert "Appeals were possible until" in page
    assert "Look again." in page
    assert not Appeal.objects.exists()


def test_secretary_answers_on_the_page(call, application, manager, owner, sign_in):
    reject(application, manager)
    tell(call, manager)
    sign_in(owner).post(own_url(application, "appeal"), {"words": "Look again."})
    path, client = reverse("funding:answer_appeal", args=[call.slug, application.number]), sign_in(manager)
    assert "Look again." in client.get(path).content.decode()
    wrong = client.post(path, {"answer": "uphold", "new-outcome": "reserve", "new-reasons": "You are right."})
    assert "Give the place on the reserve list" in wrong.content.decode()
    client.post(path, {"answer": "dismiss", "reasons": "It was looked at."})

    assert Appeal.objects.get().status == "dismissed"
    assert "It was looked at." in sign_in(owner).get(own_url(application)).content.decode()
    assert Membership.objects.filter(user=owner).exists()
