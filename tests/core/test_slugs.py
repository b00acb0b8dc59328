"""The part of an address that stands for a name."""

import pytest

from core.slugs import LENGTH, free_slug
from members.models import Organisation
from tests.factories.members import OrganisationFactory


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Sydkust Marin", "sydkust-marin"),
        ("Åby Örtagård", "aby-ortagard"),
        ("New", "new-2"),  # an address of the room's own
        ("Karlshamn", "karlshamn-3"),
        ("Καλημέρα", "organisation"),
        ("x" * 200, "x" * LENGTH),
    ],
)
def test_slug_is_free_and_says_the_name(db, name, slug):
    for taken in ("karlshamn", "karlshamn-2", "karlshamn-hamn"):
        OrganisationFactory(name=taken, slug=taken)

    assert free_slug(Organisation, name, {"new"}) == slug
