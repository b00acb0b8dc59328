"""Who buys and who won in an eForms notice: parties stand there as ids and are resolved here."""

from collections.abc import Iterator

from lxml import etree

from core import codelists
from opportunities.feeds import ted
from opportunities.feeds.eforms_schema import all_at, text_at, texts_at, variants

_MOST_WINNERS = 200
_BUYER = "cac:ContractingParty/cac:Party/cac:PartyIdentification/cbc:ID"


def forget_people(root: etree._Element) -> None:
    """Take the names of natural persons out of the tree; that one took part stays."""
    for organisation in _organisations(root).values():
        for company in all_at(organisation, "efac:Company") if _is_person(organisation) else ():
            for name in list(all_at(company, "cac:PartyName")):
                company.remove(name)


def _is_person(organisation: etree._Element) -> bool:
    return text_at(organisation, "efbc:NaturalPersonIndicator") == "true"


def _organisations(root: etree._Element) -> dict[str, etree._Element]:
    found = all_at(root, ".//efac:Organizations/efac:Organization")
    return {text_at(one, "efac:Company/cac:PartyIdentification/cbc:ID"): one for one in found}


def _name(organisation: etree._Element, language: str) -> str:
    return ted.preferred(variants(organisation, "efac:Company/cac:PartyName/cbc:Name"), language)[0]


def _country(organisation: etree._Element) -> str:
    return codelists.country_code(
        text_at(organisation, "efac:Company/cac:PostalAddress/cac:Country/cbc:IdentificationCode")
    )


def buyers(root: etree._Element, language: str) -> list[str]:
    """The buyers' names, each once."""
    known = _organisations(root)
    names = (_name(known[buyer], language) for buyer in texts_at(root, _BUYER) if buyer in known)
    return list(dict.fromkeys(name for name in names if name))


def buyer_countries(root: etree._Element) -> list[str]:
    """The buyers' countries."""
    known = _organisations(root)
    return [_country(known[buyer]) for buyer in texts_at(root, _BUYER) if buyer in known]


def winners(root: etree._Element, language: str) -> list[dict[str, str]]:
    """Name, country and size class of each winner; a natural person stays unnamed."""
    known = _organisations(root)
    found = dict.fromkeys(identifier for identifier in _winner_ids(root) if identifier in known)
    return [_winner(known[identifier], language) for identifier in list(found)[:_MOST_WINNERS]]


def _winner(organisation: etree._Element, language: str) -> dict[str, str]:
    return {
        "name": "A natural person" if _is_person(organisation) else _name(organisation, language),
        "country": _country(organisation),
        "size": text_at(organisation, "efac:Company/efbc:CompanySizeCode"),
    }


def _winner_ids(root: etree._Element) -> Iterator[str]:
    """Settled contract -> its tenders -> their tendering parties -> the tenderers' organisations."""
    result = next(all_at(root, ".//efac:NoticeResult"), None)
    if result is None:
        return
    won = set(texts_at(result, "efac:SettledContract/efac:LotTender/cbc:ID"))
    parties = {
        text_at(tender, "efac:TenderingParty/cbc:ID")
        for tender in all_at(result, "efac:LotTender")
        if text_at(tender, "cbc:ID") in won
    }
    for party in all_at(result, "efac:TenderingParty"):
        if text_at(party, "cbc:ID") in parties:
            yield from texts_at(party, "efac:Tenderer/cbc:ID")
