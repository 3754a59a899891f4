import base64
import json
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from local.stack.outbox import normalise, read_outbox


def kept(content: dict[str, Any], at: float = 1_795_376_845.5) -> dict[str, Any]:
    destination = {"ToAddresses": ["a@ecole.fr", "b@ecole.fr"]}
    request = {"FromEmailAddress": "sms@skolengo.test", "Destination": destination, "Content": content}
    return {"sent_at": at, "request": request}


def raw_mail() -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Skolengo SMS <sms@skolengo.test>"
    message["To"] = "A <a@ecole.fr>, b@ecole.fr"
    message["Subject"] = "Crédit de SMS activé"
    message.set_content("Bonjour, 2 000 SMS sont crédités.\n")
    message.add_alternative("<p>Bonjour</p>\n", subtype="html")
    return message


def raw(message: EmailMessage) -> dict[str, Any]:
    return kept({"Raw": {"Data": base64.b64encode(bytes(message)).decode()}})


def test_a_raw_mail_is_read_as_its_recipient_would() -> None:
    assert normalise(raw(raw_mail())) == {
        "to": ["a@ecole.fr", "b@ecole.fr"],
        "from": "sms@skolengo.test",
        "subject": "Crédit de SMS activé",
        "text": "Bonjour, 2 000 SMS sont crédités.\n",
        "html": "<p>Bonjour</p>\n",
        "attachments": [],
        "sent_at": "2026-11-22T19:47:25.500000Z",
    }


def test_line_ends_of_the_wire_do_not_show() -> None:
    content = {"Raw": {"Data": base64.b64encode(b"Subject: s\r\n\r\none\r\ntwo\r\n").decode()}}
    assert normalise(kept(content))["text"] == "one\ntwo\n"


def test_attachments_keep_their_bytes() -> None:
    message = raw_mail()
    message.add_attachment(b"%PDF-1.7\xff\n", "application", "pdf", filename="facture été.pdf")
    [attachment] = normalise(raw(message))["attachments"]
    assert attachment["filename"] == "facture été.pdf"
    assert attachment["content_type"] == "application/pdf"
    assert base64.b64decode(attachment["base64"]) == b"%PDF-1.7\xff\n"


def test_recipients_of_a_raw_mail_without_destination_are_those_of_its_headers() -> None:
    mail = raw(raw_mail())
    del mail["request"]["Destination"], mail["request"]["FromEmailAddress"]
    assert normalise(mail)["to"] == ["a@ecole.fr", "b@ecole.fr"]
    assert normalise(mail)["from"] == "Skolengo SMS <sms@skolengo.test>"


def test_a_simple_mail_has_the_same_shape() -> None:
    content = {"Subject": {"Data": "Niveau bas"}, "Body": {"Text": {"Data": "T"}, "Html": {"Data": "<p>H"}}}
    mail = normalise(kept({"Simple": content}))
    assert (mail["subject"], mail["text"], mail["html"]) == ("Niveau bas", "T", "<p>H")
    assert set(mail) == set(normalise(raw(raw_mail())))


def put(folder: Path, name: str, at: float, to: str = "a@ecole.fr") -> None:
    """A mail in the outbox, whose subject is its name."""
    mail = kept({"Simple": {"Subject": {"Data": name}, "Body": {}}}, at)
    mail["request"]["Destination"] = {"ToAddresses": [to]}
    (folder / f"{name}.json").write_text(json.dumps(mail))


def test_the_outbox_lists_the_oldest_first(tmp_path: Path) -> None:
    for name, at in (("1000-b", 2.0), ("999-a", 1.0)):
        put(tmp_path, name, at)
    (tmp_path / ".2000-c.json").write_text("{half")
    assert [mail["subject"] for mail in read_outbox(tmp_path)] == ["999-a", "1000-b"]


def test_the_outbox_of_an_address_has_its_mails_alone_also_those_sent_since(tmp_path: Path) -> None:
    put(tmp_path, "1-a", 1.0, to="a@ecole.fr")
    put(tmp_path, "2-b", 2.0, to="b@ecole.fr")
    assert [mail["subject"] for mail in read_outbox(tmp_path, "a@ecole.fr")] == ["1-a"]
    put(tmp_path, "3-c", 3.0, to="a@ecole.fr")
    assert [mail["subject"] for mail in read_outbox(tmp_path, "a@ecole.fr")] == ["1-a", "3-c"]
    assert read_outbox(tmp_path, "c@ecole.fr") == []
