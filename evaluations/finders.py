"""Plotly's own script from its package: one file of it, and nothing else that lies beside it."""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage, Storage

NAME = "plotly/plotly.min.js"


class PlotlyFinder(BaseFinder):
    """Finds the script that draws charts."""

    def __init__(self, *_args: object, **_kwargs: object) -> None:
        spec = find_spec("plotly")  # without importing it: only its script is wanted
        self.folder = Path(spec.origin).parent / "package_data"
        self.storage = FileSystemStorage(location=self.folder)
        self.storage.prefix = "plotly"

    def check(self, **_kwargs: object) -> list[object]:
        """Nothing can be set up wrongly."""
        return []

    def find(self, path: str, find_all: bool = False) -> str | list[str]:
        """Where the script lies, if it is the one."""
        found = [str(self.folder / "plotly.min.js")] if path == NAME else []
        return found if find_all else "".join(found)

    def list(self, ignore_patterns: object) -> Iterator[tuple[str, Storage]]:
        """The script and the storage that has it."""
        yield "plotly.min.js", self.storage
