"""Mails as mail programs, copiers and phones write them, against RFC 5322 and MIME or with them."""

import base64
from io import BytesIO
from zipfile import ZipFile

import pytest

from tests.support.papers.raw_mails import (
    BASE64,
    FORM,
    HEAD,
    HEIC,
    PDF,
    SIGNATURE,
    SIGNED_DATA,
    TEXT,
    TNEF,
    contents,
    encoded,
    mixed,
    part,
    read,
)

# ------------------------------------------------------------------ header blocks


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(b"X-Copier : 3\r\n" + HEAD, id="space before a colon"),
        pytest.param(b"X-Copier\t: 3\r\n" + HEAD, id="tab before a colon"),
        pytest.param(HEAD.replace(b"MIME-Version:", b"MIME-Version :"), id="MIME-Version with a space"),
        pytest.param(HEAD.replace(b"From:", b"From :"), id="From with a space"),
        pytest.param(HEAD.replace(b"From:", b"FROM:"), id="upper case"),
        pytest.param(HEAD.replace(b"From: ", b"From:"), id="no space after the colon"),
        pytest.param(HEAD.replace(b"From: ", b"From:\r\n "), id="folded before the value"),
        pytest.param(HEAD.replace(b"Durand <", b"Durand\r\n\t<"), id="folded with a tab"),
        pytest.param(b"From marie@lycee.test Mon Nov 23 09:00:00 2026\r\n" + HEAD, id="mbox line"),
        pytest.param(b">From marie@lycee.test Mon Nov 23 09:00:00 2026\r\n" + HEAD, id="quoted mbox line"),
        pytest.param(HEAD + b"Subject: Bon de commande \xe9t\xe9\r\n", id="Latin-1 in a subject"),
        pytest.param(HEAD + "To: Gestion élèves <commande@sms.test>\r\n".encode(), id="UTF-8 in To"),
        pytest.param(HEAD + b"X-Empty:\r\n", id="header without value"),
        pytest.param(HEAD + b"X-Long: " + b"x" * 20_000 + b"\r\n", id="line of 20,000"),
        pytest.param(HEAD + b"X-Spam: a\r\n" * 400, id="400 headers of filters"),
        pytest.param(HEAD.replace(b"MIME-Version: 1.0\r\n", b""), id="no MIME-Version"),
        pytest.param(HEAD.replace(b"1.0", b"1.0 (Mac OS X Mail 16.0)"), id="MIME-Version of Apple Mail"),
    ],
)
def test_a_header_block_is_read_to_its_end(head: bytes) -> None:
    got = read(mixed(TEXT, FORM, head=head))
    assert (got.sender, contents(got), got.problems) == ("marie@lycee.test", [PDF], ())


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(HEAD.replace(b"\r\n", b"\r\nceci n'est pas un en-tete\r\n", 1), id="line without colon"),
        pytest.param(HEAD + b"X Copier 3: x\r\n", id="spaces inside a name"),
        pytest.param(HEAD + b"X-\xe9t\xe9: x\r\n", id="8-bit name"),
        pytest.param(HEAD + b"X-Nul: a\x00b\r\n", id="NUL"),
        pytest.param(HEAD + b"X-Cr: a\rb\r\n", id="bare CR"),
        pytest.param(b" orphan\r\n" + HEAD, id="continuation of nothing"),
        pytest.param(HEAD + b"Content-Type: text/plain\r\n", id="two content types"),
        pytest.param(
            HEAD + b"Content-Transfer-Encoding: 8bit\r\nContent-Transfer-Encoding: base64\r\n", id="two encodings"
        ),
    ],
)
def test_a_header_block_with_a_defect_is_read_on_and_the_defect_is_named(head: bytes) -> None:
    got = read(mixed(TEXT, FORM, head=head))
    assert got.sender == "marie@lycee.test"
    assert "headers-malformed" in got.problems


def test_a_bare_cr_hides_no_second_author() -> None:
    got = read(mixed(TEXT, FORM, head=b"X-A: a\rFrom: autre@lycee.test\r\n" + HEAD))
    assert (got.sender, got.problems) == ("", ("headers-malformed",))


def test_a_defect_in_a_part_is_named_too() -> None:
    got = read(mixed(TEXT, b"pas un en-tete\r\n" + FORM))
    assert (contents(got), got.problems) == ([PDF], ("headers-malformed",))


def test_a_header_twice_that_says_the_same_is_no_defect() -> None:
    twice = FORM.replace(b"Content-Transfer-Encoding: base64", b"Content-Transfer-Encoding: base64\r\n" * 2, 1)
    got = read(mixed(TEXT, twice.replace(b"\r\n\r\nContent-D", b"\r\nContent-D")))
    assert (contents(got), got.problems) == ([PDF], ())


@pytest.mark.parametrize("line_end", [b"\n", b"\r\r\n"])
def test_other_line_ends_are_read(line_end: bytes) -> None:
    got = read(mixed(TEXT, FORM).replace(b"\r\n", line_end))
    assert (got.sender, contents(got), got.problems) == ("marie@lycee.test", [PDF], ())


def test_a_mail_of_bare_cr_goes_unread_but_not_unseen() -> None:
    assert "headers-malformed" in read(mixed(TEXT, FORM).replace(b"\r\n", b"\r")).problems


# ------------------------------------------------------------------ how parts are put together


def test_the_mails_of_a_digest_are_opened() -> None:
    """RFC 2046 5.1.5: its parts are mails unless they say otherwise."""
    inner = mixed(TEXT, FORM).replace(b"b1", b"b2")
    got = read(mixed(part("X-Part: 1", inner), subtype="digest"))
    assert (contents(got), got.problems) == ([PDF], ())


@pytest.mark.parametrize("content_type", ["message/rfc822", "message/global", "Message/RFC822 (x)", "message/news"])
def test_a_form_in_a_mail_that_is_attached_is_found(content_type: str) -> None:
    inner = mixed(TEXT, FORM).replace(b"b1", b"b2")
    assert contents(read(mixed(TEXT, part(f"Content-Type: {content_type}", inner)))) == [PDF]


def test_a_form_that_a_receipt_returns_is_found_and_the_receipt_is_known() -> None:
    returned = part("Content-Type: message/rfc822", mixed(TEXT, FORM).replace(b"b1", b"b2"))
    got = read(mixed(TEXT, part("Content-Type: message/disposition-notification", b"x: y"), returned, subtype="report"))
    assert (contents(got), got.problems, got.automatic_answer) == ([PDF], (), True)


@pytest.mark.parametrize("content_type", ["message/partial; id=1; number=1; total=2", "message/external-body"])
def test_a_mail_that_is_elsewhere_is_named(content_type: str) -> None:
    assert read(mixed(TEXT, part(f"Content-Type: {content_type}", FORM))).problems == ("opaque-part",)


@pytest.mark.parametrize(
    ("content", "content_type", "name"),
    [
        (SIGNED_DATA, "application/octet-stream", "bon.pdf.p7m"),
        (SIGNED_DATA, "application/octet-stream", "bon.pdf"),
        (b"\x30\x82\x10\x00" + SIGNED_DATA[2:], "application/pdf", "bon.pdf"),
        (SIGNED_DATA, "application/pkcs7-mime", "smime.p7m"),
        (TNEF, "application/octet-stream", "ATT00001.dat"),
        (TNEF, "application/pdf", "bon.pdf"),
        (b"-----BEGIN PGP MESSAGE-----\r\n", "application/octet-stream", "bon.pdf.asc"),
        (b"\x85\x01", "application/octet-stream", "bon.pdf.gpg"),
        (b"\x76\xe8", "application/x-microsoft-rpmsg-message", "message.rpmsg"),
    ],
)
def test_what_is_closed_is_known_under_any_name(content: bytes, content_type: str, name: str) -> None:
    got = read(mixed(TEXT, encoded(content, content_type, name)))
    assert (got.attachments, got.problems, got.unread) == ((), ("opaque-part",), ())


@pytest.mark.parametrize(
    "beside",
    [
        encoded(SIGNATURE, "application/pkcs7-signature", "smime.p7s"),
        encoded(SIGNATURE, "application/octet-stream", "smime.p7s"),
        encoded(b"-----BEGIN PGP PUBLIC KEY BLOCK-----", "application/pgp-keys", "OpenPGP_0x1234.asc"),
        encoded(b"BEGIN:VCARD", "text/x-vcard", "marie.vcf"),
        encoded(b"BEGIN:VCARD", "application/octet-stream", "marie.vcf"),
        encoded(b"\x00\x05\x16\x07\x00\x02\x00\x00", "application/applefile", "bon.pdf"),
        encoded(b"\x00\x05\x16\x07\x00\x02\x00\x00", "application/octet-stream", "._bon.pdf"),
        encoded("Envoyé de mon iPhone".encode(), "text/plain", "ATT00001.txt"),
        encoded(b"<html><br></html>", "text/html", "ATT00002.htm"),
        encoded(b"GIF89a" + bytes(200), "image/gif", "logo.gif", "inline"),
        encoded(b"GIF89a" + bytes(200), "image/png", "logo.png"),
        encoded(b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp", "logo.webp"),
        part("Content-Type: text/html; charset=utf-8", b"<p>%PDF-1.7</p>"),
        part("Content-Type: application/octet-stream", b""),
    ],
)
def test_what_mail_programs_put_beside_a_form_raises_no_doubt(beside: bytes) -> None:
    got = read(mixed(TEXT, FORM, beside))
    assert (contents(got), got.problems) == ([PDF], ())


@pytest.mark.parametrize(
    ("content", "content_type", "name", "kind"),
    [
        (HEIC, "image/heic", "IMG_0042.HEIC", "photo HEIC"),
        (HEIC, "image/jpeg", "IMG_0042.jpg", "photo HEIC"),
        (HEIC, "application/octet-stream", "document", "photo HEIC"),
        (b"", "image/heif", "IMG_0042", "photo HEIC (.heif)"),
        (HEIC.replace(b"heic", b"avif"), "image/avif", "bon.avif", "image AVIF"),
        (b"RIFF\x24\x00\x00\x00WEBPVP8 ", "image/webp", "bon.webp", "image WebP"),
        (b"BM" + bytes(60_000), "image/bmp", "bon.bmp", "image BMP"),
        (b"PK\x03\x04", "application/octet-stream", "bon.docx", "document Word (.docx)"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/msword", "bon.doc", "document Word (.doc)"),
        (b"PK\x03\x04", "application/vnd.oasis.opendocument.text", "bon.odt", "document LibreOffice (.odt)"),
        (b"PK\x03\x04", "application/zip", "bon.zip", "archive (.zip)"),
        (b"PK\x03\x04", "application/pdf", "bon.pdf", "archive (.zip)"),
        (b"PK\x03\x04", "application/pkcs7-signature", "conditions.docx", "document Word (.docx)"),
        (b"PK\x03\x04", "application/octet-stream", "smime.p7s", "fichier .p7s"),
        (b"Rar!\x1a\x07", "application/octet-stream", "bon.rar", "archive (.rar)"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/vnd.ms-outlook", "Bon.msg", "message Outlook (.msg)"),
        (b"<html>", "text/html", "bon.html", "page web (.html)"),
        (b"x", "application/x-unknown", "bon.Bizarre", "fichier d'un type inconnu"),
        (b"x", "application/x-unknown", 'bon.<b>', "fichier d'un type inconnu"),
        (b"x", "application/x-unknown", "bon.xyz", "fichier .xyz"),
    ],
)  # fmt: skip
def test_a_file_of_a_kind_that_is_not_read_is_named(content: bytes, content_type: str, name: str, kind: str) -> None:
    got = read(mixed(TEXT, encoded(content, content_type, name)))
    assert (got.attachments, got.unread) == ((), (kind,))


def test_an_archive_that_keeps_a_form_as_it_is_is_an_archive() -> None:
    """Of a small file `zip` stores the bytes: its `%PDF-` is near the beginning, and what else is in it goes unseen."""
    archive = BytesIO()
    with ZipFile(archive, "w") as files:
        files.writestr("bon.pdf", PDF)
        files.writestr("conditions.txt", "Le fournisseur accepte nos conditions.")
    got = read(mixed(TEXT, encoded(archive.getvalue(), "application/pdf", "bon.pdf")))
    assert (got.attachments, got.problems, got.unread) == ((), ("other-attachment",), ("archive (.zip)",))


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ("Content-Type: application/octet-stream", "fichier d'un type inconnu"),
        ("Content-Type: text/plain\r\nContent-Disposition: attachment", "fichier texte (.txt)"),
        ("Content-Type: text/plain\r\nContent-Disposition: Attachment; size=2", "fichier texte (.txt)"),
        (
            "Content-Type: text/plain\r\nContent-Disposition: attachment; filename*=undefined''cgv.txt",
            "fichier texte (.txt)",
        ),
    ],
)
def test_a_file_without_a_name_is_no_text(headers: str, kind: str) -> None:
    got = read(mixed(TEXT, FORM, part(headers, b"\x01\x02")))
    assert (got.problems, got.unread) == (("other-attachment",), (kind,))


@pytest.mark.parametrize(
    "name",
    [
        "=?utf-8?B?Qm9uIHNpZ27DqS5lbWw=?=",
        "=?iso-8859-1?Q?Bon_sign=E9?= =?us-ascii?Q?=2Eeml?=",
        "Bon.EML ",
    ],
)
def test_a_mail_attached_under_an_encoded_name_is_opened(name: str) -> None:
    inner = mixed(TEXT, FORM).replace(b"b1", b"b2")
    got = read(mixed(TEXT, encoded(inner, "application/octet-stream", name)))
    assert (contents(got), got.problems, got.unread) == ([PDF], (), ())


@pytest.mark.parametrize(
    "content_type",
    [
        'Content-Type: multipart; boundary="b1"\r\n',
        'Content-Type: (MIME) multipart/mixed; boundary="b1"\r\n',
        'Content-Type: boundary="b1"; multipart/mixed\r\n',
        "Content-Type: text/plain\r\n",
        "",
    ],
)
def test_parts_that_the_headers_do_not_tell_of_are_not_taken_for_text(content_type: str) -> None:
    """Else the school would read that it sent no form."""
    closed = FORM.replace(BASE64, base64.b64encode(PDF))
    got = read(HEAD + content_type.encode() + b"\r\n--b1\r\n" + closed + b"\r\n--b1--\r\n")
    assert (got.attachments, got.problems) == ((), ("malformed-part",))


def test_a_line_of_text_that_begins_as_a_form_does_is_text() -> None:
    lines = b"Bonjour,\r\n/9j/ est le nom du dossier.\r\nJVBERi0 aussi.\r\n"
    assert read(mixed(part("Content-Type: text/plain", lines), FORM)).problems == ()


def test_the_pictures_of_a_signature_are_not_named() -> None:
    icon = encoded(b"GIF89a" + bytes(200), "image/gif", "image001.gif", "inline")
    assert read(mixed(TEXT, icon, subtype="related")).unread == ()


@pytest.mark.parametrize("brand", [b"isom", b"qt  ", b"M4A "])
def test_video_is_known_by_its_first_bytes(brand: bytes) -> None:
    got = read(mixed(TEXT, encoded(b"\x00\x00\x00\x18ftyp" + brand, "application/octet-stream", "document")))
    assert got.problems == ("media-attached",)


@pytest.mark.parametrize(
    "headers",
    [
        'Content-Type: application/pdf;\r\n\tname="=?utf-8?B?Ym9uLnBkZg==?="\r\nContent-Disposition: inline',
        "Content-Type: application/octet-stream; name*0*=utf-8''bon%2; name*1*=0de; name*2=.pdf",
        "Content-Type: application/x-download\r\nContent-Disposition: attachment; filename=bon de commande.pdf",
        "Content-Type: Application/PDF (bon)",
        'Content-Type: "application/pdf"',
        "Content-Type: pdf; name=bon.pdf",
        "Content-Type: application/pdf name=bon.pdf",
        "Content-Type: image/pdf; name=bon.pdf",
        "Content-Disposition: attachment; filename=bon.pdf; filename=autre.txt",
        "Content-Type: application/pdf; x-unix-mode=0644; name=bon.pdf\r\nContent-Id: <1@apple>",
        "Content-Type: text/plain; name=bon.pdf",
    ],
)
def test_a_form_is_found_however_its_part_is_described(headers: str) -> None:
    got = read(mixed(TEXT, part(headers + "\r\nContent-Transfer-Encoding: base64", BASE64)))
    assert (contents(got), got.problems) == ([PDF], ())


def test_a_mail_without_its_last_boundary_is_read() -> None:
    got = read(mixed(TEXT, FORM, closed=False))
    assert (contents(got), got.problems) == ([PDF], ())


def test_twenty_forwards_are_opened_and_more_are_named() -> None:
    raw = mixed(TEXT, FORM)
    for level in range(18):
        raw = part(f"Content-Type: message/rfc822\r\nX-Level: {level}", raw)
    assert contents(read(raw)) == [PDF]
    for level in range(5):
        raw = part(f"Content-Type: message/rfc822\r\nX-Level: {level}", raw)
    assert read(raw).problems == ("too-deep",)
