"""Names of the eForms schema, and how to reach a place in it."""

from collections.abc import Iterator

from lxml import etree

from opportunities.feeds.xml import content

NAMES = {
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "efac": "http://data.europa.eu/p27/eforms-ubl-extension-aggregate-components/1",
    "efbc": "http://data.europa.eu/p27/eforms-ubl-extension-basic-components/1",
}
NOTICES = {
    "ContractNotice",
    "ContractAwardNotice",
    "PriorInformationNotice",
    "BusinessRegistrationInformationNotice",
    "QualificationApplicationRequest",
}
# Elements that name people, beside those whose names say so (Contact, Telephone, FirstName).
CONTACTS = {"TouchPoint", "UltimateBeneficialOwner", "TechnicalCommitteePerson", "Person", "Department"}


def all_at(element: etree._Element, path: str) -> Iterator[etree._Element]:
    """The elements at a path written with the schema's usual prefixes."""
    return element.iterfind(path, NAMES)


def texts_at(element: etree._Element, path: str) -> list[str]:
    """Their texts, without empty ones."""
    return [text for found in all_at(element, path) if (text := content(found))]


def text_at(element: etree._Element, path: str) -> str:
    """The first text; "" when there is none."""
    return next(iter(texts_at(element, path)), "")


def variants(element: etree._Element, path: str) -> Iterator[tuple[str, str]]:
    """(language, text) of the elements at a path."""
    for found in all_at(element, path):
        yield found.get("languageID", ""), content(found)
