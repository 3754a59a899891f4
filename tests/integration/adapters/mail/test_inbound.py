"""Mails as schools, their programs and ill-willed people write them."""

import base64
import time
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schoolsms.adapters.mail.inbound import MAX_ATTACHMENT_BYTES, MAX_MAIL_BYTES
from tests.support.papers.raw_mails import read

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
TIFF = b"II*\x00\x08\x00\x00\x00"


def mail(text: str = "Bonjour,\n\nVoici notre bon de commande.\n") -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"] = "Élodie Martin <Elodie.Martin@Lycee.Exemple.test>"
    message["To"] = "commande-sms@skolengo.test"
    message["Subject"] = "Bon de commande – lycée"
    message["Message-ID"] = "<abc.123@lycee.exemple.test>"
    message.set_content(text)
    return message


def with_pdf(filename: str = "bon.pdf", maintype: str = "application", subtype: str = "pdf") -> EmailMessage:
    message = mail()
    message.add_attachment(PDF, maintype=maintype, subtype=subtype, filename=filename)
    return message


def part(headers: str, body: bytes) -> bytes:
    return headers.encode() + b"\r\n\r\n" + body


def multipart(*parts: bytes, boundary: str = "limite", closed: bool = True, head: str = "From: a@b.test\r\n") -> bytes:
    delimiter = f"--{boundary}".encode()
    body = b"".join(b"\r\n" + delimiter + b"\r\n" + one for one in parts)
    end = b"\r\n" + delimiter + b"--\r\n" if closed else b""
    return part(f'{head}Content-Type: multipart/mixed; boundary="{boundary}"', body + end)


BASE64_PDF = "Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64"


def test_an_ordinary_mail_gives_sender_subject_id_and_the_form() -> None:
    got = read(bytes(with_pdf("bon de commande élève.pdf")))
    assert got.sender == "elodie.martin@lycee.exemple.test"
    assert got.subject == "Bon de commande – lycée"
    assert got.message_id == "<abc.123@lycee.exemple.test>"
    assert not got.automatic
    assert got.problems == ()
    (attachment,) = got.attachments
    assert attachment.filename == "bon de commande élève.pdf"
    assert attachment.content_type == "application/pdf"
    assert attachment.content == PDF


@pytest.mark.parametrize(
    ("content", "maintype", "subtype", "filename", "expected"),
    [
        (PDF, "application", "pdf", None, "application/pdf"),
        (PDF, "application", "octet-stream", "BON.PDF", "application/pdf"),
        (PDF, "application", "octet-stream", "document", "application/pdf"),
        (b"\r\n" * 500 + PDF, "application", "octet-stream", "document", "application/pdf"),
        (PDF, "application", "x-unknown", None, "application/pdf"),
        (b"broken", "application", "pdf", None, "application/pdf"),
        (b"", "application", "pdf", "vide.pdf", "application/pdf"),
        (JPEG, "image", "jpeg", "scan.jpg", "image/jpeg"),
        (JPEG, "application", "octet-stream", "scan", "image/jpeg"),
        (PNG, "image", "png", None, "image/png"),
        (PNG, "image", "jpeg", "scan.jpg", "image/png"),
        (TIFF, "image", "tiff", "fax.tif", "image/tiff"),
        (b"MM\x00*", "application", "octet-stream", None, "image/tiff"),
    ],
)
def test_a_form_is_known_by_type_by_name_or_by_its_first_bytes(
    content: bytes, maintype: str, subtype: str, filename: str | None, expected: str
) -> None:
    message = mail()
    message.add_attachment(content, maintype=maintype, subtype=subtype, filename=filename)
    (attachment,) = read(bytes(message)).attachments
    assert attachment.content_type == expected
    assert attachment.content == content


def test_inline_pictures_count_and_the_html_around_them_does_not() -> None:
    message = mail()
    message.add_alternative("<p>Bonjour <img src='cid:scan'></p>", subtype="html")
    html = message.get_payload(1)
    assert isinstance(html, EmailMessage)
    html.add_related(PNG, maintype="image", subtype="png", cid="<scan>", disposition="inline")
    assert [one.content for one in read(bytes(message)).attachments] == [PNG]


def test_prose_that_mentions_a_pdf_is_no_form() -> None:
    assert read(bytes(mail("L'en-tête %PDF-1.7 manque."))).attachments == ()


@pytest.mark.parametrize("wrapped", ["message/rfc822", "application/octet-stream"])
def test_a_form_in_a_forwarded_mail_is_found(wrapped: str) -> None:
    inner = bytes(with_pdf())
    forwarded = multipart(
        part("Content-Type: text/plain", b"Pour vous."),
        part(
            f'Content-Type: {wrapped}; name="message.eml"\r\nContent-Transfer-Encoding: base64',
            base64.encodebytes(inner),
        )
        if wrapped != "message/rfc822"
        else part("Content-Type: message/rfc822", inner),
    )
    assert [one.content for one in read(forwarded).attachments] == [PDF]


def test_attachments_keep_their_order() -> None:
    message = mail()
    for number in range(5):
        message.add_attachment(PDF, maintype="application", subtype="pdf", filename=f"{number}.pdf")
    assert [one.filename for one in read(bytes(message)).attachments] == [f"{number}.pdf" for number in range(5)]


def test_a_mail_of_bare_line_feeds_and_without_an_end_is_read() -> None:
    raw = multipart(part(BASE64_PDF, base64.encodebytes(PDF)), closed=False).replace(b"\r\n", b"\n")
    (attachment,) = read(raw).attachments
    assert attachment.content == PDF


def test_a_mail_that_is_nothing_but_a_pdf_is_read() -> None:
    raw = part("From: a@b.test\r\nMIME-Version: 1.0\r\n" + BASE64_PDF, base64.encodebytes(PDF))
    assert [one.content for one in read(raw).attachments] == [PDF]


def test_what_follows_the_last_delimiter_is_no_part() -> None:
    raw = multipart(part("Content-Type: text/plain", b"x")) + b"\r\n--limite\r\n" + part(BASE64_PDF, b"JVBERi0=")
    assert read(raw).attachments == ()


def test_a_boundary_that_is_the_prefix_of_another_is_not_confused_with_it() -> None:
    inner = multipart(part(BASE64_PDF, base64.encodebytes(PDF)), boundary="limite-2", head="")
    got = read(multipart(inner, part("Content-Type: text/plain", b"fin"), boundary="limite"))
    assert [one.content for one in got.attachments] == [PDF]
    assert got.problems == ()


# --- names ---


@pytest.mark.parametrize(
    ("header", "filename"),
    [
        ("filename*=UTF-8''%C3%A9t%C3%A9.pdf", "été.pdf"),
        ("filename*0*=UTF-8''%C3%A9;\r\n filename*1=t.pdf", "ét.pdf"),
        ('filename="=?utf-8?B?w6l0w6kucGRm?="', "été.pdf"),
        ('filename="=?iso-8859-1?Q?=E9t=E9.pdf?="', "été.pdf"),
        ("filename*=klingon''%E9.pdf", None),
        ('filename="=?klingon?Q?=E9.pdf?="', None),
        ('filename="../../etc/bon.pdf"', "bon.pdf"),
        (r'filename="C:\\Users\\bon.pdf"', "bon.pdf"),
        ('filename="a\x00b\x07.pdf"', "ab.pdf"),
        ("filename=" + "x" * 20_000 + ".pdf", None),
    ],
)
def test_a_name_in_any_writing_never_loses_the_attachment(header: str, filename: str | None) -> None:
    disposition = f"{BASE64_PDF}\r\nContent-Disposition: attachment; {header}"
    (attachment,) = read(multipart(part(disposition, base64.encodebytes(PDF)))).attachments
    assert attachment.content == PDF
    assert len(attachment.filename) <= 500
    assert attachment.filename == filename or filename is None


@pytest.mark.parametrize("raw_name", ["été.pdf".encode(), "été.pdf".encode("latin-1")])
def test_a_name_in_raw_bytes_is_read(raw_name: bytes) -> None:
    disposition = b'Content-Disposition: attachment; filename="' + raw_name + b'"\r\n' + BASE64_PDF.encode()
    (attachment,) = read(multipart(disposition + b"\r\n\r\n" + base64.encodebytes(PDF))).attachments
    assert attachment.filename == "été.pdf"


# --- what cannot be read ---


def test_damaged_base64_is_named_and_what_is_left_is_given() -> None:
    damaged = base64.encodebytes(PDF).replace(b"\n", b"\xa4!\n")[:-4]
    got = read(multipart(part(BASE64_PDF, damaged)))
    assert got.problems == ("attachment-damaged",)
    assert got.attachments[0].content.startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("content_type", "filename", "problem"),
    [
        ("application/ms-tnef", "winmail.dat", "opaque-part"),
        ("application/octet-stream", "WINMAIL.DAT", "opaque-part"),
        ("application/pkcs7-mime; smime-type=signed-data", "smime.p7m", "opaque-part"),
        ("audio/mpeg", "annonce.mp3", "media-attached"),
        ("video/mp4", "film.mp4", "media-attached"),
    ],
)
def test_a_part_that_hides_its_content_or_is_media_is_named(content_type: str, filename: str, problem: str) -> None:
    headers = f'Content-Type: {content_type}\r\nContent-Disposition: attachment; filename="{filename}"'
    got = read(multipart(part(headers, b"\x78\x9f\x3e\x22")))
    assert got.attachments == ()
    assert got.problems == (problem,)


def test_an_attachment_over_the_limit_is_left_out_and_named() -> None:
    large = base64.encodebytes(b"%PDF-" + bytes(MAX_ATTACHMENT_BYTES - 4))
    exact = base64.encodebytes(b"%PDF-" + bytes(MAX_ATTACHMENT_BYTES - 5))
    got = read(multipart(part(BASE64_PDF, large), part(BASE64_PDF, b"JVBERi0=")))
    assert got.problems == ("attachment-too-large",)
    assert [one.content for one in got.attachments] == [b"%PDF-"]
    assert len(read(multipart(part(BASE64_PDF, exact))).attachments[0].content) == MAX_ATTACHMENT_BYTES


def test_of_a_mail_over_the_limit_only_the_headers_are_read() -> None:
    raw = bytes(with_pdf())
    got = read(raw + b"\r\n" * ((MAX_MAIL_BYTES - len(raw)) // 2 + 1))
    assert got.problems == ("too-large",)
    assert got.attachments == ()
    assert got.sender == "elodie.martin@lycee.exemple.test"


@pytest.mark.parametrize(
    "content_type",
    ["multipart/mixed", 'multipart/mixed; boundary=""', "multipart/mixed; boundary=absente"],
)
def test_a_multipart_without_its_parts_is_named(content_type: str) -> None:
    raw = part(f"From: a@b.test\r\nContent-Type: {content_type}", b"--limite\r\n\r\nx\r\n--limite--\r\n")
    assert read(raw).problems == ("malformed-part",)


@pytest.mark.parametrize("depth", [100, 20_000])
def test_parts_nested_too_deep_are_named_at_once(depth: int) -> None:
    opening = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (level, level) for level in range(depth)
    )
    started = time.process_time()
    got = read(b"From: a@b.test\r\n" + opening + part(BASE64_PDF, b"JVBERi0="))
    assert time.process_time() - started < 2
    assert got.problems == ("too-deep",)
    assert got.sender == "a@b.test"


def test_twenty_levels_are_still_read() -> None:
    raw = part(BASE64_PDF, b"JVBERi0=")
    for level in range(20):
        raw = multipart(raw, boundary=f"b{level}", head="")
    assert [one.content for one in read(raw).attachments] == [b"%PDF-"]
    assert read(multipart(raw, boundary="b20", head="")).problems == ("too-deep",)


def test_parts_after_the_hundredth_are_left_out_and_named() -> None:
    forms = [part(BASE64_PDF, b"JVBERi0=")] * 99
    assert (len(read(multipart(*forms)).attachments), read(multipart(*forms)).problems) == (99, ())
    got = read(multipart(*forms, forms[0]))
    assert (len(got.attachments), got.problems) == (99, ("too-many-parts",))


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"ab\n", id="short lines"),
        pytest.param(b"\n", id="empty lines"),
        pytest.param(b"\n--aaaaaaaaaaaaaaaaaaaaaaaax", id="almost delimiters"),
        pytest.param(b"\n--a", id="delimiters"),
        pytest.param(b"--a", id="delimiters in one line"),
        pytest.param(b"x: y\r\n", id="headers"),
        pytest.param(b" ", id="spaces"),
    ],
)
def test_the_largest_mail_of_the_worst_kind_is_read_in_seconds(body: bytes) -> None:
    opening = b"".join(
        b'Content-Type: multipart/mixed; boundary="%s"\r\n\r\n--%s\r\n' % (b"a" * level, b"a" * level)
        for level in range(20, 0, -1)
    )
    head = b"From: a@b.test\r\n" + opening
    raw = head + body * ((MAX_MAIL_BYTES - len(head)) // len(body))
    started = time.process_time()
    assert read(raw).sender == "a@b.test"
    assert time.process_time() - started < 15


@pytest.mark.parametrize("content_type", ["text/plain", "text/html"])
def test_a_text_of_spaces_is_read_at_once(content_type: str) -> None:
    raw = part(f"From: a@b.test\r\nContent-Type: {content_type}", b"Bonjour," + b" " * 190_000 + b"merci")
    started = time.process_time()
    assert read(raw).text.startswith("Bonjour,")
    assert time.process_time() - started < 2


@pytest.mark.parametrize("body", [b"abc-" + b"b" * 190_000, b"-" + b"9" * 1_000 + b"a" * 100_000])
@pytest.mark.parametrize("charset", ["punycode", "PUNYCODE", "idna"])
def test_a_text_that_claims_the_charset_of_host_names_is_read_at_once(charset: str, body: bytes) -> None:
    started = time.process_time()
    got = read(part(f"From: a@b.test\r\nContent-Type: text/plain; charset={charset}", body))
    assert time.process_time() - started < 2
    assert (got.text[:20], got.problems) == (body[:20].decode(), ())


def test_an_endless_header_block_is_named() -> None:
    got = read(b"From: a@b.test\r\n" + b"X-Long: 0123456789\r\n" * 50_000 + b"\r\nfin")
    assert got.problems == ("headers-too-large",)
    assert got.sender == "a@b.test"


# --- anything at all ---


@given(st.binary(max_size=2_000))
def test_no_bytes_raise(raw: bytes) -> None:
    read(raw)


@settings(max_examples=300)
@given(st.data())
def test_no_damage_to_a_real_mail_raises(data: st.DataObject) -> None:
    raw = bytearray(bytes(with_pdf("=?utf-8?B?w6l0w6kucGRm?=")))
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 20))] = data.draw(st.binary(max_size=10))
    assert "unreadable" not in read(bytes(raw)).problems


def test_a_mail_delivered_again_has_the_same_body_digest_whatever_servers_put_above_it() -> None:
    raw = mail().as_bytes()
    again = b"Received: from mx2.lycee.test; Mon, 23 Nov 2026 09:05:00 +0000\r\nX-SES-Spam-Verdict: PASS\r\n" + raw
    assert read(again).body_digest == read(raw).body_digest != ""
    assert read(raw + b" ").body_digest != read(raw).body_digest
