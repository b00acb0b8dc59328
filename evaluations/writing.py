"""What is due by the state of things: links, reminders, more time, the end. Each mail goes out once, whoever asks."""

import logging

from django.utils import timezone

from core.actions import Refused
from evaluations import emails
from evaluations.actions import waves
from evaluations.models import Invitee, Wave
from evaluations.querysets import MOST_REMINDERS

logger = logging.getLogger(__name__)


def send_due() -> None:
    """Writes the links, the reminders and the news of more time that nobody has written yet, one mail at a time.

    Who stops in the middle loses nothing: what is not written is found again.
    """
    rows = Invitee.objects.select_related("wave__version").order_by("pk")
    for invitee in rows.to_invite():
        emails.send_survey(invitee=invitee)
    for invitee in rows.to_remind():
        emails.send_survey_reminder(invitee=invitee)
    for invitee in rows.to_tell_of_more_time():
        emails.send_survey_more_time(invitee=invitee)


def remind_due() -> None:
    """Reminds who is silent when a third of a wave's time has passed, and again after two thirds."""
    now = timezone.now()
    for wave in Wave.objects.filter(status=Wave.Status.OPEN, closes_at__gt=now).order_by("pk"):
        passed = (now - wave.opened_at) / (wave.closes_at - wave.opened_at)
        if due := min(int(passed * (MOST_REMINDERS + 1)), MOST_REMINDERS):
            waves.remind(wave=wave, by=None, most=due)


def close_due() -> None:
    """Closes waves whose last day has passed."""
    for wave in Wave.objects.past_their_last_day().order_by("pk"):
        try:
            waves.close_wave(wave=wave, by=None)
        except Refused as refusal:  # somebody has closed it in between
            logger.info("%s: %s", wave, refusal)
