"""Nothing that is held on people or organisations is forgotten: each column that says who or whose has its place."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models

from core.holdings import all_holdings, rooms
from members.models import Organisation, User
from tests.test_repository import OWN_ROOMS

# Rooms of others whose rows are a person's too. The rest of Django's tables hold codes and addresses of code.
ACCOUNTS = ("account", "mfa", "socialaccount", "usersessions")
# Columns with a person's name in them, as our rooms call them.
NAMES = {"actor_label", "added_by", "answered_by", "by", "by_label", "handed_in_by", "person", "phone", "who"}
NOT_OURS = {
    # The code that confirms an address stands with the address, which is listed; the key of a session opens one.
    "account.EmailConfirmation",
    "socialaccount.SocialToken",
}


def says_who(model: type[models.Model]) -> Iterator[str]:
    """The columns of a model that lead to a person or to an organisation, or hold an address or a name."""
    for field in model._meta.fields + model._meta.many_to_many:
        inner = field.base_field if isinstance(field, ArrayField) else field
        leads = field.is_relation and field.related_model in (User, Organisation)
        names = isinstance(field, models.CharField | models.TextField) and field.name in NAMES
        if leads or names or isinstance(inner, models.EmailField):
            yield field.name


def told_of(model: type[models.Model]) -> set[str]:
    """The columns of a model that some room tells, or finds rows by."""
    told = set()
    for each in all_holdings():
        if each.model is model:
            by = () if callable(each.organisation) else (each.organisation,)
            lookups = (*each.fields, *each.users, *each.addresses, *each.signed, *each.overwritten, *by)
            told |= {lookup.partition("__")[0] for lookup in lookups}
    return told


def test_every_column_that_says_who_or_whose_is_told_or_left_out_for_a_reason():
    left_out = {field: reason for room in rooms() for field, reason in room.left_out.items()}
    forgotten, seen = [], set()
    for model in apps.get_models(include_auto_created=True):
        label = model._meta.label.split(".")
        if label[0] not in (*OWN_ROOMS, *ACCOUNTS) or model._meta.label in NOT_OURS:
            continue
        for name in says_who(model):
            column = f"{model._meta.label}.{name}"
            seen.add(column)
            if name not in told_of(model) and column not in left_out:
                forgotten.append(column)

    assert forgotten == []
    assert set(left_out) - seen == set(), "left out, and not there"
    assert len(seen) >= 120
    assert [field for field, reason in left_out.items() if len(reason) < 30] == []


def test_every_room_says_what_it_holds():
    own = [each.label for each in apps.get_app_configs() if each.label in OWN_ROOMS and list(each.get_models())]

    # core knows no people: the room of members tells of its rows, too.
    assert len(rooms()) == len(own) - 1
    assert str(rooms()[0].name) == "Organisation and people"


@pytest.mark.parametrize("holding", list(all_holdings()), ids=lambda each: f"{each.label}: {each.name}")
def test_holding_says_what_becomes_of_a_person(holding):
    """What is a person's is deleted, loses name and address, or stays for a reason that the page tells."""
    if holding.is_of_people:
        fates = [holding.is_deleted, bool(holding.overwritten), bool(holding.kept_because)]
        assert fates.count(True) == 1
    else:
        assert holding.organisation
    assert str(holding.purpose)[-1] != "."
    assert str(holding.kept_for)[-1] != "."
