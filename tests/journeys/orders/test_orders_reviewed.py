"""Mails that only a person can judge: in the operator's review, never credited (R5, R12, R13)."""

from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import default
from io import BytesIO
from zoneinfo import ZoneInfo

import urllib3
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText

from local.players import paper
from local.players.certificates import certified, signed
from local.players.client import ORDER_INBOX, Person, eventually, mail_with
from local.players.school import SchoolPlayer
from tests.journeys.conftest import NewSchool
from tests.support.journeys.letters import CREDITED, IN_REVIEW, codes, in_review, mail_to_operator, plain, review_of
from tests.support.papers.pdf_editing import with_page, with_unused_bytes

PARIS = ZoneInfo("Europe/Paris")


def not_credited(school: SchoolPlayer) -> bool:
    return school.ledger() == [] and not school.mails(CREDITED)


def test_a_spoofed_sender_goes_to_review_and_gets_no_reply(school: SchoolPlayer, operator: Person) -> None:
    spoofer = f"mallory.{school.uai.lower()}@spoofed.test"
    mail = mail_with(school.signed_form(P1000=2), sender=school.manager.email)
    school.client.mail(mail, spoofer)

    assert codes(review_of(operator, school)) == ["mail-verdict-failed"]
    [notice] = eventually(school.mails)  # mailed to the school itself, because somebody may be writing in its name
    assert notice["subject"] == IN_REVIEW
    assert school.client.outbox(spoofer) == []
    assert not_credited(school)


def test_an_unsigned_form_of_a_spoofed_sender_gets_no_reply_either(school: SchoolPlayer, operator: Person) -> None:
    spoofer = f"mallory.{school.uai.lower()}@spoofed.test"
    school.mail(school.complete(school.order_form(P1000=2)), sender=spoofer)

    assert "mail-verdict-failed" in codes(review_of(operator, school))
    eventually(lambda: school.mails(IN_REVIEW))
    assert school.client.outbox(spoofer) == []
    assert not_credited(school)


def test_the_form_of_a_stranger_goes_to_review(school: SchoolPlayer, operator: Person) -> None:
    stranger = f"inconnu.{school.uai.lower()}@ailleurs.test"
    school.mail(school.signed_form({"contact_email": stranger}, P1000=2), sender=stranger)

    order = review_of(operator, school)
    assert codes(order) == ["sender-unknown"]
    assert order["packs"] == {"P1000": 2}
    assert operator.get(f"/v1/orders/{order['id']}").json["read"]["contact_email"] == stranger
    [mail] = eventually(lambda: school.client.outbox(stranger))
    assert mail["subject"] == IN_REVIEW
    assert order["id"] in mail_to_operator(school.client, stranger)
    assert not_credited(school)


def test_the_closure_days_that_move_a_deadline_are_named_in_the_mail_about_a_review(
    school: SchoolPlayer, operator: Person
) -> None:
    """R9."""
    stranger = f"inconnu.{school.uai.lower()}@ailleurs.test"
    today = datetime.now(PARIS).date()
    closed = [(today + timedelta(days=count)).isoformat() for count in range(14)]
    assert operator.put("/v1/closures", closed).status == 200
    try:
        school.mail(school.signed_form(P1000=2), sender=stranger)
        order = review_of(operator, school)
    finally:
        operator.put("/v1/closures", [])

    [mail] = eventually(lambda: school.client.outbox(stranger))
    assert "Ne sont pas comptés dans ce délai" in plain(mail["text"])
    assert "(fermeture de Kosmos)" in mail["text"]
    assert {each["name"] for each in order["days_off"]} >= {"fermeture de Kosmos"}
    assert order["deadline"][:10] >= closed[-1]


def test_a_form_digitally_signed_by_nobody_known_goes_to_review(school: SchoolPlayer, operator: Person) -> None:
    stranger = certified("Zoé Lefèvre")
    school.mail(signed(school.complete(school.order_form(P1000=2)), stranger))

    order = review_of(operator, school)
    assert codes(order) == ["signer-untrusted"]
    assert "Zoé Lefèvre" in order["reasons"][0]["detail"]
    assert "Zoé Lefèvre" in mail_to_operator(school.client, school.manager.email)
    assert not_credited(school)


def test_a_scan_of_other_quantities_than_were_issued_goes_to_review(school: SchoolPlayer, operator: Person) -> None:
    school.mail(paper.scan(school.signed_form({"qty_P1000": "9"}, P1000=2), dpi=150, angle=1.5))

    assert set(codes(review_of(operator, school))) == {"form-altered"}
    eventually(lambda: school.mails(IN_REVIEW))
    assert not_credited(school)


def test_a_form_with_a_page_more_goes_to_review(school: SchoolPlayer, operator: Person) -> None:
    school.mail(with_page(school.signed_form(P1000=2)))

    order = review_of(operator, school)
    assert set(codes(order)) == {"form-altered"}
    assert "page ajoutée" in plain(order["reasons"][0]["detail"])
    assert not_credited(school)
    shown = school.manager.get(f"/v1/orders/{order['id']}")
    assert (shown.status, shown.json["state"]) == (200, "review")
    assert "read" not in shown.json  # what was read is the operator's


def test_a_form_on_which_another_school_stands_goes_to_review(
    school: SchoolPlayer, new_school: NewSchool, operator: Person
) -> None:
    other = new_school()
    school.mail(school.signed_form({"uai": other.uai}, P1000=2))

    assert codes(review_of(operator, school)) == ["form-of-another-school"]
    assert not_credited(school)
    assert not_credited(other)
    assert other.orders() == []


def test_a_form_twice_in_a_mail_is_one_order_in_review(school: SchoolPlayer, operator: Person) -> None:
    form = school.signed_form(P1000=2)
    school.mail(form, paper.scan(form))

    order = review_of(operator, school)
    assert codes(order) == ["several-forms"]
    assert order["packs"] == {"P1000": 2}
    eventually(lambda: school.mails(IN_REVIEW))
    assert not_credited(school)


def test_two_forms_on_one_document_are_two_orders_in_review(school: SchoolPlayer, operator: Person) -> None:
    writer = PdfWriter()
    for form in (school.signed_form(P1000=2), school.signed_form(P500=1)):
        writer.append(BytesIO(paper.scan(form)))
    school.mail(_saved(writer))

    orders = eventually(lambda: found if len(found := school.orders()) == 2 else None)
    assert orders is not None
    for order in orders:
        assert codes(in_review(operator, str(order["id"]))) == ["several-orders-in-document"]
    assert eventually(lambda: len(school.mails(IN_REVIEW)) == 2)
    assert not_credited(school)


def test_the_operator_sees_where_a_form_differs(school: SchoolPlayer, operator: Person) -> None:
    school.mail(with_free_text(school.signed_form(P1000=2), "Sous réserve de remboursement"))
    order = review_of(operator, school)
    order_id = order["id"]

    assert set(codes(order)) == {"form-altered"}
    assert not_credited(school)
    shown = operator.get(f"/v1/orders/{order_id}").json
    [alteration] = shown["alterations"]
    assert (alteration["page"], shown["decisions"]) == (1, ["accept", "reject"])
    picture = operator.get(alteration["picture"])
    assert (picture.status, picture.headers["content-type"]) == (200, "image/png")
    assert picture.body.startswith(b"\x89PNG")
    assert school.manager.get(alteration["picture"]).status == 403
    assert operator.get(f"/v1/orders/{order_id}/alterations/2").status == 404


def test_the_operator_opens_the_message_and_a_form_of_many_megabytes(school: SchoolPlayer, operator: Person) -> None:
    form = with_unused_bytes(with_page(school.signed_form(P1000=2)), 4_500_000)
    school.mail(form)
    order_id = review_of(operator, school)["id"]

    shown = operator.get(f"/v1/orders/{order_id}").json
    assert (download(operator, shown["form"])) == ("application/pdf", form)
    content_type, mail = download(operator, shown["mail"])
    assert content_type == "message/rfc822"
    [attached] = message_from_bytes(mail, policy=default).iter_attachments()
    assert attached.get_content() == form
    for path in (shown["form"], shown["mail"]):
        assert school.manager.get(path).status == 403


def download(operator: Person, path: str) -> tuple[str, bytes]:
    """Type and content of a document that no answer of a function could hold."""
    answer = operator.get(path)
    assert (answer.status, answer.body) == (303, b"")
    found = urllib3.request("GET", answer.headers["location"])
    assert found.status == 200
    assert found.headers["content-disposition"].startswith("attachment; filename=")
    forged = urllib3.request("GET", answer.headers["location"].replace(order_id_of(path), "BC26-AAAAAAAAAA"))
    assert forged.status == 403
    return found.headers["content-type"], found.data


def order_id_of(path: str) -> str:
    return path.split("/")[3]


def test_what_a_hand_wrote_for_the_invoice_is_typed_by_the_operator(school: SchoolPlayer, operator: Person) -> None:
    """R41: read on the scan by a person, and then on the invoice."""
    form = school.signed_form(P1000=2)
    school.mail(paper.scan(with_pen_in(form, "engagement_number")))
    order_id = review_of(operator, school)["id"]
    assert codes(in_review(operator, order_id)) == ["handwritten"]
    [shown] = operator.get(f"/v1/orders/{order_id}").json["alterations"]
    assert operator.get(shown["picture"]).body.startswith(b"\x89PNG")

    decision = {"decision": "accept", "packs": {"P1000": 2}, "engagement_number": "EJ-2026-42"}
    assert operator.post(f"/v1/orders/{order_id}/decision", decision).status == 200
    eventually(lambda: school.mails(CREDITED))
    [invoice] = eventually(lambda: school.manager.all("/v1/invoices"))
    document = school.manager.get(f"/v1/invoices/{invoice['number']}").body
    assert "EJ-2026-42" in PdfReader(BytesIO(document)).pages[0].extract_text()


def test_a_form_in_the_hundredth_nested_part_goes_to_review(school: SchoolPlayer, operator: Person) -> None:
    school.client.mail(nested(school.signed_form(P1000=2), school.manager.email, depth=100), school.manager.email)

    text = mail_to_operator(school.client, school.manager.email)
    assert "message illisible en partie" in text
    assert codes(in_review(operator, named_order(text))) == ["mail-unreadable"]
    eventually(lambda: school.mails(IN_REVIEW))
    assert not_credited(school)


def test_a_document_that_is_no_order_form_goes_to_review(school: SchoolPlayer, operator: Person) -> None:
    out = BytesIO()
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    writer.add_annotation(0, FreeText(text="Devis", rect=(50, 700, 300, 750), font_color="000000"))
    writer.write(out)
    school.mail(out.getvalue())

    text = mail_to_operator(school.client, school.manager.email)
    assert "ne peut qu’être refusée" in text
    order = in_review(operator, named_order(text))
    assert codes(order)[0] in {"form-unknown", "form-scanned"}
    assert operator.get(f"/v1/orders/{order['id']}").json["decisions"] == ["reject"]
    assert not_credited(school)


def named_order(text: str) -> str:
    """The order that a mail to the operator names."""
    words = text.split()
    return words[words.index("Commande") + 2]


def with_pen_in(pdf: bytes, field: str) -> bytes:
    """Something written by hand into a field."""
    annotations = PdfReader(BytesIO(pdf)).pages[0].annotations or ()
    box = next(item["/Rect"] for item in annotations if item.get("/T") == field)
    left, bottom, right, top = (float(side) for side in box)
    return paper.ink(pdf, rectangle=(left + 4, bottom + 2, min(right, left + 90), top - 2))


def with_free_text(pdf: bytes, text: str) -> bytes:
    writer = PdfWriter(clone_from=BytesIO(pdf))
    writer.add_annotation(0, FreeText(text=text, rect=(60, 300, 300, 330), font_color="000000"))
    return _saved(writer)


def nested(pdf: bytes, sender: str, depth: int) -> bytes:
    """A mail with `pdf` inside that many multiparts."""
    inner: MIMEMultipart = MIMEMultipart()
    inner.attach(MIMEText("Voici notre commande."))
    document = EmailMessage()
    document.set_content(pdf, maintype="application", subtype="pdf", filename="bon.pdf")
    inner.attach(document)
    for _ in range(depth):
        outer = MIMEMultipart()
        outer.attach(inner)
        inner = outer
    inner["From"], inner["To"], inner["Subject"] = sender, ORDER_INBOX, "Commande"
    return inner.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def _saved(writer: PdfWriter) -> bytes:
    out = BytesIO()
    writer.write(out)
    return out.getvalue()
