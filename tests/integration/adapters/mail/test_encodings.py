"""Content-Transfer-Encoding as devices write it, and bodies that are not what it says."""

import base64
import binascii

import pytest

from tests.support.papers.raw_mails import BASE64, FORM, HEAD, PDF, TEXT, contents, mixed, part, read


@pytest.mark.parametrize(
    "encoding",
    [
        "base64;", "base64 (x)", "(x) base64", "BASE64", "base-64", '"base64"', "base64; charset=utf-8", " base64 ",
        "b64",
    ],
)  # fmt: skip
def test_base64_is_decoded_however_it_is_called(encoding: str) -> None:
    form = FORM.replace(b"Content-Transfer-Encoding: base64", f"Content-Transfer-Encoding: {encoding}".encode())
    got = read(mixed(TEXT, form))
    assert (contents(got), got.problems) == ([PDF], ())


def uuencoded(content: bytes, name: str = "bon.pdf") -> bytes:
    lines = [binascii.b2a_uu(content[at : at + 45]) for at in range(0, len(content), 45)]
    return b"begin 644 " + name.encode() + b"\r\n" + b"".join(lines).replace(b"\n", b"\r\n") + b"`\r\nend\r\n"


@pytest.mark.parametrize("encoding", ["x-uuencode", "uuencode", "X-UUE"])
def test_uuencode_is_decoded(encoding: str) -> None:
    headers = f'Content-Type: application/octet-stream; name="bon.pdf"\r\nContent-Transfer-Encoding: {encoding}'
    got = read(mixed(TEXT, part(headers, uuencoded(PDF))))
    assert (contents(got), got.problems) == ([PDF], ())


def test_a_file_uuencoded_in_the_text_is_found() -> None:
    raw = HEAD + b"\r\nBonjour,\r\n\r\n" + uuencoded(PDF, "bon.pdf")
    (attachment,) = read(raw).attachments
    assert (attachment.filename, attachment.content) == ("bon.pdf", PDF)


def test_every_file_uuencoded_in_the_text_is_found() -> None:
    other = b"%PDF-1.4 autre"
    raw = HEAD + b"\r\nBonjour,\r\n" + uuencoded(PDF) + b"et\r\n" + uuencoded(other, "C:\\autre.pdf") + b"Merci\r\n"
    assert [(each.filename, each.content) for each in read(raw).attachments] == [("bon.pdf", PDF), ("autre.pdf", other)]


def test_a_line_that_begins_as_uuencode_does_is_text() -> None:
    raw = HEAD + b"\r\nbegin 644 du bon de commande\r\n\r\nend\r\n"
    assert (read(raw).attachments, read(raw).problems) == ((), ())


def test_a_uuencoded_file_without_its_end_is_damaged() -> None:
    raw = HEAD + b"\r\n" + uuencoded(PDF).partition(b"`")[0]
    assert read(raw).problems == ("attachment-damaged",)


def test_an_encoding_that_nobody_knows_is_damage() -> None:
    form = FORM.replace(b"Encoding: base64", b"Encoding: x-yenc")
    assert read(mixed(TEXT, form)).problems == ("attachment-damaged",)


@pytest.mark.parametrize("size", [1, 2, 4, 5, 19, 55])
def test_base64_in_chunks_with_their_own_padding_is_decoded_whole(size: int) -> None:
    chunks = [base64.b64encode(PDF[at : at + size]) for at in range(0, len(PDF), size)]
    for line_end in (b"\r\n", b""):
        form = FORM.replace(BASE64, line_end.join(chunks))
        got = read(mixed(TEXT, form))
        assert (contents(got), got.problems) == ([PDF], ())


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(BASE64[:-3], id="cut inside a group of four"),
        pytest.param(base64.b64encode(PDF[:5]).rstrip(b"=") + b"\r\n" + BASE64, id="padding missing in a chunk"),
        pytest.param(b"JVBER===", id="padding of no group"),
        pytest.param(b"=" + BASE64, id="padding before anything"),
        pytest.param(BASE64 + b"\r\n______\r\nListe des lycees\r\n", id="a list's footer below"),
        pytest.param(PDF, id="not encoded at all"),
    ],
)
def test_base64_that_may_lack_something_is_damaged(body: bytes) -> None:
    got = read(mixed(TEXT, FORM.replace(BASE64, body)))
    assert got.problems == ("attachment-damaged",)


def test_base64_that_does_not_say_so_is_decoded_and_called_damaged() -> None:
    got = read(mixed(TEXT, FORM.replace(b"Content-Transfer-Encoding: base64\r\n", b"")))
    assert (contents(got), got.problems) == ([PDF], ("attachment-damaged",))
