"""What a partner keeps to itself stays with it, and what it confirms is what it has read."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.actions import Refused
from funding import links
from funding.actions import answers, attachments, budgets, partners
from funding.models import Attachment, Partner, Revision
from tests.factories.funding import QuestionFactory
from tests.funding.applying import Ground, ground

SIGNED = {"true": "on", "once": "on", "means": "on", "shared": "on", "name": "Kadri Kask"}


@pytest.fixture
def g(organisation) -> Ground:
    return ground(organisation)


def by_link(name: str, partner: Partner) -> str:
    partner.refresh_from_db()
    return reverse(f"funding:{name}", args=[links.token_of(partner)])


def accounts_of(g: Ground) -> Attachment:
    asked = QuestionFactory(call=g.call, kind="file", asked_of="partner", text="Your accounts")
    file = SimpleUploadedFile("accounts.pdf", b"%PDF-1.7\nsecret")
    return attachments.add_to_part(partner=g.partner, file=file, question=asked, signed="Kadri Kask")


def test_files_of_a_partner_that_was_removed_stay_closed_to_the_lead(sign_in, owner, g):
    kept = accounts_of(g)
    client, address = sign_in(owner), reverse("funding:attachment", args=[kept.pk])
    assert client.get(address).status_code == 404
    partners.remove(partner=g.partner, by=owner)

    assert client.get(address).status_code == 404
    assert Attachment.objects.filter(pk=kept.pk).exists()


@pytest.mark.parametrize("said", ["figures", "answer", "file"])
def test_link_to_what_a_partner_said_is_not_sent_to_another_address(sign_in, owner, g, said):
    """Whoever leads could read the figures of another company by the address of a friend."""
    if said == "figures":
        Partner.objects.filter(pk=g.partner.pk).update(declared_aid=[])
    elif said == "answer":
        asked = QuestionFactory(call=g.call, asked_of="partner")
        answers.save_part(partner=g.partner, field=f"question:{asked.pk}", value="Ours", based_on=0, signed="Kadri")
    else:
        accounts_of(g)
    told = {"name": "Emajõe Filters", "country": "EE", "kind": "company", "person": "Kadri <b>Kask</b>"}
    address = reverse("funding:consortium_partner", args=["ATW-001", g.partner.pk])
    page = sign_in(owner).post(address, told | {"email": "friend@lead.example"}).content.decode()

    assert "It has filled in its part by the link to this address." in page
    assert "friend@lead.example" in page, "what was typed is kept"
    g.partner.refresh_from_db()
    assert (g.partner.email, g.partner.link_version) == ("kadri@emajoe.example", 1)


def test_address_of_a_partner_that_has_said_nothing_is_corrected(owner, g):
    assert "email" in partners.change(partner=g.partner, by=owner, email="kadri.kask@emajoe.example")


@pytest.mark.parametrize("what", ["budget", "role", "summary"])
def test_part_that_was_changed_while_it_was_read_is_not_confirmed(client, owner, g, what):
    Partner.objects.filter(pk=g.partner.pk).update(status="invited", declared_at=None, answered_at=None, answered_by="")
    page = client.get(by_link("partner_part", g.partner)).content.decode()
    seen = re.search(r'name="seen" value="(\w+)"', page)[1]
    if what == "budget":
        changed = budgets.Budget({g.staff.pk: 70_000}, grant=1, own=69_999, other=0)
        budgets.save(application=g.application, budgets={g.partner.pk: changed}, by=owner)
    else:
        of = {"partner": g.partner} if what == "role" else {}
        answers.save(application=g.application, field=what, value="All else.", based_on=0, by=owner, **of)
    refused = client.post(by_link("partner_confirm", g.partner), SIGNED | {"seen": seen}).content.decode()

    assert "Your part was changed while you read it. Read it once more, then confirm." in refused
    g.partner.refresh_from_db()
    assert g.partner.status == "invited"
    newest = re.search(r'name="seen" value="(\w+)"', refused)[1]
    client.post(by_link("partner_confirm", g.partner), SIGNED | {"seen": newest})
    g.partner.refresh_from_db()
    assert g.partner.status == "confirmed"


@pytest.mark.parametrize("way", ["restored", "chosen", "chosen by itself"])
def test_earlier_words_in_a_confirmed_part_are_confirmed_again(owner, g, way):
    state = {"application": g.application, "partner": g.partner, "field": "role", "by": "Olivia Owner"}
    words = Revision.objects.create(**state, value="Pays for everything.", is_set_aside=way != "restored")
    if way == "restored":
        head = Revision.objects.create(**state, value="Makes the filters.")
        answers.restore(application=g.application, revision=words, seen=head.pk, by=owner)
    elif way == "chosen":
        answers.choose(application=g.application, aside=words, take=True, by=owner)
    else:
        answers.choose_in_part(partner=g.partner, aside=words, take=True, signed="Kadri Kask")

    g.partner.refresh_from_db()
    assert (g.partner.role, g.partner.status, g.partner.declared_at) == ("Pays for everything.", "invited", None)


def test_lead_neither_chooses_nor_restores_what_a_partner_answers(owner, g):
    asked = QuestionFactory(call=g.call, asked_of="partner")
    state = {"application": g.application, "partner": g.partner, "field": f"question:{asked.pk}", "by": "Kadri"}
    aside = Revision.objects.create(**state, value="Aside.", is_set_aside=True)
    before = Revision.objects.create(**state, value="Before.")
    now = Revision.objects.create(**state, value="Now.")
    with pytest.raises(Refused, match="Only the partner itself"):
        answers.choose(application=g.application, aside=aside, take=True, by=owner)
    with pytest.raises(Refused, match="Only the partner itself"):
        answers.restore(application=g.application, revision=before, seen=now.pk, by=owner)
    assert not g.partner.answers.exists()


@pytest.mark.parametrize("page", ["project", "script", "several"])
def test_signs_that_no_database_keeps_are_left_out(sign_in, owner, g, page):
    kinds = QuestionFactory(call=g.call, kind="choices", options=["One", "Two"])
    client = sign_in(owner)
    if page == "project":
        client.post(reverse("funding:project", args=["ATW-001"]), {"rev-title": "0", "title": "A\x00b", "page": "\x00"})
    elif page == "script":
        address = reverse("funding:save_field", args=["ATW-001", "title"])
        assert client.post(address, {"value": "A\x00b", "page": "\x00"}).json()["state"] == "saved"
    else:
        address = reverse("funding:save_field", args=["ATW-001", f"question-{kinds.pk}"])
        assert client.post(address, {"value": ["One\x00"], "page": "x"}).json()["value"] == ["One"]
        return
    g.application.refresh_from_db()
    assert g.application.title == "Ab"
