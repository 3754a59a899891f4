"""Sender and subject of a mail, and whether a person wrote it."""

import pytest

from schoolsms.adapters.mail.inbound import MimeMailReader
from tests.support.papers.raw_mails import read


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
        # a name with a comma that nobody quoted
        ("From: Dupont, Marie <gestion@ecole.test>", "gestion@ecole.test"),
        ("From: DUPONT Marie; secretariat <gestion@ecole.test>", "gestion@ecole.test"),
        ("From: =?utf-8?Q?Dupont,_Marie?= <gestion@ecole.test>", "gestion@ecole.test"),
        ("From: Lycée Éluard <gestion@ecole.test>", "gestion@ecole.test"),
        # a name that looks like an address
        ("From: marie@lycee.test <eleve@lycee.test>", "eleve@lycee.test"),
        ("From: <marie@lycee.test> <eleve@lycee.test>", ""),
        ("From: marie@lycee.test, <eleve@lycee.test>", ""),
        ("From: marie@lycee.test,eleve@lycee.test", ""),
        ('From: "marie@lycee.test" eleve@lycee.test', "eleve@lycee.test"),
        ("From: =?utf-8?q?marie=40lycee.test?= <eleve@lycee.test>", "eleve@lycee.test"),
        ("From: =?utf-8?q?<marie@lycee.test>?= <eleve@lycee.test>", ""),
        ("From: =?utf-8?b?bWFyaWVAbHljZWUudGVzdA==?= <eleve@lycee.test>", "eleve@lycee.test"),
        ("From: =?utf-8?b?bWFyaWVAbHljZWUudGVzdA==?=", ""),
        ("From: <=?utf-8?q?marie?=@lycee.test>", ""),
        ("From: eleve@lycee.test (marie@lycee.test)", "eleve@lycee.test"),
        ("From: (<marie@lycee.test>) <eleve@lycee.test>", "eleve@lycee.test"),
        ("From: (a (b) c) <a@b.test>", "a@b.test"),
        (r"From: (a \) <marie@lycee.test>) <eleve@lycee.test>", "eleve@lycee.test"),
        (r'From: "a \" <marie@lycee.test>" <eleve@lycee.test>', "eleve@lycee.test"),
        ("From: <eleve@lycee.test> marie@lycee.test", ""),
        ("From: <@relais.test:eleve@lycee.test>", ""),
        ("From: <<a@b.test>>", ""),
        ("From: <a@b.test", ""),
        ('From: "Marie <a@b.test>', ""),
        ("From: (Marie <a@b.test>", ""),
        ("From: Marie a@b.test", ""),
        ("From: < a@b.test >", "a@b.test"),
        ("From: <a @b.test>", ""),
        ("From: mailto:a@b.test", ""),
        ("From: undisclosed-recipients:;", ""),
        ("From: a@b.test;", "a@b.test"),
        ("From:", ""),
        ("From: a@b@c.test", ""),
        ("From: \x00<a@b.test>", "a@b.test"),
        ("From: <a\x00@b.test>", ""),
        ("Sender: marie@lycee.test\r\nFrom: eleve@lycee.test", "eleve@lycee.test"),
        ("Sender: marie@lycee.test\r\nReply-To: marie@lycee.test\r\nFrom: Marie", ""),
        ("Sender: marie@lycee.test\r\nFrom: marie@lycee.test, paul@lycee.test", ""),
        ("From: a@b.test\r\nfrom : a@b.test", ""),
        # no letter becomes another
        ("From: marie.\u017fk@lycee.test", "marie.\u017fk@lycee.test"),
        ("From: Marie.S\u212a@lycee.test", "marie.s\u212a@lycee.test"),
        ("From: \u00c9lise@coll\u00e8ge.test", "\u00c9lise@coll\u00e8ge.test"),
        ("From: marie@xn--collge-6ua.test", "marie@xn--collge-6ua.test"),
        ("From: ma\u200brie@lycee.test", ""),
        ("From: \u202emarie@lycee.test", ""),
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
        "Content-Type: Multipart/Report (avis); boundary=b",
        "List-Unsubscribe: <mailto:x@lists.test>",
        "Mailing-List: list profs@lists.test",
        "X-Failed-Recipients: c@d.test",
        "X-Loop: profs@lists.test",
        "Auto-Submitted : auto-replied",
        "Auto-Submitted: no\r\nAuto-Submitted: auto-replied",
        "Auto-Submitted: auto-replied(absence)",
        "Precedence: first-class\r\nPrecedence: bulk",
        "Return-Path: < >",
        "X-Autoresponse: yes",
        "X-AutoReply-From: a@b.test",
    ],
)
def test_a_mail_of_a_machine_is_known(header: str) -> None:
    assert read(f"From: a@b.test\r\n{header}\r\n\r\nAbsent".encode()).automatic


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied (vacation)",
        "X-Autoreply: yes",
        "Content-Type: multipart/report; report-type=disposition-notification; boundary=b",
    ],
)
def test_a_receipt_a_bounce_or_an_automatic_answer_is_known(header: str) -> None:
    assert read(f"From: a@b.test\r\n{header}\r\n\r\nLu".encode()).automatic_answer


@pytest.mark.parametrize(
    "header", ["Auto-Submitted: auto-generated", "Precedence: bulk", "List-Id: <profs.lycee.test>"]
)
def test_a_copier_or_a_list_answers_nothing(header: str) -> None:
    got = read(f"From: a@b.test\r\n{header}\r\n\r\nBonjour".encode())
    assert (got.automatic, got.automatic_answer) == (True, False)


@pytest.mark.parametrize(
    "author",
    [
        *("MAILER-DAEMON", "postmaster", "no-reply", "noreply", "noreply+1", "ne-pas-repondre", "do-not-reply"),
        *("ne_pas_repondre", "ne.pas.repondre", "ent-noreply", "noreply.ent", "do_not_reply"),
    ],
)
def test_a_mail_from_an_address_that_nobody_reads_is_automatic(author: str) -> None:
    assert read(f"From: {author}@b.test\r\n\r\n".encode()).automatic


@pytest.mark.parametrize(
    "header", ["Auto-Submitted: no", "Precedence: normal", "Return-Path: <a@b.test>", "X-Auto-Response-Suppress: DR"]
)
def test_a_mail_of_a_person_is_not_automatic(header: str) -> None:
    assert not read(f"From: noreen.replyon@b.test\r\n{header}\r\n\r\nBonjour".encode()).automatic


@pytest.mark.parametrize("author", ["commande-sms@skolengo.test", "SMS@Skolengo.test", "Marie <sms@skolengo.test>"])
def test_a_mail_of_the_service_itself_is_automatic(author: str) -> None:
    """Else it would answer its own answers."""
    reader = MimeMailReader(own=("commande-sms@skolengo.test", "Skolengo SMS <sms@skolengo.test>"))
    assert reader.parse(f"From: {author}\r\n\r\nBonjour".encode()).automatic
    assert not reader.parse(b"From: marie@skolengo.test\r\n\r\nBonjour").automatic


def test_nobody_is_taken_for_the_service_where_its_address_is_not_known() -> None:
    assert not MimeMailReader(own=("", "pas une adresse")).parse(b"To: a@b.test\r\n\r\nBonjour").automatic
