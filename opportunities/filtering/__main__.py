"""The filter on files: `python -m opportunities.filtering --members M.jsonl --opportunities O.jsonl --top 50`.

Writes one JSON object a line: member_id, opportunity_id, rank, score (1.0 = covers all that the member asks for),
reasons. Without --today deadlines are left out of account. Exit status 2 says that the input cannot be used,
1 that the output cannot be written.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from core import streams
from opportunities.filtering.explain import explain
from opportunities.filtering.files import BadInput, read_members, read_opportunities, read_pairs, with_held
from opportunities.filtering.index import Index
from opportunities.filtering.model import fit
from opportunities.filtering.query import SCALE, member_query
from opportunities.filtering.rank import rank
from opportunities.filtering.sentences import sentence
from opportunities.filtering.types import Member, Opportunity
from opportunities.filtering.vectors import side_of


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 when every member got its list, 2 when the input cannot be used."""
    options = _parser().parse_args(arguments)
    try:
        members, opportunities = _read(options)
    except BadInput as error:
        print(error, file=sys.stderr)
        return 2
    for row in matched(members, opportunities, options.top, options.today):
        print(json.dumps(row, ensure_ascii=False))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m opportunities.filtering", description=__doc__)
    parser.add_argument("--members", type=Path, required=True, help="one member a line, JSON")
    parser.add_argument("--opportunities", type=Path, required=True, help="one opportunity a line, JSON")
    parser.add_argument("--exclude", type=Path, help="CSV of member_id,opportunity_id that members already hold")
    parser.add_argument("--top", type=_positive, default=50, help="how many a member, 50 by default")
    parser.add_argument("--today", type=date.fromisoformat, help="YYYY-MM-DD; without it deadlines do not count")
    return parser


def _positive(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of at least 1")
    return int(text)


def _read(options: argparse.Namespace) -> tuple[list[tuple[str, Member]], dict[str, Opportunity]]:
    members = read_members(options.members)
    opportunities = read_opportunities(options.opportunities)
    held = read_pairs(options.exclude) if options.exclude else {}
    numbered = {
        name: [opportunities[each].id for each in held.get(name, []) if each in opportunities] for name, _ in members
    }
    return [(name, with_held(member, numbered[name])) for name, member in members], opportunities


def matched(
    members: list[tuple[str, Member]], opportunities: dict[str, Opportunity], top: int, today: date | None
) -> Iterator[dict[str, object]]:
    """The rows of the output, members in file order, each one's best first."""
    model = fit(list(opportunities.values()), [member for _, member in members])
    names = {each.id: name for name, each in opportunities.items()}
    vectors = {each.id: model.opportunity_vector(each) for each in opportunities.values()}
    index = Index.build(model, vectors, list(opportunities.values()))
    queries = [member_query(model, member, feedback_vectors=vectors) for _, member in members]
    lists = rank(index, queries, today=today, keep=top, cut_off=0)
    for (name, member), query, found in zip(members, queries, lists, strict=True):
        for place, match in enumerate(found.matches, start=1):
            opportunity = opportunities[names[match.opportunity_id]]
            side = query.sides[side_of(opportunity)]
            reasons = explain(model, member, opportunity, today=today, query=side, vector=vectors[opportunity.id])
            yield {
                "member_id": name,
                "opportunity_id": names[opportunity.id],
                "rank": place,
                "score": match.score / SCALE,
                "reasons": [sentence(reason) for reason in reasons],
            }


if __name__ == "__main__":
    sys.exit(streams.run(main))
