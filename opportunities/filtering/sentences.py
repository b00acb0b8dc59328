"""The sentences behind reason codes. Templates stand here once, in English, so that they can be translated by key."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from babel.dates import format_date
from babel.lists import format_list

from core.codelists import countries, languages
from opportunities.filtering.types import Reason

# What was written stands behind a colon, whatever it is: a word without an article reads as well there as a clause.
TEMPLATES: Mapping[str, str] = {
    # Why it fits.
    "offer_meets_want": "They look for: {theirs}. You offer: {yours}.",
    "need_meets_offer": "They offer: {theirs}. You look for: {yours}.",
    "offer_meets_topic": "It names: {theirs}. You offer: {yours}.",
    "need_meets_topic": "It names: {theirs}. You look for: {yours}.",
    "offer_meets_want_untold": "They may want what you offer: {yours}.",
    "need_meets_offer_untold": "They may have what you look for: {yours}.",
    "offer_meets_topic_untold": "It is close to what you offer: {yours}.",
    "need_meets_topic_untold": "It is close to what you look for: {yours}.",
    "shared_words": "You both name: {words}.",
    "shared_code": "{scheme} {code} {label} is in your field.",
    "shared_plain_code": "{scheme} {code} is in your field.",
    "shared_identifier": "It belongs to the same family of calls as your topics: {code}.",
    "liked_before": "It is close to what you liked before: {words}.",
    "similar_topic_named": "Similar topic. You both name: {words}.",
    "similar_topic": "Similar topic, though no keyword is shared.",
    "similar_topic_few_words": "Similar topic, with few words in common.",
    "single_words": "Only single words are shared: {words}.",
    "target_market": "In your target market {country}.",
    "home_country": "In your own country, {country}.",
    "deadline_fits_weeks": "Deadline in {weeks} weeks fits your capacity.",
    "deadline_fits_days": "Deadline in {days} days fits your capacity.",
    "budget_fits": "Your share of the budget fits what you can co-finance.",
    "readiness_fits": "It works at your technology readiness level.",
    # Why it does not.
    "country_not_eligible": "It is not open to organisations from {country}.",
    "organisation_kind_not_eligible": "It is not open to your kind of organisation.",
    "size_not_eligible": "It is not open to companies of your size.",
    "deadline_passed": "The deadline was {date}.",
    "deadline_too_soon": "It takes about {hours} hours, more than you have in the {days} days until the deadline.",
    "kind_not_wanted": "You did not ask for opportunities of this kind.",
    "language_not_read": "It is written in {language}, which is not among your languages.",
    "own_organisation": "It comes from your own organisation.",
    "already_answered": "You have already answered it.",
}

# The same, told to somebody else about the member: only where the member is spoken to above.
ABOUT: Mapping[str, str] = {
    "offer_meets_want": "They look for: {theirs}. {member} offers: {yours}.",
    "need_meets_offer": "They offer: {theirs}. {member} looks for: {yours}.",
    "offer_meets_topic": "It names: {theirs}. {member} offers: {yours}.",
    "need_meets_topic": "It names: {theirs}. {member} looks for: {yours}.",
    "offer_meets_want_untold": "They may want what {member} offers: {yours}.",
    "need_meets_offer_untold": "They may have what {member} looks for: {yours}.",
    "offer_meets_topic_untold": "It is close to what {member} offers: {yours}.",
    "need_meets_topic_untold": "It is close to what {member} looks for: {yours}.",
    "shared_words": "Their profile names it, too: {words}.",
    "similar_topic_named": "Similar topic. Their profile names it, too: {words}.",
    "shared_code": "{scheme} {code} {label} is in their field.",
    "shared_plain_code": "{scheme} {code} is in their field.",
    "shared_identifier": "It belongs to the same family of calls as their topics: {code}.",
    "liked_before": "It is close to what they liked before: {words}.",
    "target_market": "In their target market {country}.",
    "home_country": "In their own country, {country}.",
    "deadline_fits_weeks": "Deadline in {weeks} weeks fits their capacity.",
    "deadline_fits_days": "Deadline in {days} days fits their capacity.",
    "budget_fits": "Their share of the budget fits what they can co-finance.",
    "readiness_fits": "It works at their technology readiness level.",
    "organisation_kind_not_eligible": "It is not open to their kind of organisation.",
    "size_not_eligible": "It is not open to companies of their size.",
    "deadline_too_soon": "It takes about {hours} hours, more than they have in the {days} days until the deadline.",
    "kind_not_wanted": "They did not ask for opportunities of this kind.",
    "language_not_read": "It is written in {language}, which is not among their languages.",
    "own_organisation": "It comes from their own organisation.",
    "already_answered": "They have already answered it.",
}

SCHEME_NAMES: Mapping[str, str] = {
    "cpv": "CPV",
    "nace": "NACE",
    "nuts": "NUTS",
    "euroscivoc": "EuroSciVoc",
    "programme": "Programme",
    "een-technology": "Technology",
    "een-market": "Market",
    "een-sdg": "SDG",
}


def sentence(reason: Reason, *, about: str = "", translate: Callable[[str], str] = str, language: str = "en") -> str:
    """The reason as a sentence to the member, or to somebody else when `about` names the member.

    `translate` may be gettext, `language` names countries and languages (ISO 639-1).
    """
    template = ABOUT.get(reason.code, TEMPLATES[reason.code]) if about else TEMPLATES[reason.code]
    return translate(template).format(member=about, **_named(reason.values, language))


def _named(values: Mapping[str, str | int | Sequence[str]], language: str) -> dict[str, object]:
    named: dict[str, object] = dict(values)
    names: dict[str, Mapping[str, str]] = {
        "country": countries(language),
        "language": languages(language),
        "scheme": SCHEME_NAMES,
    }
    for key, known in names.items():
        if key in named:
            named[key] = known.get(str(named[key]), str(named[key]))
    for key, value in values.items():
        if not isinstance(value, str | int):
            named[key] = format_list(list(value), locale=_locale(language))
    if "date" in named:
        named["date"] = format_date(date.fromisoformat(str(named["date"])), "d MMMM yyyy", locale=_locale(language))
    return named


def _locale(language: str) -> str:
    """British habits for English: "a, b and c", 3 May 2027."""
    return "en_GB" if language == "en" else language
