"""One line each: the work is done elsewhere."""

from core.tasks import task
from ecosystem import pool_mails
from ecosystem.actions import by_itself, partners, receiving, sending


@task(name="ecosystem.remind_of_agreements")
def remind_of_agreements() -> None:
    """Writes to the cluster team of agreements that end soon."""
    partners.remind_of_agreements()


@task(name="ecosystem.send_pool_mails")
def send_pool_mails() -> None:
    """Writes to partners what is new in their pool, once a week."""
    pool_mails.send_due()


@task(name="ecosystem.send_packet", time_limit=300)
def send_packet(packet_id: int) -> None:
    """Posts one packet to a partner's portal."""
    sending.deliver(packet_id)


@task(name="ecosystem.send_packets")
def send_packets() -> None:
    """Sends what a lost message left behind, and tries again what a partner's portal did not take."""
    by_itself.resume()


@task(name="ecosystem.send_daily_packets", time_limit=300)
def send_daily_packets() -> None:
    """Sends the changes to partners' portals that get them once a day."""
    by_itself.send_due()


@task(name="ecosystem.forget_refused_packets")
def forget_refused_packets() -> None:
    """Drops the bytes of packets that were refused long ago."""
    receiving.forget_refused()
