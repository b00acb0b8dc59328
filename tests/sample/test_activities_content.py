"""The sample cluster's activities are believable, and load through the same doors as real ones."""

import tomllib

import pytest
from django.utils import timezone

from cluster_portal.sample import CONTENT, activities, load
from core.models import Mail
from members.models import Membership, User
from programme.models import Activity
from tests.sample.test_members_content import ORGANISATIONS

TOLD = tomllib.loads((CONTENT / "activities.toml").read_text(encoding="utf-8"))["activity"]
MEMBERS = {each["name"] for each in ORGANISATIONS if each["standing"] == "member"}
PARTNERS = {each["name"] for each in ORGANISATIONS if each["standing"] == "partner"}


def test_ten_activities_of_which_foreign_clusters_host_some_and_some_lack_lead_or_partner():
    assert len(TOLD) == 10
    assert sum(any("Cluster" in host["name"] for host in each["hosts"]) for each in TOLD) >= 2
    assert {each["state"] for each in TOLD} == {"over", "published", "cancelled", "draft"}
    assert any(not each["hosts"] for each in TOLD)
    assert any("lead" not in each for each in TOLD)
    assert {each["name"] for told in TOLD for each in told["hosts"]} <= PARTNERS
    assert {name for each in TOLD for name in (*each["members"], *filter(None, [each.get("lead")]))} <= MEMBERS


@pytest.mark.django_db
def test_they_load_with_lists_waiting_lists_attendance_and_costs():
    load.organisations()
    manager = User.objects.filter(memberships__role=Membership.Role.MANAGER).order_by("pk")[0]

    activities.load(today=timezone.localdate(), by=manager)

    assert dict(Activity.objects.values_list("name", "status")) == {each["name"]: each["state"] for each in TOLD}
    porto = Activity.objects.with_counts().get(name="Mission to the ports of Aveiro and Porto")
    assert (porto.taken, porto.waiting) == (8, 2)
    tartu = Activity.objects.get(name="Mission to the utilities of Tartu")
    assert tartu.ends_at < timezone.now()
    assert tartu.registrations.filter(attended=True, support_eur=320).count() >= 4
    assert not Mail.objects.filter(status=Mail.Status.QUEUED).exists()
