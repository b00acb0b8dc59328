"""The room's mails: what is written to whom. Whether to write is decided in the actions."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils import timezone

from core import mail
from ecosystem import links
from ecosystem.models import Agreement, Partnership, SharedOpportunity, Shortlist, ShortlistCard
from ecosystem.reading import sharing
from members.emails import write
from members.models import User


def send_agreement_ends(*, agreement: Agreement, to: User) -> None:
    """An agreement ends within two months; once for each of its ends."""
    key = f"agreement-ends:{agreement.pk}:{agreement.valid_until}:{to.pk}"
    url = mail.absolute(agreement.partnership.get_absolute_url())
    write("agreement_ends", to=to.email, key=key, agreement=agreement, partner=agreement.partnership, url=url)


def send_pool_news(*, partnership: Partnership, shared: Sequence[SharedOpportunity], to: User) -> None:
    """What is new in a partner's pool; once for each set of news."""
    key = f"pool-news:{max(each.pk for each in shared)}:{max(each.at for each in shared).isoformat()}:{to.pk}"
    listed = [{"opportunity": each.opportunity, "url": mail.absolute(each.get_absolute_url())} for each in shared]
    url = mail.absolute(reverse("ecosystem:pool", args=[partnership.organisation.slug]))
    write("pool_news", to=to.email, key=key, partner=partnership, listed=listed, url=url)


def send_pool_interest(*, shared: SharedOpportunity, to: User) -> None:
    """A partner knows a company for an opportunity; once for each time that it says so."""
    key = f"pool-interest:{shared.pk}:{shared.answered_at.isoformat()}:{to.pk}"
    url = mail.absolute(shared.get_absolute_url())
    write("pool_interest", to=to.email, key=key, shared=shared, partner=shared.partnership, url=url)


def send_brought_in(*, brought: SharedOpportunity, to: User) -> None:
    """A partner proposes an opportunity: it waits in the inbox."""
    url = mail.absolute(reverse("opportunities:inbox"))
    about = {"opportunity": brought.opportunity, "partner": brought.partnership, "url": url}
    write("brought_in", to=to.email, key=f"brought-in:{brought.pk}:{to.pk}", **about)


def send_card_asked(*, card: ShortlistCard, to: User) -> None:
    """May a partner see the card without a name, and be introduced? The link answers without signing in."""
    about = {"card": card, "shortlist": card.shortlist, "partner": card.shortlist.partnership}
    write("card_asked", to=to.email, key=f"card-asked:{card.pk}:{to.pk}", url=links.url_of(card, to), **about)


def send_cards_shown(*, shortlist: Shortlist, count: int, to: User) -> None:
    """Companies to look at, without their names."""
    key = f"cards-shown:{shortlist.pk}:{shortlist.shown_at.isoformat()}:{to.pk}"
    url = mail.absolute(shortlist.get_absolute_url())
    write("cards_shown", to=to.email, key=key, shortlist=shortlist, count=count, url=url)


def _to_team(template: str, card: ShortlistCard, to: User, **more: str) -> None:
    about = {"card": card, "shortlist": card.shortlist, "partner": card.shortlist.partnership} | more
    key = f"{template.replace('_', '-')}:{card.pk}:{timezone.localdate()}:{to.pk}"
    write(template, to=to.email, key=key, url=mail.absolute(card.shortlist.get_absolute_url()), **about)


def send_partner_interested_in(*, card: ShortlistCard, to: User, sentence: str = "") -> None:
    """The partner would like to meet the company behind a card, and may say why; once a day and card."""
    _to_team("card_interest", card, to, sentence=sentence)


def send_card_withdrawn(*, card: ShortlistCard, to: User) -> None:
    """The company has taken back what it agreed to, after the partner had said that it is interested."""
    _to_team("card_withdrawn", card, to)


def send_introduced_to_company(*, card: ShortlistCard, to: User) -> None:
    """Who the partner is, whom to write to there, and what it knows of the company now."""
    partnership = card.shortlist.partnership
    write(
        "introduced_company",
        to=to.email,
        key=f"introduced-company:{card.pk}:{to.pk}",
        kind="introduction",
        card=card,
        partner=partnership,
        contacts=list(partnership.contacts.order_by("name", "pk")),
        url=links.url_of(card, to),
    )


def send_introduced_to_partner(*, card: ShortlistCard, to: User) -> None:
    """Who the company is: what it has agreed to, and nothing else."""
    write(
        "introduced_partner",
        to=to.email,
        key=f"introduced-partner:{card.pk}:{to.pk}",
        kind="introduction",
        shortlist=card.shortlist,
        told=sharing.agreed(card),
        url=mail.absolute(card.shortlist.get_absolute_url()),
    )
