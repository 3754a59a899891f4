"""The published conditions, which are part of the package: their exact text, and as a PDF (R4)."""

import re
from importlib.resources import files

_version = re.compile(r"[0-9]{4}-[0-9]{2}").fullmatch
_TEXTS = files("schoolsms.domain.orders.forms") / "conditions"


class PublishedConditions:
    """Every version that is in the package."""

    def text(self, version: str) -> bytes | None:
        """The file as it was published, whose SHA-256 orders keep; None for a version that there is not."""
        file = _TEXTS / f"{version}.txt"
        return file.read_bytes() if _version(version) and file.is_file() else None

    def pdf(self, text: bytes, version: str) -> bytes:
        """`text` laid out on A4."""
        from schoolsms.adapters.conditions.drawing import draw  # only for who wants a PDF

        return draw(text, version)
