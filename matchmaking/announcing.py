"""Mails that are due by the state of things: who is to be told and was not yet. Each goes out once, whoever asks."""

from celery import current_app
from django.db import transaction
from django.db.models import Q

from core.models import Mail
from matchmaking import emails
from matchmaking.models import Participant, Round, RoundPartner
from members.models import Invitation, Membership

IN_CHARGE = (Membership.Role.OWNER, Membership.Role.EDITOR)


def after_commit() -> None:
    """Sends what is due as soon as the change is there; a message that is lost only delays it to the next minute."""
    transaction.on_commit(lambda: current_app.send_task("matchmaking.send_due_mails"), robust=True)


def send_due() -> None:
    """Invitations to open rounds, reminders that were asked for, news of rounds that were cancelled."""
    rows = Participant.objects.select_related("cluster", "round").with_span().order_by("pk")
    for participant in rows.to_invite():
        emails.send_round_invitation(participant=participant)
    for participant in rows.to_remind():
        emails.send_round_reminder(participant=participant)
    for participant in rows.to_tell_of_cancelled():
        emails.send_round_cancelled(round_=participant.round, to=participant.email, key=f"{participant.pk}")


def to_partners(round_: Round, partner: RoundPartner | None = None) -> None:
    """Tells those in charge at the round's partners, or at one of them, what they can do. Each is told once."""
    partners = [partner] if partner else list(round_.partners.select_related("organisation"))
    for each in partners:
        there = Q(organisation=each.organisation_id, role__in=IN_CHARGE)
        for membership in Membership.objects.filter(there, user__is_active=True).select_related("user"):
            emails.send_round_partner(partner=each, to=membership.user.email)
        for invitation in Invitation.objects.unanswered().filter(there):
            emails.send_round_partner(partner=each, to=invitation.email, invitation=invitation)


def of_cancelled_to_partners(round_: Round) -> None:
    """Tells those at the partners who were told of the round that it does not take place."""
    for partner in round_.partners.all():
        told = Mail.objects.filter(key__startswith=f"round-partner:{partner.pk}:")
        for address in told.values_list("to", flat=True).distinct():
            emails.send_round_cancelled(round_=round_, to=address, key=f"partner:{partner.pk}:{address}")
