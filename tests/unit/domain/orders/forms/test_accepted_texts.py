"""Which words a school accepted can be shown: each text has its version and the digest of its file (R4)."""

import hashlib
from pathlib import Path

import pytest

from schoolsms.domain.orders.forms import accepted_texts
from schoolsms.domain.orders.forms.accepted_texts import CONDITIONS, AcceptedText, declared

CONDITIONS_FOLDER = Path(accepted_texts.__file__).parent / "conditions"


def test_the_conditions_are_the_file_that_is_published() -> None:
    written = (CONDITIONS_FOLDER / f"{CONDITIONS.version}.txt").read_bytes()
    assert hashlib.sha256(written).hexdigest() == CONDITIONS.sha256


def test_a_text_is_declared_by_version_and_digest() -> None:
    assert declared("annexe-rgpd", "2025-05 " + "b" * 64) == AcceptedText("annexe-rgpd", "2025-05", "b" * 64)


@pytest.mark.parametrize("written", ["", "2025-05", "2025-05 abc", "2025 05 " + "b" * 64])
def test_a_text_without_either_is_none(written: str) -> None:
    with pytest.raises(ValueError, match="SHA-256|unpack"):
        declared("annexe-rgpd", written)
