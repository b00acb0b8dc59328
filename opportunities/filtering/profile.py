"""Which fields of a member or an opportunity are read, in which language and with which weight."""

from collections.abc import Iterator

from opportunities.filtering import codes, text
from opportunities.filtering.types import Code, Member, Opportunity
from opportunities.filtering.vectors import THEY_OFFER, THEY_WANT, code_feature, word_feature
from opportunities.filtering.weights import Weights

Field = tuple[str, str, float]  # text, language, weight
Counts = tuple[dict[int, float], dict[int, float]]  # of word features, of code features


def opportunity_language(opportunity: Opportunity) -> str:
    """The declared language, or the one its words speak."""
    return opportunity.language or text.detect_language(
        " ".join([opportunity.title, opportunity.summary, opportunity.text])
    )


def member_language(member: Member) -> str:
    """The language in which the member wrote its profile."""
    return text.detect_language(" ".join([member.text, *member.offers, *member.seeks]))


def opportunity_fields(opportunity: Opportunity, weights: Weights) -> Iterator[Field]:
    """The texts of an opportunity, labels of its codes included."""
    language = opportunity_language(opportunity)
    yield opportunity.title, language, weights.title
    yield opportunity.summary, language, weights.summary
    # Many sources repeat the title at the head of the text: it is counted once.
    yield opportunity.text.removeprefix(opportunity.title), language, weights.body
    for keyword in opportunity.keywords:
        yield keyword, language, weights.keywords
    yield from _labels(opportunity.codes, weights)


def member_fields(member: Member, side: str, weights: Weights) -> Iterator[Field]:
    """The texts of a member as they face an opportunity of this side: offers meet wants, needs meet offers."""
    language = member_language(member)
    yield member.text, language, weights.body
    for keyword in member.keywords:
        yield keyword, language, weights.keywords
    for phrase in member.offers:
        yield phrase, language, _phrase_weight(side, THEY_WANT, weights)
    for phrase in member.seeks:
        yield phrase, language, _phrase_weight(side, THEY_OFFER, weights)
    yield from _labels(member.codes, weights)


def _phrase_weight(side: str, wanted_by: str, weights: Weights) -> float:
    if side == wanted_by:
        return weights.phrase_wanted
    return weights.phrase_unwanted if side in {THEY_OFFER, THEY_WANT} else weights.phrase_neutral


def _labels(held: tuple[Code, ...], weights: Weights) -> Iterator[Field]:
    for code in held:
        if words := codes.label(code):
            yield words, text.ENGLISH, weights.label


def opportunity_counts(opportunity: Opportunity, weights: Weights) -> Counts:
    """Word feature -> weighted count, code feature -> level weight."""
    words = text.weighted_terms(opportunity_fields(opportunity, weights))
    return {word_feature(stem): count for stem, count in words.items()}, code_counts(opportunity.codes, weights)


def member_counts(member: Member, side: str, weights: Weights) -> Counts:
    """The same for a member as it faces one side."""
    words = text.weighted_terms(member_fields(member, side, weights))
    return {word_feature(stem): count for stem, count in words.items()}, code_counts(member.codes, weights)


def code_counts(held: tuple[Code, ...], weights: Weights) -> dict[int, float]:
    """Code feature -> level weight."""
    return {
        code_feature(name): weight * (weights.identifier if codes.is_identifier(name) else 1.0)
        for name, weight in codes.features(held, weights).items()
    }
