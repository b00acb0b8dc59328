"""Names as others read them, in mails and on badges."""

from opportunities.feeds.text import clean


def in_one_line(text: str) -> str:
    """A name in one line and without signs that nobody sees: with more, it could write what the portal seems to say."""
    return " ".join(clean(" ".join(text.split())).split())
