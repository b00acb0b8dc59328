"""Files of an application: looked through, kept under a name of our own, and never quite gone."""

import hashlib
import uuid

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import Refused, record
from funding import files
from funding.actions.locks import open_part, writable
from funding.actions.trail import of_part
from funding.actions.unconfirming import ask_again
from funding.anonymising import NotCleaned, clean_pdf
from funding.models import Application, Attachment, Partner, Question
from members.models import User

FOLDER = "funding/attachments"


@transaction.atomic
def add(*, application: Application, file: UploadedFile, by: User, question: Question | None = None) -> Attachment:
    """A file of the consortium. Raises Unfit for one that is not taken."""
    current = writable(application, by=by)
    partner = current.partners.get(is_lead=True) if question and question.asked_of == "partner" else None
    attachment = _keep(current, file, partner=partner, question=question, signed=str(by))
    record("funding.attachment_added", by=by, on=attachment, organisation_id=current.lead_id, sha256=attachment.sha256)
    return attachment


@transaction.atomic
def add_to_part(*, partner: Partner, file: UploadedFile, question: Question, signed: str) -> Attachment:
    """A file of a partner, through its link."""
    current = open_part(partner)
    attachment = _keep(current.application, file, partner=current, question=question, signed=signed)
    ask_again(current, by=None, what=[])
    of_part("funding.attachment_added", current, by=None, file=attachment.name, sha256=attachment.sha256)
    return attachment


def _keep(
    application: Application, file: UploadedFile, *, partner: Partner | None, question: Question | None, signed: str
) -> Attachment:
    kind = files.kind_of(file.file, name=file.name, size=file.size)
    if question and question.is_read_blind and application.call.is_blind:
        _insist_on_a_copy(file, kind)
    kept = application.attachments.kept()
    in_all = kept.aggregate(Sum("size"))["size__sum"] or 0
    if kept.count() >= files.MOST_FILES:
        raise files.Unfit(_("%(n)s files are attached: that is the most.") % {"n": files.MOST_FILES})
    if in_all + file.size > files.LARGEST_IN_ALL:
        most = files.LARGEST_IN_ALL // files.MEGABYTE
        raise files.Unfit(_("All files together would have more than %(n)s MB. Remove one first.") % {"n": most})
    file.seek(0)
    sha256 = hashlib.file_digest(file.file, "sha256").hexdigest()
    if same := kept.filter(sha256=sha256, partner=partner, question=question).first():
        return same
    file.seek(0)
    stored_as = default_storage.save(f"{FOLDER}/{timezone.now():%Y/%m}/{uuid.uuid4().hex}", file)
    try:
        return _row(application, file, kind, stored_as, partner, question, sha256, signed)
    except BaseException:
        default_storage.delete(stored_as)
        raise


def _insist_on_a_copy(file: UploadedFile, kind: files.Kind) -> None:
    """Reviewers of a blind call will read a copy: one that cannot be made is told now, to whom it can be told."""
    if kind.ending != "pdf":
        raise files.Unfit(_("Reviewers read a copy of this file without its properties. Send it as PDF."))
    file.seek(0)
    try:
        clean_pdf(file.read())
    except NotCleaned:
        told = _("No copy can be made of this PDF: it is locked, damaged or very long. Save it as PDF again.")
        raise files.Unfit(told) from None


def _row(
    application: Application, file: UploadedFile, kind: files.Kind, stored_as: str, partner: Partner | None,
    question: Question | None, sha256: str, signed: str,
) -> Attachment:  # fmt: skip
    Application.objects.filter(pk=application.pk).update(changed_at=timezone.now())
    return Attachment.objects.create(
        application=application,
        partner=partner,
        question=question,
        file=stored_as,
        name=files.clean_name(file.name, kind),
        content_type=kind.content_type,
        size=file.size,
        sha256=sha256,
        added_by=signed,
    )


@transaction.atomic
def remove(*, attachment: Attachment, by: User) -> None:
    """Taken out of the application; it stays in the store for the trail. Twice is once."""
    current = writable(attachment.application, by=by)
    if attachment.partner_id and not attachment.partner.is_lead:
        raise Refused(_("Only the partner itself removes its files."))
    if Attachment.objects.kept().filter(pk=attachment.pk).update(removed_at=timezone.now()):
        record("funding.attachment_removed", by=by, on=attachment, organisation_id=current.lead_id)


@transaction.atomic
def remove_from_part(*, partner: Partner, attachment: Attachment) -> None:
    """The same by the partner itself."""
    current = open_part(partner)
    if current.attachments.kept().filter(pk=attachment.pk).update(removed_at=timezone.now()):
        ask_again(current, by=None, what=[])
        of_part("funding.attachment_removed", current, by=None, file=attachment.name)
