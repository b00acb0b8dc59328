"""One line each: the work is done elsewhere."""

from core.tasks import task
from ecosystem import pool_mails
from ecosystem.actions import partners


@task(name="ecosystem.remind_of_agreements")
def remind_of_agreements() -> None:
    """Writes to the cluster team of agreements that end soon."""
    partners.remind_of_agreements()


@task(name="ecosystem.send_pool_mails")
def send_pool_mails() -> None:
    """Writes to partners what is new in their pool, once a week."""
    pool_mails.send_due()
