"""A report made by hand: every kind of part, long words, hidden cells and benchmarks. Its figures are invented."""

from evaluations.reports import content as c
from evaluations.reports.content import Content, Part, Row


def row(
    label: str, share: float | None, n: str = "", *, low=None, high=None, benchmark=None, value: str | None = None
) -> Row:
    """A bar; without a share it is a hidden one."""
    hidden = share is None
    said = value or ("too few to show" if hidden else f"{share:.0%}".replace("%", " %"))
    return {
        "label": label,
        "share": share,
        "low": low,
        "high": high,
        "benchmark": benchmark,
        "value": said,
        "n": n,
        "hidden": hidden,
    }


COLUMNS = ("Answer", "Share, with its 95 % interval", "Share", "Firms")


def barriers() -> Part:
    return c.bars(
        title="Time is the barrier most named, by 6 of 10 firms",
        columns=COLUMNS,
        rows=[
            row("Lack of time", 0.61, "76 of 124", low=0.55, high=0.67),
            row("Lack of financial resources", 0.44, "54 of 124", low=0.38, high=0.5),
            row("Lack of staff or skills", 0.38, "47 of 124", low=0.32, high=0.44),
            row("Regulation and administration across borders", 0.31, "38 of 124", low=0.26, high=0.37, benchmark=0.3),
            row("No clear opportunity", 0.27, "33 of 124", low=0.22, high=0.32),
            row("Lack of strategy", None),
            row("Other", None),
        ],
        notes=[
            c.note("n = 124 of 212 firms asked, response rate 58 %. Up to three answers each: shares add up to more."),
            c.note(
                "Marked line: unclear rules named by 30 % of SMEs (Flash Eurobarometer 2025, more than 17,000 firms).",
                "https://benchmarks.example/flash-2025",
            ),
        ],
    )


def ladder() -> Part:
    return c.bars(
        title="Seven of ten firms gained knowledge or contacts",
        columns=("Rung", "Share, with its 95 % interval", "Share", "Firms"),
        rows=[
            row("New knowledge", 0.72, "89 of 124", low=0.66, high=0.77),
            row("A lasting contact", 0.58, "72 of 124", low=0.52, high=0.64),
            row("An opportunity we work on", 0.35, "43 of 124", low=0.3, high=0.41),
            row("A joint project", 0.17, "21 of 124", low=0.13, high=0.22, benchmark=0.15),
            row("An agreement", None),
            row("Sales", None),
        ],
        notes=[c.note("n = 124 firms.")],
    )


def figures() -> Part:
    return c.figures(
        [
            {"label": "Response rate", "value": "58 %", "n": "124 of 212 firms", "hidden": False},
            {"label": "Gained knowledge", "value": "72 %", "n": "n = 124", "hidden": False},
            {"label": "Joint projects", "value": "21", "n": "told by members in 2026", "hidden": False},
            {"label": "Agreements or sales", "value": "too few to show", "n": "", "hidden": True},
        ]
    )


def quotes() -> Part:
    return c.quotes(
        [
            {"text": "We met our first customer in Tallinn at the round.", "by": "Ålgräs Robotics"},
            {
                "text": "The Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft.",
                "by": "A member company",
            },
        ]
    )


def content(kind: str = "yearly", **changed: object) -> Content:
    """The whole of it."""
    sections = [
        {"id": "who", "title": "Who was asked and who answered", "parts": [c.text("We asked 212 firms."), _answered()]},
        {"id": "findings", "title": "What the firms say", "parts": [barriers()]},
        {"id": "results", "title": "Results", "parts": [ladder()]},
        {"id": "quotes", "title": "In their own words", "parts": [quotes()]},
        {"id": "method", "title": "How these figures were made", "parts": [_method(), _sources()]},
    ]
    found: Content = {
        "kind": kind,
        "language": "en",
        "title": "Working across borders in 2026",
        "subtitle": "What members of the cluster met, gained and still need",
        "cluster": "Havsbris Cluster",
        "kicker": "Yearly report for funders" if kind == "yearly" else "For the board",
        "footer": "Data up to 31 December 2026. Portal 0.1.0, method 1.",
        "cut_off": {"year": 2026, "month": 12, "day": 31},
        "words": {"contents": "Contents"},
        "opening": [figures(), c.bullets(["Time is the barrier most named.", "Seven of ten firms gained knowledge."])],
        "sections": sections if kind == "yearly" else [sections[1], sections[2]],
    }
    return found | changed


def _answered() -> Part:
    return c.table(
        caption="By size class",
        columns=["Size class", "Asked", "Answered", "Response rate"],
        numeric=[False, True, True, True],
        rows=[
            ["Micro", "80", "41", "51 %"],
            ["Small", "72", "48", "67 %"],
            ["Medium", "60", "35", "58 %"],
            ["Large", "too few to show", "too few to show", "too few to show"],
        ],
        notes=[c.note("A group is hidden where fewer than 10 answered, and where it could be worked out from others.")],
    )


def _method() -> Part:
    return c.bullets(
        [
            "Intervals: Wilson, with the correction for a finite population.",
            "Nothing that rests on fewer than 10 answers is shown.",
        ]
    )


def _sources() -> Part:
    return c.facts(
        [
            c.fact("Questionnaire", "SME internationalisation, version 2"),
            c.fact("Flash Eurobarometer", "SMEs across borders, 2025", "https://benchmarks.example/flash-2025"),
        ]
    )
