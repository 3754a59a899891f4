"""One mail of each kind that `events/ingest_order_email/<kind>.json` tells of, and what becomes of it.

The events name the mail's place in the bucket, as S3 does; `python -m tests.support.functions.order_mails FOLDER`
writes the mails themselves, as SES stores them.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path

from local.players import paper
from local.players.certificates import certified
from local.players.certificates import signed as certified_by
from tests.support.builders import MANAGER
from tests.support.functions.inbox import encrypted, filled, issued, mail, signed, stored
from tests.support.papers.pdf_editing import draw, edit, with_helvetica


@dataclass(frozen=True)
class Kind:
    """A mail, and the outcome that the function records."""

    mail: Callable[[], EmailMessage | bytes]
    outcome: str


def _photographed() -> EmailMessage:
    message = mail()
    out = BytesIO()
    paper.photograph(signed(), dpi=200, angle=1.5).save(out, "JPEG", quality=60, dpi=(200, 200))
    message.add_attachment(out.getvalue(), maintype="image", subtype="jpeg", filename="bon.jpg")
    return message


def _commented() -> bytes:
    return paper.annotate(signed(), "/FreeText", (60.0, 60.0, 300.0, 90.0), b"0.2 g 62 64 90 6 re f", {})


def _claused() -> bytes:
    def write(writer: object) -> None:
        with_helvetica(writer)  # type: ignore[arg-type]
        draw(writer, b"\nq 0 g BT /Z 10 Tf 60 468 Td (payable a 60 jours) Tj ET Q")  # type: ignore[arg-type]

    return paper.scan(edit(signed(), write))


def _of_a_copier() -> bytes:
    """Spaces before colons, and an encoding that is called otherwise."""
    raw = mail(signed()).as_bytes().replace(b"MIME-Version:", b"MIME-Version :")
    return b"X-Copier : 3\r\n" + raw.replace(
        b"Content-Transfer-Encoding: base64", b"Content-Transfer-Encoding: base64;"
    )


def _photographed_by_a_phone() -> bytes:
    """A kind of picture that is not read, from somebody whose name has a comma that nobody quoted."""
    message = mail()
    heic = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(2_000)
    message.add_attachment(heic, maintype="image", subtype="heic", filename="IMG_0042.HEIC")
    return message.as_bytes().replace(b"From: Marie Durand", b"From: Durand, Marie")


def _closed() -> EmailMessage:
    message = mail()
    signed_data = b"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\x80" + signed()
    message.add_attachment(signed_data, maintype="application", subtype="octet-stream", filename="bon.pdf.p7m")
    return message


def _of_an_outsider() -> bytes:
    """A manager's address as a name."""
    return mail(signed()).as_bytes().replace(b"From: Marie Durand <", f"From: {MANAGER} <eleve.".encode())


def _of_a_machine() -> EmailMessage:
    message = mail()
    message["Auto-Submitted"] = "auto-replied"
    return message


KINDS = {
    "filled_and_inked": Kind(lambda: mail(signed()), "accepted"),
    "filled_and_stamped": Kind(lambda: mail(paper.stamp(filled())), "accepted"),
    "filled_unsigned": Kind(lambda: mail(filled()), "incomplete"),
    "filled_altered": Kind(lambda: mail(_commented()), "review"),
    "digitally_signed_by_a_stranger": Kind(lambda: mail(certified_by(filled(), certified("Inconnu"))), "review"),
    "printed_to_pdf": Kind(lambda: mail(paper.flatten(signed())), "accepted"),
    "scanned": Kind(lambda: mail(paper.scan(signed(), angle=-1.0)), "accepted"),
    "scanned_as_jpeg": Kind(_photographed, "accepted"),
    "scanned_by_fax": Kind(lambda: mail(paper.scan(signed(), fax=True)), "accepted"),
    "scanned_unsigned": Kind(lambda: mail(paper.scan(filled())), "incomplete"),
    "scanned_altered": Kind(lambda: mail(_claused()), "review"),
    "encrypted": Kind(lambda: mail(encrypted(signed())), "incomplete"),
    "sent_back_as_issued": Kind(lambda: mail(issued()), "incomplete"),
    "without_a_form": Kind(lambda: mail(), "incomplete"),
    "of_a_copier": Kind(_of_a_copier, "accepted"),
    "photographed_by_a_phone": Kind(_photographed_by_a_phone, "incomplete"),
    "signed_and_closed": Kind(_closed, "review"),
    "out_of_office": Kind(_of_a_machine, "rejected"),
    "of_an_outsider": Kind(_of_an_outsider, "review"),
    "of_an_unusual_amount": Kind(lambda: mail(paper.ink(filled({"qty_P1000": "", "qty_P10000": "2"}))), "review"),
}


def key_of(kind: str) -> str:
    """Key in the bucket of the mail of that kind."""
    return f"inbound/{kind}"


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, each in KINDS.items():
        (folder / f"{name}.eml").write_bytes(stored(each.mail()))
