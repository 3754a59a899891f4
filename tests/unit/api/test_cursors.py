"""Cursors are handed out sealed: what is made up, cut short or typed is no place in a list."""

import pytest

from schoolsms.api.cursors import seal, unseal
from schoolsms.domain.errors import RefusedError


@pytest.mark.parametrize("cursor", ["x", "0750655E", "2026-27|REQUESTAAAAAAA-1", "TEMPLATE#élève absent", "a" * 1_000])
def test_what_was_sealed_is_unsealed(cursor: str) -> None:
    sealed = str(seal(cursor))
    assert unseal(sealed) == cursor
    assert sealed.isascii()
    assert not set(sealed) & set("#|+/&=% ")


def test_the_end_of_a_list_has_no_cursor() -> None:
    assert [seal(None), seal(""), unseal(None), unseal("")] == [None] * 4


@pytest.mark.parametrize("written", ["x", "eA", "eA.", ".", "eA.00000000", "eA==.1", "é.é", "a" * 5_000, "\x00"])
def test_what_no_list_handed_out_is_refused(written: str) -> None:
    with pytest.raises(RefusedError) as refused:
        unseal(written)
    assert refused.value.code == "invalid-cursor"


def test_a_sealed_cursor_of_which_anything_is_changed_is_refused() -> None:
    sealed = str(seal("2026-11-23T09:00:00.000Z#BC26-AAAAAAAAAA"))
    for index in range(len(sealed)):
        for sign in "Aa0.-":
            if sealed[index] != sign:
                with pytest.raises(RefusedError):
                    unseal(sealed[:index] + sign + sealed[index + 1 :])
