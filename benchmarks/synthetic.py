"""Made-up members and opportunities of any number, always the same ones."""

from datetime import date, timedelta

import numpy as np

from core.codelists import cpv, nace
from opportunities.filtering import Code, Member, Opportunity

TODAY = date(2027, 4, 20)
TOPICS, WORDS_A_TOPIC, BACKGROUND = 300, 60, 15_000
COUNTRIES = ("SE", "FI", "DK", "NO", "EE", "LV", "LT", "PL", "DE", "NL")
SYLLABLES = [f"{first}{vowel}" for first in "bdfgklmnprstvz" for vowel in "aeiou"]


class _Maker:
    """Texts of one or two topics over a common background; words of both follow Zipf's law."""

    def __init__(self, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        self._background = [self._word() for _ in range(BACKGROUND)]
        self._topics = [[self._word() for _ in range(WORDS_A_TOPIC)] for _ in range(TOPICS)]
        self._nace, self._cpv = sorted(code for code in nace() if len(code) > 4), sorted(cpv())

    def _word(self) -> str:
        return "".join(self._random.choice(SYLLABLES, self._random.integers(2, 5)))

    def _zipf(self, words: list[str], count: int) -> list[str]:
        places = np.minimum(self._random.zipf(1.3, count), len(words)) - 1
        return [words[place] for place in places]

    def text(self, topics: list[int], length: int) -> str:
        """A text of this many words, a quarter of them on its topics."""
        words = self._zipf(self._background, length - length // 4)
        for topic in topics:
            words += self._zipf(self._topics[topic], length // 4 // len(topics))
        self._random.shuffle(words)
        return " ".join(words)

    def topics(self) -> list[int]:
        """One or two topics."""
        return self._random.integers(0, TOPICS, self._random.integers(1, 3)).tolist()

    def pick(self, values: tuple[str, ...], most: int) -> tuple[str, ...]:
        """Up to `most` of them."""
        return tuple(self._random.choice(values, self._random.integers(0, most + 1), replace=False).tolist())

    def opportunity(self, number: int) -> Opportunity:
        """About 150 words, one CPV code of its topic."""
        topics = self.topics()
        kind = str(self._random.choice(["partnering", "tender", "funding", "event"]))
        return Opportunity(
            number,
            kind=kind,
            partnering_type=str(self._random.choice(["BO", "BR", "TO", "TR", "RDR"])) if kind == "partnering" else "",
            title=self.text(topics, 8),
            text=self.text(topics, int(self._random.lognormal(5, 0.5)) + 8),
            codes=(Code("cpv", self._cpv[topics[0] * 31 % len(self._cpv)]),),
            countries=self.pick(COUNTRIES, 1),
            target_countries=self.pick(COUNTRIES, 9),
            deadline=TODAY + timedelta(days=int(self._random.integers(-10, 200))),
            effort_hours=float(self._random.choice([8, 40, 160])),
            language="en",
            organisation=f"Organisation {self._random.integers(0, 3000)}",
        )

    def member(self, number: int) -> Member:
        """About 80 words, three offers, two needs, two NACE codes."""
        topics = self.topics()
        return Member(
            number,
            name=f"Member {number}",
            country="SE",
            size_class="small",
            text=self.text(topics, 80),
            offers=tuple(self.text(topics, 8) for _ in range(3)),
            seeks=tuple(self.text(self.topics(), 8) for _ in range(2)),
            codes=tuple(Code("nace", self._nace[topic * 2 % len(self._nace)]) for topic in topics),
            markets=self.pick(COUNTRIES, 3),
            languages=("en", "sv"),
            hours_a_month=float(self._random.choice([8, 20, 60])),
        )


def made(opportunities: int, members: int, seed: int = 0) -> tuple[list[Opportunity], list[Member]]:
    """So many of each."""
    maker = _Maker(seed)
    return (
        [maker.opportunity(number) for number in range(1, opportunities + 1)],
        [maker.member(number) for number in range(1, members + 1)],
    )
