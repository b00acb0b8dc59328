"""The list of erasures: what a restored backup brought back is erased again, and nobody else."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from core.models import Mail
from members import erasures
from members.actions import erasing
from members.models import Consent, Erasure, User
from tests.factories.members import ConsentFactory, InvitationFactory, UserFactory


def listed() -> str:
    out = StringIO()
    call_command("erasures", stdout=out)
    return out.getvalue()


def again(path: Path) -> str:
    out = StringIO()
    call_command("erasures", again=path.open(), stdout=out)
    return out.getvalue()


@pytest.fixture
def restored(tmp_path, colleague, owner) -> Path:
    """The list of a portal in which the colleague was erased; the database is that of the day before."""
    path = tmp_path / "list"
    at = timezone.now()
    path.write_text(f"{at.isoformat()} {erasures.hash_of(colleague.email)}\n\n")
    return path


def test_list_names_nobody(colleague, owner):
    erasing.erase_own_account(by=colleague)

    text = listed()

    erasure = Erasure.objects.get()
    assert text == f"{erasure.at.isoformat()} {erasures.hash_of(colleague.email)}\n"
    assert "carl" not in text.lower()


def test_hash_depends_on_the_key_of_the_portal(settings):
    before = erasures.hash_of("anna@new.example")
    settings.SECRET_KEY = "another"

    assert erasures.hash_of("anna@new.example") != before
    assert len(before) == 64


def test_who_came_back_is_erased_again(restored, colleague, owner):
    ConsentFactory(address=colleague.email)

    assert again(restored) == "1 on the list, 1 had come back and are erased again.\n"

    assert User.objects.get(pk=colleague.pk).name == "A person who left"
    assert User.objects.get(pk=owner.pk).is_active
    assert Consent.objects.get().withdrawn_at
    assert not Mail.objects.exists()  # the person was told the first time


def test_address_without_an_account_is_found_too(tmp_path, db):
    invitation = InvitationFactory(email="anna@new.example", name="Anna")
    path = tmp_path / "list"
    path.write_text(f"2027-05-03T10:00:00+00:00 {erasures.hash_of('anna@new.example')}\n")

    again(path)

    invitation.refresh_from_db()
    assert (invitation.name, invitation.withdrawn_at is None) == ("", False)
    assert invitation.email.endswith("@left.invalid")


def test_list_twice_is_once_and_does_not_touch_who_came_back_by_invitation(restored, colleague, owner):
    address = colleague.email
    again(restored)
    UserFactory(email=address)  # the person came back, after the erasure

    assert "0 had come back" in again(restored)
    assert User.objects.filter(email=address, is_active=True).exists()
    assert Erasure.objects.count() == 1


def test_erasure_that_the_backup_knows_is_not_done_again(tmp_path, colleague, owner):
    address = colleague.email
    erasing.erase_own_account(by=colleague)
    path = tmp_path / "list"
    path.write_text(listed())
    UserFactory(email=address)

    again(path)

    assert User.objects.filter(email=address, is_active=True).exists()


@pytest.mark.parametrize(
    "line", ["nonsense", "2027-05-03T10:00:00 " + "a" * 64, "2027-05-03T10:00:00+00:00 " + "z" * 64]
)
def test_list_with_another_line_erases_nobody(restored, colleague, line):
    with restored.open("a") as file:
        file.write(line + "\n")

    with pytest.raises(CommandError, match="no line of a list"):
        again(restored)

    assert User.objects.get(pk=colleague.pk).is_active
    assert not Erasure.objects.exists()


def test_erasing_leaves_its_line_in_the_log(colleague, owner, caplog, django_capture_on_commit_callbacks):
    """The list must survive a lost database: the log stands elsewhere."""
    with caplog.at_level("INFO"), django_capture_on_commit_callbacks(execute=True):
        erasing.erase_own_account(by=colleague)

    assert f"Erased: {erasures.line_of(Erasure.objects.get())}" in caplog.messages
