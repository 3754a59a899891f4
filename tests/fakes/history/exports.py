"""In-memory stand-ins for exports and their files."""

from collections.abc import Callable
from dataclasses import dataclass, field

from schoolsms.application.ports.history.exports import Export, ExportSpoiled


@dataclass
class FakeExports:
    """Holds to S3's rules: parts have a least size, and a file is whole only of the parts it names."""

    least: int = 0
    known: dict[tuple[str, str], Export] = field(default_factory=dict)
    uploads: dict[str, dict[int, tuple[str, bytes]]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    before_add: list[Callable[[], object]] = field(default_factory=list)

    def get(self, uai: str, export_id: str) -> Export | None:
        return self.known.get((uai, export_id))

    def save(self, export: Export) -> None:
        self.known[export.school, export.id] = export

    def begin(self, export: Export) -> str:
        upload = f"{export.id}-{len(self.uploads)}"
        self.uploads[upload] = {}
        return upload

    def add(self, export: Export, content: bytes) -> str:
        if self.before_add:
            self.before_add.pop()()
        if export.upload not in self.uploads:
            raise ExportSpoiled
        number = len(export.parts) + 1
        tag = f"{number}-{hash(content)}"
        self.uploads[export.upload][number] = tag, content
        return tag

    def finish(self, export: Export) -> None:
        parts = self.uploads.get(export.upload, {})
        if [parts.get(number, ("", b""))[0] for number in range(1, len(export.parts) + 1)] != list(export.parts):
            raise ExportSpoiled
        contents = [parts[number][1] for number in range(1, len(export.parts) + 1)]
        assert all(len(content) >= self.least for content in contents[:-1])
        self.files[export.id] = b"".join(contents)
        del self.uploads[export.upload]

    def link(self, export: Export, filename: str) -> str:
        return f"https://files.test/{export.school}/{export.id}/{filename}"


@dataclass
class FakeExportQueue:
    due: list[tuple[str, str]] = field(default_factory=list)

    def export_due(self, school: str, export_id: str) -> None:
        self.due.append((school, export_id))
