"""Who this portal is to other portals: its address, its key, and what it says of itself."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

from ecosystem import exchange
from ecosystem.exchange import PrivateKey
from members.models import Organisation


def own_key() -> PrivateKey | None:
    """The key that packets are signed with; None where the operator has set none."""
    if not settings.EXCHANGE_KEY:
        return None
    try:
        return exchange.private_key(settings.EXCHANGE_KEY)
    except exchange.UnusableKey as fault:
        raise ImproperlyConfigured(f"EXCHANGE_KEY: {fault}") from None


def own_address() -> str:
    """The portal's address as packets write it."""
    return exchange.address_of(settings.SITE_URL)


def introduction() -> dict[str, object] | None:
    """What /.well-known/cluster-portal.json says; None where nothing is exchanged."""
    key = own_key()
    home = Organisation.objects.filter(is_home=True).first()
    if key is None or home is None:
        return None
    inbox = f"{own_address()}{reverse('exchange:inbox')}"
    return exchange.introduce(address=own_address(), name=home.name, inbox=inbox, keys=[key.public])
