"""Words saved as they are typed: what is taken over, what is set aside, and the way back to any state."""

import pytest
from django.urls import reverse

from core.models import AuditEvent
from funding import links
from funding.actions import answers
from funding.models import Answer, Application, Partner, Revision
from tests.factories.funding import ApplicationFactory, QuestionFactory
from tests.funding.applying import Ground, ground


@pytest.fixture
def g(organisation) -> Ground:
    return ground(organisation)


def states(g: Ground, field: str = "summary") -> list[tuple[object, bool]]:
    return list(g.application.revisions.filter(field=field).order_by("pk").values_list("value", "is_set_aside"))


def save(g: Ground, owner, value, *, based_on: int = 0, page: str = "a", field: str = "summary") -> answers.Saved:
    return answers.save(
        application=g.application, field=field, value=value, based_on=based_on, by=owner, page=page
    )  # fmt: skip


def test_field_is_posted_with_the_state_it_was_typed_on(sign_in, owner, g):
    client, address = sign_in(owner), reverse("funding:save_field", args=["ATW-001", f"question-{g.idea.pk}"])

    first = client.post(address, {"value": "One\r\ntwo", "revision": "0", "page": "a"}).json()
    again = client.post(address, {"value": "One\ntwo", "revision": str(first["revision"]), "page": "a"}).json()

    assert (first["state"], first["value"], first["words"]) == ("saved", "One\ntwo", 2)
    assert again["revision"] == first["revision"]
    assert Answer.objects.get(question=g.idea).value == "One\ntwo"
    assert Revision.objects.get().by == "Olivia Owner"


def test_later_words_on_an_older_state_are_set_aside_and_shown_escaped(sign_in, owner, g):
    save(g, owner, "By another page.", page="other")
    address = reverse("funding:save_field", args=["ATW-001", "summary"])

    answer = sign_in(owner).post(address, {"value": "<b>Mine</b>", "revision": "0", "page": "mine"}).json()

    assert (answer["state"], answer["value"]) == ("aside", "By another page.")
    assert "&lt;b&gt;Mine&lt;/b&gt;" in answer["asides"]
    assert states(g) == [("By another page.", False), ("<b>Mine</b>", True)]
    g.application.refresh_from_db()
    assert g.application.summary == "By another page."


def test_page_goes_on_from_its_own_words_when_an_answer_got_lost(owner, g):
    save(g, owner, "One", page="mine")
    saved = save(g, owner, "One, quite different", page="mine")

    assert saved.aside is None
    assert saved.head.value == "One, quite different"


def test_what_was_not_changed_since_it_was_read_is_nobodys_words(owner, g):
    first = save(g, owner, "Read by both.").head
    save(g, owner, "Changed by one.", based_on=first.pk)

    saved = save(g, owner, "Read by both.", based_on=first.pk, page="other")

    assert saved.aside is None
    assert ("Read by both.", True) not in states(g)


def test_states_that_only_grow_are_kept_as_one_and_every_deletion_as_its_own(owner, g):
    based_on = 0
    for value in ("The", "The quick", "The very quick", "The quick", "The quick fox"):
        based_on = save(g, owner, value, based_on=based_on).head.pk

    assert [value for value, _aside in states(g)] == ["The very quick", "The quick fox"]


def test_growing_words_of_another_page_replace_no_state(owner, g):
    first = save(g, owner, "The").head
    save(g, owner, "The fox", based_on=first.pk, page="other")

    assert [value for value, _aside in states(g)] == ["The", "The fox"]


@pytest.mark.parametrize("take", [True, False])
def test_person_chooses_between_two_versions_once(sign_in, owner, g, take):
    save(g, owner, "Newer.", page="other")
    aside = save(g, owner, "Older base.", page="mine").aside
    client, address = sign_in(owner), reverse("funding:project", args=["ATW-001"])
    assert "Older base." in client.get(address).content.decode()

    for _ in range(2):
        client.post(address, {"take" if take else "keep": aside.pk})

    g.application.refresh_from_db()
    assert g.application.summary == ("Older base." if take else "Newer.")
    assert not Revision.objects.to_choose().exists()
    assert AuditEvent.objects.filter(action="funding.words_chosen").count() == 1
    assert {"Newer.", "Older base."} <= {value for value, _aside in states(g)}


def test_any_state_is_restored_and_the_one_before_stays(sign_in, owner, g):
    first = save(g, owner, "First <i>words</i>.").head
    save(g, owner, "Second.", based_on=first.pk)
    address = reverse("funding:history_field", args=["ATW-001", "summary"])
    client = sign_in(owner)
    assert "First &lt;i&gt;words&lt;/i&gt;." in client.get(address).content.decode()

    shown = client.get(address).context["head"].pk
    for _ in range(2):
        client.post(address, {"state": first.pk, "seen": shown})

    g.application.refresh_from_db()
    assert g.application.summary == "First <i>words</i>."
    assert [value for value, _aside in states(g)] == ["First <i>words</i>.", "Second.", "First <i>words</i>."]
    assert AuditEvent.objects.filter(action="funding.words_restored").count() == 1


@pytest.mark.parametrize("sends_mark", [True, False])
def test_nothing_is_restored_over_words_that_came_meanwhile(sign_in, owner, g, sends_mark):
    first = save(g, owner, "First.").head
    second = save(g, owner, "Second.", based_on=first.pk).head
    address = reverse("funding:history_field", args=["ATW-001", "summary"])
    client = sign_in(owner)
    assert f'name="seen" value="{second.pk}"' in client.get(address).content.decode()
    save(g, owner, "Third, by a colleague.", based_on=second.pk)
    sent = {"state": first.pk} | ({"seen": second.pk} if sends_mark else {})
    page = client.post(address, sent, follow=True).content.decode()

    assert "has written something newer meanwhile. Nothing was changed: look at it first." in page
    assert "Third, by a colleague." in page
    g.application.refresh_from_db()
    assert g.application.summary == "Third, by a colleague."
    assert [value for value, _aside in states(g)] == ["First.", "Second.", "Third, by a colleague."]
    assert not AuditEvent.objects.filter(action="funding.words_restored").exists()


def test_state_of_another_application_is_not_restored_or_chosen(sign_in, owner, g):
    other = ApplicationFactory()
    foreign = Revision.objects.create(application=other, field="summary", value="Foreign", by="X", is_set_aside=True)
    client = sign_in(owner)

    assert (
        client.post(reverse("funding:history_field", args=["ATW-001", "summary"]), {"state": foreign.pk}).status_code
        == 404
    )
    client.post(reverse("funding:project", args=["ATW-001"]), {"take": foreign.pk})

    assert Revision.objects.to_choose().get() == foreign


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("title", "x" * 161, "161 characters, 160 at most"),
        ("summary", "x" * 3001, "3001 characters, 3000 at most"),
        ("question-999999", "x", "is not asked any more"),
        ("lead", "x", "is not asked any more"),
        ("role", "x", "is not asked any more"),
    ],
)
def test_what_cannot_be_saved_says_why_and_changes_nothing(sign_in, owner, g, field, value, says):
    answer = sign_in(owner).post(
        reverse("funding:save_field", args=["ATW-001", field]), {"value": value, "revision": "0"}
    )

    assert (answer.status_code, answer.json()["state"]) == (409, "refused")
    assert says in answer.json()["message"]
    assert not Revision.objects.exists()


def test_answer_that_does_not_fit_yet_is_kept_as_typed_and_says_what_is_wrong(sign_in, owner, g):
    number = QuestionFactory(call=g.call, kind="number", text="How many?", most_words=None)
    address = reverse("funding:save_field", args=["ATW-001", f"question-{number.pk}"])
    client = sign_in(owner)

    answer = client.post(address, {"value": "about ten", "revision": "0", "page": "a"}).json()

    assert answer["problem"]
    assert Answer.objects.get(question=number).value == "about ten"
    client.post(address, {"value": "10", "revision": str(answer["revision"]), "page": "a"})
    assert Answer.objects.get(question=number).value == "10"
    client.post(address, {"value": "", "revision": str(Revision.objects.latest("pk").pk), "page": "a"})
    assert not Answer.objects.filter(question=number).exists()


def test_several_options_are_kept_as_a_list_also_without_scripts(sign_in, owner, g):
    boxes = QuestionFactory(call=g.call, kind="choices", options=["A", "B", "C"], most_words=None)
    key = f"question-{boxes.pk}"
    client = sign_in(owner)

    client.post(reverse("funding:project", args=["ATW-001"]), {key: ["A", "C"], f"rev-{key}": "0"})

    assert Answer.objects.get(question=boxes).value == ["A", "C"]
    client.post(reverse("funding:project", args=["ATW-001"]), {f"rev-{key}": str(Revision.objects.latest("pk").pk)})
    assert not Answer.objects.filter(question=boxes).exists()


def test_handed_in_application_keeps_what_was_typed_in_the_page(sign_in, owner, g):
    Application.objects.filter(pk=g.application.pk).update(status="submitted")

    page = sign_in(owner).post(
        reverse("funding:project", args=["ATW-001"]), {"title": "Typed too late", "rev-title": "0"}
    ).content.decode()  # fmt: skip

    assert "Choose “Amend” to change it." in page
    assert 'value="Typed too late"' in page
    assert not Revision.objects.exists()


def test_partner_saves_its_own_field_and_no_other_by_its_link(client, g):
    def post(field: str) -> dict:
        address = reverse("funding:partner_save", args=[links.token_of(g.partner), field])
        return client.post(address, {"value": "We test.", "revision": "0"}).json()

    assert post("role")["state"] == "saved"
    assert post("title")["state"] == "refused"
    assert post(f"question-{g.idea.pk}")["state"] == "refused"
    g.partner.refresh_from_db()
    assert g.partner.role == "We test."
    assert Revision.objects.get().by == "Kadri Kask, Emajõe Filters"
    assert Partner.objects.get(pk=g.own.pk).role == ""


def test_lead_says_what_a_partner_does_also_without_scripts_and_answers_nothing_for_it(sign_in, owner, g):
    gain = QuestionFactory(call=g.call, asked_of="partner", text="What do you gain?")
    Revision.objects.create(
        application=g.application, partner=g.partner, field=f"question:{gain.pk}", value="OF THE PARTNER", by="Kadri",
        is_set_aside=True,
    )  # fmt: skip
    client, key = sign_in(owner), f"question-{gain.pk}"
    page = reverse("funding:consortium_partner", args=["ATW-001", g.partner.pk])

    client.post(page, {"role": "Builds pumps.", "rev-role": "0"})
    save_url = reverse("funding:save_partner_field", args=["ATW-001", g.partner.pk, key])
    refused = client.post(save_url, {"value": "x", "revision": "0"})
    history = client.get(reverse("funding:history_partner_field", args=["ATW-001", g.partner.pk, key]))
    client.post(reverse("funding:project", args=["ATW-001"]), {"take": Revision.objects.to_choose().get().pk})

    g.partner.refresh_from_db()
    assert (g.partner.role, g.partner.status) == ("Builds pumps.", "invited")
    assert refused.json()["message"] == "Only the partner itself answers this."
    assert history.status_code == 404
    assert Revision.objects.to_choose().count() == 1
    assert not Answer.objects.filter(question=gain).exists()


def test_request_without_words_wipes_nothing(sign_in, owner, g):
    address = reverse("funding:save_field", args=["ATW-001", "summary"])

    assert sign_in(owner).post(address, {"revision": "0"}).json()["state"] == "refused"

    g.application.refresh_from_db()
    assert g.application.summary == "Clean it together."
