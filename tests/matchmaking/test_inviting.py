"""Guests are invited, one by one and many at once; nothing that was typed is lost."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from lxml import html
from openpyxl import Workbook

from core.actions import Refused
from core.models import Mail
from matchmaking import announcing
from matchmaking.actions import participants as actions
from matchmaking.models import Participant, Round, RoundPartner
from tests.factories.matchmaking import ParticipantFactory, RoundFactory, with_programme
from tests.factories.members import OrganisationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_(home) -> Round:
    found = RoundFactory(name="Clean water 2027", time_zone="Europe/Stockholm")
    with_programme(found)
    return found


@pytest.fixture
def partner(round_) -> RoundPartner:
    cluster = OrganisationFactory(partner=True, name="Emajõe Cluster", country="EE")
    return RoundPartner.objects.create(round=round_, organisation=cluster, places=2)


def address(round_, name):
    return reverse(f"matchmaking:{name}", args=[round_.slug])


def said(response) -> str:
    page = html.document_fromstring(response.content)
    return page.xpath("string(//main)")


def test_guest_is_invited_by_form_in_the_name_of_a_partner(sign_in, manager, round_, partner):
    typed = {
        "company": "Kivi OÜ",
        "person": "Mari Mets",
        "email": "Mari@Kivi.example",
        "cluster": partner.organisation.pk,
    }
    response = sign_in(manager).post(address(round_, "invite_guest"), typed, follow=True)

    assert "1 is invited." in said(response)
    found = Participant.objects.get()
    assert (found.email, found.cluster, found.time_zone) == (
        "mari@kivi.example",
        partner.organisation,
        "Europe/Tallinn",
    )
    assert found.organisation is None


def test_same_address_is_refused_in_words_and_what_was_typed_is_kept(sign_in, manager, round_, home):
    ParticipantFactory(round=round_, email="mari@kivi.example")
    typed = {"company": "Kivi <b>OÜ</b>", "email": "MARI@kivi.example", "cluster": home.pk}

    response = sign_in(manager).post(address(round_, "invite_guest"), typed)

    assert "mari@kivi.example is in this round already." in said(response)
    assert 'value="Kivi &lt;b&gt;OÜ&lt;/b&gt;"' in response.content.decode()
    assert Participant.objects.count() == 1


def test_names_of_a_guest_stand_in_one_line(sign_in, manager, round_, home):
    typed = {"company": "Kivi\r\nPay here\x0b: x.example", "person": "Mari\u200b\nMets", "email": "m@kivi.example"}
    sign_in(manager).post(address(round_, "invite_guest"), typed | {"cluster": home.pk})
    found = Participant.objects.get()
    assert (found.company, found.person) == ("Kivi Pay here : x.example", "Mari Mets")

    empty = typed | {"company": "\r\n\u200b", "email": "n@kivi.example", "cluster": home.pk}
    assert sign_in(manager).post(address(round_, "invite_guest"), empty).status_code == 200
    assert Participant.objects.count() == 1


def test_guest_who_agreed_before_comes_with_the_answers_kept(manager, round_, home):
    agreed = timezone.now() - timedelta(days=200)
    ParticipantFactory(email="mari@kivi.example", offers="Old pumps", keeps_profile=True, keeps_profile_at=agreed)
    ParticipantFactory(
        email="mari@kivi.example",
        offers="New pumps",
        phone="+372 5",
        keeps_profile=True,
        keeps_profile_at=agreed,
        shown=True,
    )
    ParticipantFactory(email="ants@kivi.example", offers="Secret pumps")

    mari, ants = (
        actions.invite_guest(
            round_=round_, cluster=home, company="Kivi", person="", email=f"{name}@kivi.example", by=manager
        )
        for name in ("mari", "ants")
    )

    assert (mari.offers, mari.phone, mari.time_zone, mari.keeps_profile_at) == (
        "New pumps",
        "+372 5",
        "Europe/Tallinn",
        agreed,
    )
    assert (mari.status, mari.shows_name, mari.chosen_at) == ("invited", False, None)
    assert (ants.offers, ants.keeps_profile) == ("", False)


def test_lines_are_invited_and_the_others_stand_in_the_box_again(sign_in, manager, round_, partner):
    ParticipantFactory(round=round_, email="there@kivi.example")
    lines = "\n".join(
        [
            "Kivi; Mari; mari@kivi.example",
            "Kivi; Ants; there@kivi.example",
            "Bad line",
            "Oja; ; =cmd@oja.example",
            "Third; ; c@third.example",
        ]
    )

    response = sign_in(manager).post(
        address(round_, "invite_guests"), {"lines": lines, "cluster": partner.organisation.pk}
    )

    page = html.document_fromstring(response.content)
    assert page.get_element_by_id("lines_lines").value.strip().splitlines() == [
        "Bad line", "Kivi; Ants; there@kivi.example", "Third; c@third.example",
    ]  # fmt: skip
    assert page.get_element_by_id("lines_cluster").value == str(partner.organisation.pk)
    for reason in (
        "The e-mail address is missing.",
        "is in this round already.",
        "No place is left for Emajõe Cluster.",
    ):
        assert reason in said(response)
    assert set(Participant.objects.filter(cluster=partner.organisation).values_list("company", flat=True)) == {
        "Kivi",
        "Oja",
    }


@pytest.mark.parametrize("name", ["guests.csv", "guests.xlsx"])
def test_file_is_read_beside_the_lines(sign_in, manager, round_, home, name):
    data = BytesIO(b"Company;Person;E-mail\nOja;Ants;ants@oja.example\nKivi;Mari;mari@kivi.example\n")
    if name.endswith("xlsx"):
        book, data = Workbook(), BytesIO()
        for row in (
            ["Company", "Person", "E-mail"],
            ["Oja", "Ants", "ants@oja.example"],
            ["Kivi", "M", "mari@kivi.example"],
        ):
            book.active.append(row)
        book.save(data)
    file = SimpleUploadedFile(name, data.getvalue())

    response = sign_in(manager).post(
        address(round_, "invite_guests"), {"lines": "Kivi; Mari; mari@kivi.example", "file": file, "cluster": home.pk}
    )

    assert set(Participant.objects.values_list("email", flat=True)) == {"ants@oja.example", "mari@kivi.example"}
    assert "This address stands twice in the list." in said(response)


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "Paste at least one line, or choose a file."),
        ({"file": SimpleUploadedFile("x.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")}, "This is an old Excel file"),
    ],
)
def test_nothing_to_read_says_what_to_do(sign_in, manager, round_, home, sent, sentence):
    assert sentence in said(sign_in(manager).post(address(round_, "invite_guests"), sent | {"cluster": home.pk}))


def test_cluster_that_is_no_partner_brings_nobody(manager, round_):
    stranger = OrganisationFactory(partner=True, name="Stranger")

    with pytest.raises(Refused, match="Stranger is no partner of this round"):
        actions.invite_guest(round_=round_, cluster=stranger, company="X", person="", email="x@x.example", by=manager)


def test_places_are_free_again_when_somebody_declines(manager, round_, partner):
    first, _second = (ParticipantFactory(round=round_, cluster=partner.organisation) for _ in range(2))
    invite = {"round_": round_, "cluster": partner.organisation, "company": "X", "person": "", "by": manager}
    with pytest.raises(Refused, match="No place is left"):
        actions.invite_guest(**invite, email="x@x.example")

    Participant.objects.filter(pk=first.pk).update(status="declined")
    actions.invite_guest(**invite, email="x@x.example")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"status": "over"}, "Nobody can be invited any more: the round is over."),
        ({"status": "cancelled"}, "Nobody can be invited any more: the round is cancelled."),
        ({"register_until": timezone.now() - timedelta(hours=1)}, "Sign-up ended"),
    ],
)
def test_nobody_is_invited_when_it_is_too_late(manager, round_, home, change, sentence):
    Round.objects.filter(pk=round_.pk).update(**change)

    with pytest.raises(Refused, match=sentence):
        actions.invite_guest(round_=round_, cluster=home, company="X", person="", email="x@x.example", by=manager)


@pytest.mark.parametrize("who", ["owner", "viewer", "outsider", "evaluator"])
def test_invite_by_others_is_refused(who, request, round_, home, organisation, sign_in):
    user = request.getfixturevalue(who)
    with pytest.raises(PermissionDenied):
        actions.invite_guest(round_=round_, cluster=home, company="X", person="", email="x@x.example", by=user)
    with pytest.raises(PermissionDenied):
        actions.invite_member(round_=round_, organisation=organisation, person="", email="x@x.example", by=user)

    for name in ("invite_guest", "invite_guests", "invite_members"):
        assert sign_in(user).post(address(round_, name), {"email": "x@x.example"}).status_code in {403, 404}
    assert not Participant.objects.exists()


def test_nobody_hears_of_a_round_that_is_being_set_up(sign_in, manager, round_, home):
    Round.objects.filter(pk=round_.pk).update(status="planned")
    typed = {"company": "Kivi", "email": "mari@kivi.example", "cluster": home.pk}

    response = sign_in(manager).post(address(round_, "invite_guest"), typed, follow=True)
    announcing.send_due()

    assert "1 is on the list. The mail goes out when the round opens." in said(response)
    assert not Mail.objects.exists()

    Round.objects.filter(pk=round_.pk).update(status="open")
    for _ in range(2):
        announcing.send_due()
    assert [mail.to for mail in Mail.objects.all()] == ["mari@kivi.example"]
    assert not Participant.objects.to_invite().exists()
