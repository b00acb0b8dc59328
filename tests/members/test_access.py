"""Who gets which answer from which address of the room."""

import pytest
from django.urls import URLPattern, reverse

from members import urls
from members.actions import organisations as actions
from members.models import Invitation, JoinRequest, Membership
from tests.factories.members import InvitationFactory, JoinRequestFactory, MembershipFactory, UserFactory

EVERYBODY = ("anonymous", "owner", "colleague", "viewer", "outsider", "manager", "evaluator")
SIGN_IN, OK, GONE_ON, FORBIDDEN, NOT_FOUND, WRONG_METHOD = "sign in", 200, 302, 403, 404, 405

# For each address: its method and the answers to anonymous, owner, colleague, viewer, outsider, manager, evaluator.
# `slug` is the organisation of owner, colleague and viewer; the outsider belongs to another one.
MATRIX = {
    "list": ("GET", SIGN_IN, 403, 403, 403, 403, 200, 403),
    "export": ("GET", SIGN_IN, 403, 403, 403, 403, 200, 403),
    "invite_anywhere": ("GET", SIGN_IN, 403, 403, 403, 403, 200, 403),
    "invitations": ("GET", SIGN_IN, 403, 403, 403, 403, 200, 403),
    "resend": ("POST", SIGN_IN, 302, 404, 404, 404, 302, 404),
    "withdraw": ("POST", SIGN_IN, 302, 404, 404, 404, 302, 404),
    "accept": ("GET", 404, 404, 404, 404, 404, 404, 404),
    "ask_again": ("POST", 404, 404, 404, 404, 404, 404, 404),
    "join": ("GET", 200, 200, 200, 200, 200, 200, 200),
    "join_requests": ("GET", SIGN_IN, 403, 403, 403, 403, 200, 403),
    "join_request": ("GET", SIGN_IN, 403, 403, 403, 403, 200, 403),
    "approve": ("POST", SIGN_IN, 403, 403, 403, 403, 200, 403),
    "decline": ("POST", SIGN_IN, 403, 403, 403, 403, 302, 403),
    "change_role": ("POST", SIGN_IN, 302, 403, 403, 404, 302, 404),
    "remove_person": ("POST", SIGN_IN, 302, 403, 403, 404, 302, 404),
    "profile": ("GET", SIGN_IN, 200, 200, 200, 200, 302, 302),
    "codes": ("GET", SIGN_IN, 200, 200, 200, 200, 200, 200),
    "settings": ("GET", SIGN_IN, 200, 200, 200, 200, 200, 200),
    "my_data": ("GET", SIGN_IN, 200, 200, 200, 200, 200, 200),
    "download_my_data": ("GET", SIGN_IN, 200, 200, 200, 200, 200, 200),
    "erase_account": ("GET", SIGN_IN, 200, 200, 200, 200, 200, 200),
    "erase_person": ("GET", SIGN_IN, 403, 403, 403, 403, 200, 403),
    "consent": ("POST", SIGN_IN, 302, 302, 302, 302, 302, 302),
    "withdraw_consent": ("GET", 404, 404, 404, 404, 404, 404, 404),
    "start_mail": ("POST", SIGN_IN, 302, 302, 302, 302, 302, 302),
    "needs": ("GET", SIGN_IN, 200, 200, 200, 404, 200, 403),
    "needs_list": ("GET", SIGN_IN, 403, 403, 403, 403, 200, 403),
    "remind_of_needs": ("POST", SIGN_IN, 403, 403, 403, 403, 302, 403),
    "stop_digest": ("POST", SIGN_IN, 302, 302, 302, 302, 302, 302),
    "undertakings": ("GET", SIGN_IN, 403, 403, 403, 403, 200, 403),
    "join_undertaking": ("POST", SIGN_IN, 403, 403, 403, 403, 200, 403),
    "settle_link": ("GET", SIGN_IN, 403, 403, 403, 403, 200, 403),
    "links": ("GET", SIGN_IN, 200, 200, 200, 404, 200, 403),
    "no_links": ("POST", SIGN_IN, 302, 302, 403, 404, 403, 403),
    "remove_link": ("POST", SIGN_IN, 302, 302, 403, 404, 403, 403),
    "separate": ("POST", SIGN_IN, 403, 403, 403, 403, 302, 403),
    "detail": ("GET", SIGN_IN, 200, 200, 200, 404, 200, 403),
    "edit": ("GET", SIGN_IN, 200, 200, 403, 404, 200, 403),
    "invite": ("GET", SIGN_IN, 200, 403, 403, 404, 200, 403),
    "edit_profile": ("GET", SIGN_IN, 302, 302, 403, 404, 302, 403),
    "step": ("GET", SIGN_IN, 200, 200, 403, 404, 200, 403),
    "listing": ("GET", SIGN_IN, 200, 200, 200, 404, 200, 403),
    "take_off_list": ("POST", SIGN_IN, 302, 302, 403, 404, 302, 403),
    "data": ("GET", SIGN_IN, 200, 200, 200, 404, 200, 403),
    "download": ("GET", SIGN_IN, 200, 200, 200, 404, 200, 403),
}
PUBLIC = {"accept", "ask_again", "join", "withdraw_consent"}
CASES = [
    (name, method, who, answer)
    for name, (method, *answers) in MATRIX.items()
    for who, answer in zip(EVERYBODY, answers, strict=True)
]


@pytest.fixture
def address(organisation, owner, colleague, viewer, outsider, home):
    """The path of each address, for the organisation of `owner`."""
    invitation = InvitationFactory(organisation=organisation)
    join_request = JoinRequestFactory()
    leaving = MembershipFactory(organisation=organisation, user=UserFactory(name="Lea Leaving"), role="viewer")
    linked = organisation.linked_companies.create(name="Lyse Holding", country="SE", link="votes")
    values = {
        "slug": organisation.slug,
        "step": "business",
        "scheme": "nace",
        "kind": "invitation",
    }

    def path(name):
        pattern = next(each for each in urls.urlpatterns if each.name == name)
        pk = {"people": leaving, "requests": join_request}.get(str(pattern.pattern).split("/")[0], invitation).pk
        pk = linked.pk if name in ("settle_link", "remove_link") else pk
        wanted = pattern.pattern.converters
        return reverse(f"members:{name}", kwargs={each: values.get(each, pk) for each in wanted})

    return path


def patterns() -> list[URLPattern]:
    return urls.urlpatterns


def test_matrix_covers_every_address():
    assert {each.name for each in patterns()} == set(MATRIX)
    assert len(CASES) == len(MATRIX) * len(EVERYBODY) >= 26 * 7


@pytest.mark.parametrize(("name", "method", "who", "answer"), CASES, ids=[f"{c[0]}-{c[2]}" for c in CASES])
def test_matrix(name, method, who, answer, address, client, sign_in, request):
    if who != "anonymous":
        client = sign_in(request.getfixturevalue(who))

    response = client.generic(method, address(name))

    if answer == SIGN_IN:
        assert response.status_code == 302
        assert response["Location"].startswith(reverse("account_login"))
    else:
        assert response.status_code == answer
    if answer in {403, 404} and who in {"outsider", "evaluator"}:
        assert "Ålgräs" not in response.content.decode()
        assert "olivia@" not in response.content.decode()


@pytest.mark.parametrize("name", [name for name, (method, *_) in MATRIX.items() if method == "POST"])
def test_write_rejects_get(name, address, sign_in, manager):
    response = sign_in(manager).get(address(name))

    assert response.status_code == 405
    assert response["Allow"] == "POST"


@pytest.mark.parametrize("name", ["detail", "data", "download", "list", "export", "codes", "profile", "edit_profile"])
def test_reading_rejects_post(name, address, sign_in, manager):
    assert sign_in(manager).post(address(name)).status_code == 405


def test_public_addresses_are_the_ones_that_say_so(address, client):
    anybody = {
        name for name, (method, *_) in MATRIX.items() if client.generic(method, address(name)).status_code != 302
    }

    assert anybody == PUBLIC


def test_evaluator_reads_why_organisations_are_closed(sign_in, evaluator, organisation):
    response = sign_in(evaluator).get(organisation.get_absolute_url())

    assert "Evaluators and reviewers do not see who is who." in response.content.decode()


def test_every_fixed_first_word_is_reserved():
    first = {str(each.pattern).split("/")[0] for each in patterns()} - {""}
    fixed = {word for word in first if "<" not in word}

    assert fixed == actions.RESERVED_SLUGS


@pytest.mark.parametrize("name", ["Settings", "Join", "Requests"])
def test_organisation_named_like_an_address_gets_another_slug(name, db):
    organisation = actions.add_organisation(name=name, kind="company", country="SE", by=None)

    assert organisation.slug == f"{name.lower()}-2"


def test_what_the_matrix_posts_did_happen_only_where_allowed(address, sign_in, colleague, viewer, outsider, evaluator):
    for person in (colleague, viewer, outsider, evaluator):
        for name in ("withdraw", "remove_person", "approve", "decline"):
            sign_in(person).post(address(name), {"new_name": "X", "role": "owner"})

    assert Invitation.objects.unanswered().count() > 0
    assert Invitation.objects.filter(withdrawn_at__isnull=False).count() == 0
    assert Membership.objects.filter(user__name="Lea Leaving").count() == 1
    assert JoinRequest.objects.filter(decided_at__isnull=False).count() == 0
