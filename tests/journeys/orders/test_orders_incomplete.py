"""Mails that are no order: one reply each, in French, that names what is missing; nothing is credited (R7)."""

import smtplib
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfWriter

from local.players import paper
from local.players.client import Person, eventually, mail_with
from local.players.school import SchoolPlayer
from tests.support.journeys.letters import INCOMPLETE, plain, reply

MEGABYTE = 1024 * 1024


def only_replied(school: SchoolPlayer) -> bool:
    """Whether one reply is all that came of it."""
    return [mail["subject"] for mail in school.mails()] == [INCOMPLETE] and school.ledger() == []


def test_an_unsigned_form_is_answered(school: SchoolPlayer) -> None:
    school.mail(school.complete(school.order_form(P1000=2)))

    assert "signature absente – signez dans le cadre prévu" in reply(school)
    assert only_replied(school)
    [order] = school.orders()
    assert (order["state"], order["reasons"][0]["code"]) == ("incomplete", "signature-missing")


def test_an_unsigned_form_that_was_printed_and_scanned_is_answered(school: SchoolPlayer) -> None:
    school.mail(paper.scan(school.complete(school.order_form(P1000=2)), dpi=200))

    assert "signature absente" in reply(school)
    assert only_replied(school)


def test_terms_that_are_not_accepted_are_named(school: SchoolPlayer) -> None:
    school.mail(paper.ink(school.complete(school.order_form(P1000=2), terms=False)))

    assert "conditions non acceptées" in reply(school)
    assert only_replied(school)


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"qty_P1000": "²"}, "valeur incorrecte dans le champ « quantité de packs de 1 000 SMS »"),
        ({"siret": "12345678900011", "uai": "0750655A"}, "code UAI incorrect"),
    ],
)
def test_what_is_wrong_on_the_form_is_named(school: SchoolPlayer, values: Mapping[str, str], named: str) -> None:
    school.mail(school.signed_form(values, P1000=2))

    assert named in reply(school)
    assert only_replied(school)


def test_all_that_is_missing_is_named_in_one_reply(school: SchoolPlayer) -> None:
    school.mail(school.complete(school.order_form(), {"siret": "", "place_and_date": ""}, terms=False))

    text = reply(school)
    for named in (
        "champ « SIRET » non renseigné",
        "champ « lieu et date » non renseigné",
        "aucune quantité indiquée",
        "conditions non acceptées",
        "signature absente",
    ):
        assert named in text
    assert only_replied(school)


def test_a_mail_without_attachment_is_answered(school: SchoolPlayer) -> None:
    school.mail()

    assert "aucun bon de commande joint" in reply(school)
    assert only_replied(school)


def test_an_encrypted_form_is_answered(school: SchoolPlayer) -> None:
    writer = PdfWriter(clone_from=BytesIO(school.signed_form(P1000=2)))
    writer.encrypt("secret", algorithm="AES-256")
    out = BytesIO()
    writer.write(out)
    school.mail(out.getvalue())

    assert "document protégé par un mot de passe" in reply(school)
    assert only_replied(school)


def test_a_pdf_of_garbage_is_answered(school: SchoolPlayer) -> None:
    school.mail(b"%PDF-1.7\n" + bytes(range(256)) * 40 + b"\n%%EOF")

    assert "document illisible" in reply(school)
    assert only_replied(school)


def test_an_attachment_of_22_megabytes_is_answered(school: SchoolPlayer) -> None:
    school.mail(b"%PDF-1.7\n" + bytes(22 * MEGABYTE))

    assert "pièce jointe trop volumineuse" in reply(school)
    assert only_replied(school)


def test_a_mail_larger_than_the_inbox_takes_is_refused_at_the_door(school: SchoolPlayer) -> None:
    mail = mail_with(b"%PDF-1.7\n" + bytes(31 * MEGABYTE), sender=school.manager.email)

    with pytest.raises(smtplib.SMTPException) as refused:
        school.client.mail(mail, school.manager.email)
    assert "552" in str(refused.value)


def test_a_robot_is_not_answered(school: SchoolPlayer, operator: Person) -> None:
    before = {order["id"] for order in operator.all("/v1/orders", state="rejected")}
    school.mail(headers=[("Auto-Submitted", "auto-replied")], subject="Absence du bureau")

    def dropped() -> list[dict[str, Any]]:
        return [order for order in operator.all("/v1/orders", state="rejected") if order["id"] not in before]

    [order] = eventually(dropped)
    assert ([reason["code"] for reason in order["reasons"]], order["school"]) == (["automatic-mail"], None)
    assert b"Absence du bureau" in operator.get(f"/v1/orders/{order['id']}/mail").body
    assert school.mails() == []


def test_the_reply_goes_to_who_wrote_not_to_the_school(school: SchoolPlayer) -> None:
    writer = f"secretariat@{school.uai.lower()}.ecole.test"
    school.mail(school.complete(school.order_form(P500=1)), sender=writer)

    [mail] = eventually(lambda: school.client.outbox(writer))
    assert mail["subject"] == INCOMPLETE
    assert "signature absente" in plain(mail["html"])
    assert school.mails() == []
