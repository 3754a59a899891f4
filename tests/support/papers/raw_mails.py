"""Raw mails with a form, put together line by line, as no library would write them."""

import base64

from schoolsms.adapters.mail.inbound import MimeMailReader
from schoolsms.domain.orders.mails import InboundMail

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
BASE64 = base64.encodebytes(PDF)
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
TNEF = b"\x78\x9f\x3e\x22\x01\x00"
SIGNATURE = b"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\x80"
SIGNED_DATA = SIGNATURE + PDF
HEAD = b"From: Marie Durand <marie@lycee.test>\r\nMIME-Version: 1.0\r\n"


def read(raw: bytes) -> InboundMail:
    return MimeMailReader().parse(raw)


def part(headers: str, body: bytes) -> bytes:
    return headers.encode() + b"\r\n\r\n" + body


def mixed(*parts: bytes, head: bytes = HEAD, subtype: str = "mixed", closed: bool = True) -> bytes:
    body = b"".join(b"--b1\r\n" + one + b"\r\n" for one in parts)
    return (
        head
        + f'Content-Type: multipart/{subtype}; boundary="b1"\r\n\r\n'.encode()
        + body
        + (b"--b1--\r\n" if closed else b"")
    )


TEXT = part("Content-Type: text/plain; charset=utf-8", b"Bonjour, voici notre bon.")
FORM = part(
    'Content-Type: application/pdf; name="bon.pdf"\r\nContent-Transfer-Encoding: base64\r\n'
    'Content-Disposition: attachment; filename="bon.pdf"',
    BASE64,
)


def encoded(content: bytes, content_type: str, name: str, disposition: str = "attachment") -> bytes:
    return part(
        f'Content-Type: {content_type}; name="{name}"\r\nContent-Transfer-Encoding: base64\r\n'
        f'Content-Disposition: {disposition}; filename="{name}"',
        base64.encodebytes(content),
    )


def contents(got: InboundMail) -> list[bytes]:
    return [each.content for each in got.attachments]
