"""Whole numbers as links and forms send them: anything may stand there."""

LONGEST = 18  # digits: longer ones name nothing, and thousands of them no number that can be read


def whole_number(text: str) -> int:
    """The number that a link or a form names; 0, which no id has, for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST else 0
