"""Cost of reading a mail, in steps of Python, because a clock measures the machine more than the code."""

import base64
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from schoolsms.adapters.mail.inbound import MimeMailReader
from schoolsms.adapters.mail.mime_headers import MAX_HEADER_LINES, MAX_PARAMETERS, read_headers

HEAD = b"From: a@b.test\r\n"


def steps(raw: bytes) -> int:
    """Lines of Python that reading `raw` runs, in our code and in the library's."""
    count = 0

    def trace(_frame: FrameType, event: str, _arg: object) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        MimeMailReader().parse(raw)
    finally:
        sys.settrace(before)
    return count


def parts(number: int, headers: bytes, body: bytes = b"JVBERi0=") -> bytes:
    one = b"--b\r\n" + headers + b"\r\n\r\n" + body + b"\r\n"
    return HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + one * number + b"--b--\r\n"


def quoted(length: int) -> bytes:
    return b'Content-Type: application/pdf; name="' + b'\\"' * length + b'"'


KINDS: dict[str, Callable[[int], bytes]] = {
    "semicolons": lambda n: parts(10, b"Content-Type: application/pdf" + b";" * n),
    "parameters": lambda n: parts(10, b"Content-Type: application/pdf" + b"; a=b" * n),
    "continuations": lambda n: parts(
        10, b"Content-Type: application/pdf" + b"".join(b"; name*%d=a" % number for number in range(n))
    ),
    "quotes": lambda n: parts(10, quoted(n)),
    "encoded words": lambda n: parts(10, b"Content-Type: application/pdf; name=" + b"=?utf-8?q?a?=" * n),
    "parts": lambda n: parts(n, b"Content-Type: application/pdf"),
    "headers": lambda n: parts(3, b"X: y\r\n" * n + b"X: y"),
    "lines of one header": lambda n: parts(3, b"X: y" + b"\r\n z" * n),
    "lines that are no header": lambda n: parts(3, b"X\r\n" * n + b"X: y"),
    "authors": lambda n: b"From: " + b"a@b.test," * n + b"\r\n\r\n",
    "comments": lambda n: b"From: " + b"(" * n + b")" * n + b"<a@b.test>\r\n\r\n",
    "encoded words of an author": lambda n: b"From: " + b"=?utf-8?q?a?= " * n + b"<a@b.test>\r\n\r\n",
    "levels": lambda n: HEAD + b"Content-Type: message/rfc822\r\n\r\n" * n,
    "chunks of base64": lambda n: parts(
        1, b"Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64", b"QQ==\r\n" * n
    ),
    "lines of uuencode": lambda n: HEAD + b"\r\nbegin 644 a.pdf\r\n" + b'#0V%T\r\n' * n + b"end\r\n",
    "lines of text": lambda n: HEAD + b"\r\n" + b"x\r\n" * n,
    "delimiters": lambda n: parts(1, b"Content-Type: text/plain", b"\r\n--b" * n),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_twice_as_much_of_anything_costs_twice_as_much_at_most(kind: str) -> None:
    some, twice = steps(KINDS[kind](40)), steps(KINDS[kind](80))
    assert twice <= 2.2 * some


@pytest.mark.parametrize("kind", ["semicolons", "parameters", "continuations", "headers", "authors", "levels", "parts"])
def test_beyond_its_limit_more_costs_nothing(kind: str) -> None:
    most = 2_200 if kind == "headers" else 200
    assert steps(KINDS[kind](8 * most)) <= 1.1 * steps(KINDS[kind](most))


def test_parameters_beyond_the_hundredth_are_cut_and_the_cut_is_named() -> None:
    hundred, more = b"; a=b" * MAX_PARAMETERS, b"; a=b" * (MAX_PARAMETERS + 1)
    assert read_headers(b"Content-Type: text/plain" + hundred).sound
    cut = read_headers(b"Content-Type: text/plain" + more)
    assert not cut.sound
    assert str(cut.headers["content-type"]).count(";") == MAX_PARAMETERS


def test_lines_beyond_the_two_thousandth_are_not_read_and_that_is_named() -> None:
    assert read_headers(b"X: y\r\n" * (MAX_HEADER_LINES - 1) + b"X: y\r\n\r\n").whole
    cut = read_headers(b"X: y\r\n" * MAX_HEADER_LINES + b"From: late@b.test\r\n\r\n")
    assert not cut.whole
    assert "from" not in cut.headers


def test_a_mail_whose_headers_were_cut_says_so() -> None:
    raw = HEAD + b"X: y\r\n" * MAX_HEADER_LINES + b"\r\n" + base64.encodebytes(b"%PDF-")
    assert MimeMailReader().parse(raw).problems == ("headers-too-large",)
