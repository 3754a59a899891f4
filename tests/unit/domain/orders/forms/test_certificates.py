"""A pasted text must be exactly one certificate; see also the functions' tests."""

import pytest

from local.players.certificates import certified
from schoolsms.domain.orders.forms.certificates import LONGEST, MOST, certificate

PEM = certified("Autorité", authority=True).pem


@pytest.mark.parametrize(
    "written", [PEM, PEM.strip(), PEM.replace("\n", "\r\n"), PEM.replace("\n", "\n  "), f"\n{PEM}\n"]
)
def test_a_certificate_is_the_same_however_its_lines_end(written: str) -> None:
    assert certificate(written) == PEM


@pytest.mark.parametrize(
    "written", ["", "MII", PEM + PEM, f"x{PEM}", PEM.replace("CERTIFICATE", "PUBLIC KEY"), PEM[:80]]
)
def test_what_is_no_certificate_is_none(written: str) -> None:
    assert certificate(written) is None


def test_a_full_list_fits_into_an_item() -> None:
    assert LONGEST * MOST < 400_000 - 1_000
