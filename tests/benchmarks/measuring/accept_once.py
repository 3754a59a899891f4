"""Accepts one request, to be counted: `python -m tests.benchmarks.measuring.accept_once <way> <file of the body>`.

`floor` reads and writes the same JSON and does nothing with it; `naive` is what one writes first: a model, a parse by
the library, a rendering and a count by the table for each recipient, and an item for each message. `ours twice` has the
pretended database answer twice, which tells what its answers cost.
"""

import importlib.util
import json
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from tests.benchmarks.measuring.instructions import ROOT

TEXT = "Bonjour, le cours de ((prenom)) est annulé ((jour)) : la cantine reste ouverte jusqu'à 14 h."
EXTENSION = "\f^{}\\[~]|€"
GSM = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà" + EXTENSION
)
FIRST_NAMES = ("Zoé", "Karim", "Anaëlle", "Jules", "Inès", "Noé", "François", "Théo")
"""One in four has a letter that makes the message unicode."""

DAYS = ("lundi", "mardi", "jeudi", "vendredi", "samedi")


def body(recipients: int) -> str:
    """As a school posts it."""
    listed = [
        {
            "phone": f"06 12 {n // 10_000:02d} {n // 100 % 100:02d} {n % 100:02d}",
            "variables": {"prenom": FIRST_NAMES[n % 8], "jour": DAYS[n % 5]},
        }
        for n in range(recipients)
    ]
    return json.dumps({"text": TEXT, "recipients": listed})


def event(posted: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((ROOT / "events" / "accept_send_request" / "one_recipient.json").read_text())
    return {**read, "body": posted}


def handler() -> Callable[[Any, object], Any]:
    """That of `accept_send_request`, loaded as Lambda does."""
    spec = importlib.util.spec_from_file_location("app", ROOT / "functions" / "accept_send_request" / "app.py")
    assert spec is not None
    assert spec.loader is not None
    app = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(app)
    loaded: Callable[[Any, object], Any] = app.handler
    return loaded


def ours(posted: str, answers: int = 1) -> None:
    """The handler as it is deployed, from the event to the answer; only the network is missing."""
    from schoolsms.bootstrap.shared.clients import client
    from tests.benchmarks.measuring.pretended_dynamodb import PretendedDynamoDB, pretend_secret

    PretendedDynamoDB(client("dynamodb"), "x", answers)
    pretend_secret(client("secretsmanager"))
    answer = handler()(event(posted), object())
    assert answer["statusCode"] == 202, answer["body"]
    assert json.loads(answer["body"])["refused"] == []


def floor(posted: str) -> None:
    read = json.loads(event(posted)["body"])
    written = json.dumps({"lines": [[each["phone"], each["variables"]] for each in read["recipients"]]})
    assert written


def naive(posted: str) -> None:
    from string import Template

    import phonenumbers
    from pydantic import BaseModel

    class Recipient(BaseModel):
        phone: str
        variables: dict[str, str]

    class Message(BaseModel):
        index: int
        phone: str
        text: str
        encoding: str
        sms_count: int

    read = json.loads(event(posted)["body"])
    template = Template(read["text"].replace("((", "${").replace("))", "}"))
    messages = []
    for index, each in enumerate(read["recipients"]):
        recipient = Recipient(**each)
        number = phonenumbers.parse(recipient.phone, "FR")
        assert phonenumbers.is_valid_number(number)
        assert phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE
        text = template.substitute(recipient.variables)
        gsm = all(char in GSM for char in text)
        units = sum(2 if char in EXTENSION else 1 for char in text) if gsm else len(text.encode("utf-16-be")) // 2
        alone, part = (160, 153) if gsm else (70, 67)
        messages.append(
            Message(
                index=index,
                phone=phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164),
                text=text,
                encoding="gsm" if gsm else "unicode",
                sms_count=1 if units <= alone else -(-units // part),
            )
        )
    items = [{"PutRequest": {"Item": {k: {"S": str(v)} for k, v in each.model_dump().items()}}} for each in messages]
    assert json.dumps(items)


WAYS: dict[str, Callable[[str], None]] = {
    "ours": ours,
    "ours twice": partial(ours, answers=2),
    "floor": floor,
    "naive": naive,
}

if __name__ == "__main__":
    WAYS[sys.argv[1]](Path(sys.argv[2]).read_text())
