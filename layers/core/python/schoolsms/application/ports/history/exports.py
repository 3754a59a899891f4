"""Ports of exports of the history. Every method may raise TransientError."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from schoolsms.domain.history.history_messages import HistorySearch

ExportState = Literal["running", "ready", "failed"]


@dataclass(frozen=True)
class Export:
    """A file of a school that is being made: `cursor` is where the walk goes on, `rows` how many are written.

    `upload` and `parts` are the store's own names.
    """

    id: str
    school: str
    school_year: str
    search: HistorySearch
    state: ExportState = "running"
    cursor: str = ""
    rows: int = 0
    upload: str = ""
    parts: Sequence[str] = ()


class ExportSpoiled(Exception):
    """The upload is not as this export left it, because two runs made it at once. It has to begin again."""


class Exports(Protocol):
    """Exports and their files, for a day."""

    def get(self, uai: str, export_id: str) -> Export | None: ...

    def save(self, export: Export) -> None: ...

    def begin(self, export: Export) -> str:
        """Begin its file; the upload."""

    def add(self, export: Export, content: bytes) -> str:
        """The next part of its file, 5 MiB or more unless it is the last one. Raises ExportSpoiled."""

    def finish(self, export: Export) -> None:
        """Make the file of its parts. Raises ExportSpoiled."""

    def link(self, export: Export, filename: str) -> str:
        """An address from which anybody who knows it can download the file, for five minutes."""


class ExportQueue(Protocol):
    """Exports to make, or to go on with."""

    def export_due(self, school: str, export_id: str) -> None: ...
