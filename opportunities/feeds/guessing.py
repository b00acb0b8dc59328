"""Where a source does not say what kind of opportunity it offers, or whether a call is over: its own words decide."""

import re
from itertools import chain

from opportunities.feeds.types import Kind

_EVENTS = r"event|conference|konferen\w*|conférence|workshop|webinar\w*|seminar\w*|séminaire|matchmaking|brokerage"
_EVENTS += (
    r"|b2b|messe|trade fair|trade mission|business mission|expo|veranstaltung\w*|evento|événement|tapahtuma|mässa|kurs"
)
_TENDERS = r"tender\w*|procurement|contract notice|ausschreibung\w*|upphandling\w*|appel d.offres|gara d.appalto"
_TENDERS += r"|licitaci\w+|anbud\w*"
_PARTNERS = (
    r"partner (?:search|sought|request)|looking for partners?|business offer|technology (?:offer|request)|partnersuche"
)
_PARTNERS += r"|partnering opportunit\w+|business (?:offer|request)"
_CALLS = r"grants?|fund(?:s|ed|ing)|co-?financ\w+|vouchers?|subsid\w+|(?:open|joint) calls?|calls? for|loans?"
_CALLS += r"|förder\w*|zusch[uü]ss\w*|aufruf\w*|bidrag\w*|utlysning\w*|tilskud\w*|avustu\w*|rahoitu\w*|subvention\w*"
_CALLS += r"|appels? à|bando|bandi|contribut\w+|ayudas?|finanziament\w+|subvenci\w+|convocatoria\w*|dotacj\w+"
_CALLS += r"|dofinansowan\w+|nabór|toetus\w*"
_KINDS = (
    (Kind.PARTNERING, re.compile(rf"\b(?:{_PARTNERS})\b", re.IGNORECASE)),
    (Kind.TENDER, re.compile(rf"\b(?:{_TENDERS})\b", re.IGNORECASE)),
    (Kind.EVENT, re.compile(rf"\b(?:{_EVENTS})\b", re.IGNORECASE)),
    (Kind.FUNDING, re.compile(rf"\b(?:{_CALLS})\b", re.IGNORECASE)),
)
# What others say, too: somebody who seeks a thing or a firm, and what may be applied for.
_SEEKERS = r"seeks?|look(?:s|ing)? for|wants? to (?:buy|find|replace)|sucht|suchen|söker|cherche|cerca|busca|szuka"
_APPLYING = r"calls?|proposals?|apply|applications?|support for|money|prizes?|stöd|medel|ansök\w*|støtte|aides?"
_WEAKER = (
    (Kind.PARTNERING, re.compile(rf"\b(?:{_SEEKERS})\b", re.IGNORECASE)),
    (Kind.FUNDING, re.compile(rf"\b(?:{_APPLYING})\b", re.IGNORECASE)),
)
_OVER_WORDS = (
    r"closed|expired|geschlossen|abgelaufen|beendet|clôturé|clos|chiuso|scaduto|cerrado|encerrado|avslutad|stängd"
)
_OVER_WORDS += r"|lukket|afsluttet|päättynyt|suljettu|gesloten|zamknięt[ye]"
_CANCELLED_WORDS = r"cancelled|canceled|abgesagt|annulé|annullato|cancelado|inställd|inställt|aflyst|avlyst|peruttu"
# The word alone, in brackets, or in front of a colon or dash: "Closed loops" are not over.
_TOLD = r"^\W*(?:{0})(?:\s*:|\s+[–—|-]\s|\s*$)|[\[(](?:{0})[\])]"
_OVER = re.compile(_TOLD.format(_OVER_WORDS), re.IGNORECASE)
_CANCELLED = re.compile(_TOLD.format(_CANCELLED_WORDS), re.IGNORECASE)
DEADLINE_WORDS = re.compile(
    r"\b(?:deadline|closing date|apply by|submit by|open until|frist|einreichfrist|einreichschluss|abgabefrist"
    r"|bewerbungsschluss|date limite|échéance|scadenza|entro il|plazo|fecha límite|prazo"
    r"|sista (?:ansöknings)?dag|ansök senast|senast"
    r"|ansøgningsfrist|søknadsfrist|viimeinen hakupäivä|haku päättyy|termin|uiterlijk|tähtaeg)\b[^\d\n]{0,40}$",
    re.IGNORECASE,
)


def kind(*texts: str) -> Kind | None:
    """The first kind that the texts (most telling first) speak of, plainly or at least by a verb; None when none."""
    plainly = ((text, each) for text in texts for each in _KINDS)
    at_least = ((text, each) for each in _WEAKER for text in texts)
    return next((found for text, (found, words) in chain(plainly, at_least) if words.search(text)), None)


def status(title: str) -> str:
    """closed or cancelled when the title says it, else ""."""
    if _CANCELLED.search(title):
        return "cancelled"
    return "closed" if _OVER.search(title) else ""


_KIND_WORDS = {
    "partnering": Kind.PARTNERING,
    "tender": Kind.TENDER,
    "funding": Kind.FUNDING,
    "call": Kind.FUNDING,
    "grant": Kind.FUNDING,
    "event": Kind.EVENT,
    "mission": Kind.EVENT,
}


def kind_named(word: str) -> Kind | None:
    """The kind that a table's cell names; None when it names none."""
    folded = word.strip().casefold()
    exact = next((kind for name, kind in _KIND_WORDS.items() if folded.startswith(name)), None)
    if exact or not folded:
        return exact
    return next((found for found, words in _KINDS if words.search(folded)), None)
