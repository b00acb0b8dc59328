"""The exchange with partners' portals: who they are, what went to and fro, and what was refused and why."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.actions import Refused
from core.downloads import as_file
from core.forms import refused_on
from ecosystem.actions import by_itself, foreign_cards, peers, receiving, sending
from ecosystem.exchange import MAX_BYTES
from ecosystem.forms.exchange import AddPeerForm, CardAnswerForm, PacketForm
from ecosystem.models import ForeignCard, PacketReceived, PacketSent, Peer, PeerKey
from ecosystem.reading import exchange as reading
from ecosystem.reading import sending as going
from ecosystem.tabs import room_tabs
from ecosystem.views.access import for_managers


def _said(request: HttpRequest, act: Callable[[], object], done: str) -> None:
    """Does it and says so, or says why it cannot be done."""
    try:
        act()
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)


def _peers(request: HttpRequest) -> QuerySet[Peer]:
    return Peer.objects.visible_to(request.user).select_related("partnership__organisation", "source")


def _key(request: HttpRequest, pk: int) -> PeerKey:
    return get_object_or_404(PeerKey.objects.select_related("peer").filter(peer__in=_peers(request)), pk=pk)


@require_safe
@for_managers
def home(request: HttpRequest) -> HttpResponse:
    """The peers, and the last packets in and out."""
    context = {
        "own": reading.own_identity(),
        "peers": reading.peers(request.user),
        "tabs": room_tabs(request),
        "form": PacketForm(),
        "max_bytes": MAX_BYTES,
    }
    return TemplateResponse(request, "ecosystem/exchange.html", context | reading.packets(request.user))


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def add(request: HttpRequest) -> HttpResponse:
    """A partner's portal, by its address. It is asked who it is; nothing is trusted yet."""
    form = AddPeerForm(request.POST or None, initial={"partnership": request.GET.get("partner")})
    if request.method == "POST" and form.is_valid():
        with refused_on(form, "address"):
            found = peers.look_up(form.cleaned_data["address"])
            return redirect(peers.add_peer(partnership=form.cleaned_data["partnership"], found=found, by=request.user))
    return TemplateResponse(request, "ecosystem/exchange_add.html", {"form": form})


@require_safe
@for_managers
def peer(request: HttpRequest, pk: int) -> HttpResponse:
    """One peer: keys to compare, packets, cards."""
    found = get_object_or_404(_peers(request), pk=pk)
    context = reading.peer_page(found, request.user) | going.page(found, request.user) | {"own": reading.own_identity()}
    return TemplateResponse(request, "ecosystem/exchange_peer.html", context)


@require_POST
@for_managers
def look_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks the portal again who it is: a new key waits to be confirmed."""
    found = get_object_or_404(_peers(request), pk=pk)
    try:
        new = peers.look_again(peer=found, found=peers.look_up(found.address), by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        told = ngettext("It shows %(n)s new key.", "It shows %(n)s new keys.", new) % {"n": new}
        messages.success(request, told if new else _("It shows the same keys as before."))
    return redirect(found)


@require_POST
@for_managers
def confirm_key(request: HttpRequest, pk: int) -> HttpResponse:
    """The fingerprint was compared."""
    found = _key(request, pk)
    done = _("The key is confirmed. Packets go to and fro from now on.")
    _said(request, lambda: peers.confirm_key(key=found, by=request.user), done)
    return redirect(found.peer)


@require_POST
@for_managers
def end_key(request: HttpRequest, pk: int) -> HttpResponse:
    """A key counts no longer."""
    found = _key(request, pk)
    _said(request, lambda: peers.end_key(key=found, by=request.user), _("The key counts no longer."))
    return redirect(found.peer)


@require_POST
@for_managers
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """A packet with all that the peer has not got yet: posted, or written to be carried by hand."""
    found = get_object_or_404(_peers(request), pk=pk)
    try:
        return redirect(sending.prepare(peer=found, by=request.user, send="by_hand" not in request.POST))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(found)


@require_POST
@for_managers
def daily(request: HttpRequest, pk: int) -> HttpResponse:
    """Changes go by themselves once a day, or not."""
    found, wanted = get_object_or_404(_peers(request), pk=pk), "daily" in request.POST
    by_itself.send_daily(peer=found, wanted=wanted, by=request.user)
    told = _("Changes go once a day from now on.") if wanted else _("Nothing goes daily any more.")
    messages.success(request, told)
    return redirect(found)


@require_POST
@for_managers
def upload(request: HttpRequest) -> HttpResponse:
    """A packet that came as a file."""
    form = PacketForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, _("Choose the file that the partner sent, then read it."))
        return redirect("exchange:home")
    found = receiving.receive(data=form.content(), by=request.user)
    if found.came_again:
        messages.info(request, _("This packet was taken before. Nothing is taken twice."))
    return redirect(found)


def _received(request: HttpRequest, pk: int) -> PacketReceived:
    rows = PacketReceived.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("peer__partnership__organisation", "by", "import_run"), pk=pk)


@require_safe
@for_managers
def received(request: HttpRequest, pk: int) -> HttpResponse:
    """One packet in: what was taken, and what was refused and why."""
    return TemplateResponse(request, "ecosystem/exchange_received.html", reading.received_page(_received(request, pk)))


@require_POST
@for_managers
def try_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Judges it anew, after what was wrong has been put right."""
    found = _received(request, pk)
    done = _("Tried again. What came of it stands below.")
    _said(request, lambda: receiving.try_again(packet=found, by=request.user), done)
    return redirect(found)


def _file(packet: PacketReceived | PacketSent) -> HttpResponse:
    """The bytes as they are. They are never shown as a page, whatever is in them."""
    return as_file(bytes(packet.raw), f"packet-{packet.sequence or packet.pk}.jws", sending.CONTENT_TYPE)


@require_safe
@for_managers
def received_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The packet as it came, as long as it is kept."""
    found = _received(request, pk)
    if not found.raw:
        raise Http404
    return _file(found)


def _sent(request: HttpRequest, pk: int) -> PacketSent:
    rows = PacketSent.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("peer__partnership__organisation", "started_by"), pk=pk)


@require_safe
@for_managers
def sent(request: HttpRequest, pk: int) -> HttpResponse:
    """One packet out: what the partner's portal said to it."""
    return TemplateResponse(request, "ecosystem/exchange_sent.html", reading.sent_page(_sent(request, pk)))


@require_safe
@for_managers
def sent_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The packet as it was signed, to be carried by hand."""
    found = _sent(request, pk)
    try:
        sending.insist_on_current(found)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(found)
    return _file(found)


@require_POST
@for_managers
def send_again(request: HttpRequest, pk: int) -> HttpResponse:
    """The same packet once more."""
    found = _sent(request, pk)
    _said(request, lambda: sending.send_again(packet=found, by=request.user), _("It is on its way again."))
    return redirect(found)


@require_POST
@for_managers
def carried(request: HttpRequest, pk: int) -> HttpResponse:
    """It was carried to the partner by hand."""
    found = _sent(request, pk)
    _said(request, lambda: sending.note_carried(packet=found, by=request.user), _("Noted: the partner has it."))
    return redirect(found)


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def card(request: HttpRequest, key: UUID) -> HttpResponse:
    """A company of a partner's cluster, and what this cluster says to it."""
    rows = ForeignCard.objects.visible_to(request.user).select_related("peer__partnership__organisation", "answered_by")
    found = get_object_or_404(rows, key=key)
    form = CardAnswerForm(request.POST or None, initial={"answer": found.answer, "message": found.message})
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            foreign_cards.answer_card(card=found, by=request.user, **form.cleaned_data)
            messages.success(request, _("Noted. It goes to the partner with the next packet."))
            return redirect(found.peer)
    context = {"card": found, "told": reading.told(found), "revealed": reading.revealed(found), "form": form}
    return TemplateResponse(request, "ecosystem/exchange_card.html", context | reading.card_state(found))
