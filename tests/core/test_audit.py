"""The audit trail: who did what to what, in the change's own transaction, for as long as it is kept."""

import pytest
from django.db import models, transaction

from core.actions import record
from core.models import AuditEvent
from members.models import Organisation


def test_event_names_the_actor_and_the_object(owner, organisation):
    event = record(
        "members.profile_changed", by=owner, on=organisation, organisation_id=organisation.pk, fields=["name"]
    )

    event.refresh_from_db()
    assert (event.actor_id, event.actor_label) == (owner.pk, str(owner))
    assert (event.object_type, event.object_id, event.object_label) == (
        "members.organisation", organisation.pk, "Ålgräs Robotics",
    )  # fmt: skip
    assert (event.organisation_id, event.details) == (organisation.pk, {"fields": ["name"]})
    assert str(event).endswith(f"{owner}: members.profile_changed Ålgräs Robotics")


def test_portal_acts_without_a_person(organisation):
    event = record("members.profile_changed", by=None, on=organisation)

    assert (event.actor_id, event.actor_label) == (None, "The portal")


def test_actor_cannot_be_forgotten(organisation):
    with pytest.raises(TypeError, match="by"):
        record("members.profile_changed", on=organisation)


def test_event_outlives_what_it_tells_of(owner, organisation):
    record("members.profile_changed", by=owner, on=organisation)
    owner.delete()
    organisation.delete()

    assert AuditEvent.objects.get(action="members.profile_changed").object_label == "Ålgräs Robotics"
    assert [field for field in AuditEvent._meta.get_fields() if isinstance(field, models.ForeignKey)] == []


def test_event_of_a_change_that_was_rolled_back_is_not_there(owner, organisation):
    with transaction.atomic():
        record("members.profile_changed", by=owner, on=organisation)
        transaction.set_rollback(True)

    assert not AuditEvent.objects.filter(action="members.profile_changed").exists()


def test_long_name_is_cut(owner):
    event = record("members.profile_changed", by=owner, on=Organisation(pk=1, name="Ö" * 400))

    assert event.object_label == "Ö" * 300
