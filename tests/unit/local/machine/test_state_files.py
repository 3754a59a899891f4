"""Small files of the state: whole, or refused in one line."""

from pathlib import Path

import pytest

from local.machine.state_files import UnusableState, refusing, write_whole
from local.phone_network.store import Store
from local.stack.tokens import ClaimNames, TokenIssuer


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "key"
    for content in (b"first", b"2"):
        write_whole(path, content, mode=0o600)
        assert path.read_bytes() == content
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["key"]


def test_whatever_is_wrong_is_said_in_one_line_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UnusableState) as refused, refusing(tmp_path, "remove it"):
        tmp_path.read_bytes()
    assert str(refused.value) == f"{tmp_path} cannot be used: Is a directory. Nothing was changed: remove it"


@pytest.mark.parametrize("content", [b"", b"no key\n", b"-----BEGIN PRIVATE KEY-----\nMII\n"])
def test_a_damaged_key_of_the_issuer_is_refused_and_kept(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "issuer.pem"
    path.write_bytes(content)
    with pytest.raises(UnusableState, match="remove it to have a new key made") as refused:
        TokenIssuer("http://i", "a", ClaimNames("school", "roles", "client_id"), path)
    assert "\n" not in str(refused.value)
    assert path.read_bytes() == content


@pytest.mark.parametrize("name", ["network.jsonl", "phones.jsonl"])
@pytest.mark.parametrize("content", [b"\xff\xfe\n", b'{"other": 1}\n', b"[1]\n"])
def test_a_phone_network_that_cannot_remember_is_refused_and_kept(tmp_path: Path, name: str, content: bytes) -> None:
    """It would take messages again under ids that the service has."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UnusableState, match=name):
        Store(tmp_path)
    assert (tmp_path / name).read_bytes() == content
