"""Who wrote a mail, what about, and whether a person did."""

import pytest

from schoolsms.adapters.mail.inbound import MimeMailReader
from schoolsms.domain.mails import InboundMail


def read(raw: bytes) -> InboundMail:
    return MimeMailReader().read(raw)


@pytest.mark.parametrize(
    ("header", "sender"),
    [
        ("From: a@b.test", "a@b.test"),
        ('From: "Martin, Élodie" <A@B.Test>', "a@b.test"),
        ("From: M. Dupont (directeur) <a@b.test>", "a@b.test"),
        ("From:\r\n =?utf-8?q?=C3=89lodie?=\r\n <a@b.test>", "a@b.test"),
        ('From: "a@b.test" <autre@c.test>', "autre@c.test"),
        ("From: a@b.test, autre@c.test", ""),
        ("From: a@b.test\r\nFrom: autre@c.test", ""),
        ("From: groupe: a@b.test;", ""),
        ("From: =?utf-8?q?a=40b.test?=", ""),
        ("From: =?utf-8?q?a?=@b.test", ""),
        ("From: <>", ""),
        ("From: personne", ""),
        ("From: a@b", ""),
        ('From: "a b"@c.test', ""),
        ("From: a@b.test <autre@c.test>, <", ""),
        ("From: " + "(" * 5_000, ""),
        ("From: " + "x" * 5_000 + "@b.test", ""),
        ("To: a@b.test", ""),
    ],
)
def test_the_sender_is_the_one_address_of_the_from_header(header: str, sender: str) -> None:
    assert read(f"{header}\r\n\r\nBonjour\r\n".encode()).sender == sender


@pytest.mark.parametrize("value", ["", "Message-ID: sans-chevrons", "Message-ID: <a b>", "Message-ID: <>"])
def test_a_mail_without_a_usable_message_id_has_none(value: str) -> None:
    assert read(f"From: a@b.test\r\n{value}\r\n\r\nBonjour".encode()).message_id == ""


@pytest.mark.parametrize(
    ("value", "subject"),
    [
        ("=?utf-8?Q?Bon_de_commande_=E2=80=93_lyc=C3=A9e?=", "Bon de commande – lycée"),
        ("=?klingon?B?????=", None),
        ("=?utf-8?B?4pyT?=\r\n =?utf-8?B?4pyT?=", "✓✓"),
        ("a\r\n\tb", "ab"),
        ("x" * 100_000, "x" * 500),
    ],
)
def test_any_subject_is_read(value: str, subject: str | None) -> None:
    got = read(f"From: a@b.test\r\nSubject: {value}\r\n\r\n".encode())
    assert got.sender == "a@b.test"
    assert got.subject == subject or subject is None
    got.subject.encode()


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-generated; owner-email=x",
        "Precedence: bulk",
        "Precedence: List",
        "Precedence: junk",
        "List-Id: <profs.lycee.test>",
        "X-Autoreply: yes",
        "X-Auto-Response-Suppress: DR, AutoReply",
        "Return-Path: <>",
        "Content-Type: multipart/report; boundary=b",
    ],
)
def test_a_mail_of_a_machine_is_known(header: str) -> None:
    assert read(f"From: a@b.test\r\n{header}\r\n\r\nAbsent".encode()).automatic


@pytest.mark.parametrize(
    "author", ["MAILER-DAEMON", "postmaster", "no-reply", "noreply", "noreply+1", "ne-pas-repondre", "do-not-reply"]
)
def test_a_mail_from_an_address_that_nobody_reads_is_automatic(author: str) -> None:
    assert read(f"From: {author}@b.test\r\n\r\n".encode()).automatic


@pytest.mark.parametrize(
    "header", ["Auto-Submitted: no", "Precedence: normal", "Return-Path: <a@b.test>", "X-Auto-Response-Suppress: DR"]
)
def test_a_mail_of_a_person_is_not_automatic(header: str) -> None:
    assert not read(f"From: noreen@b.test\r\n{header}\r\n\r\nBonjour".encode()).automatic
