"""The mails the service sent, as a reader sees them."""

from __future__ import annotations

import base64
import email
import json
from datetime import UTC, datetime
from email.message import EmailMessage, MIMEPart
from email.policy import default
from functools import lru_cache
from pathlib import Path
from typing import Any


def mail_files(folder: Path) -> list[Path]:
    """The file of every mail, oldest first."""
    return sorted(folder.glob("[0-9]*.json"), key=lambda file: int(file.name.partition("-")[0]))


def read_outbox(folder: Path, to: str | None = None) -> list[dict[str, Any]]:
    """Every mail in the shape of contract.md, oldest first; only those `to` an address, if one is given."""
    return [read_mail(file) for file in mail_files(folder) if to is None or to in _addressees(file)]


@lru_cache(maxsize=128)
def read_mail(file: Path) -> dict[str, Any]:
    """One mail in the shape of contract.md; not to be changed, because it is remembered."""
    return normalise(json.loads(file.read_text()))


@lru_cache(maxsize=100_000)
def _addressees(file: Path) -> frozenset[str]:
    """Whom a mail goes to. Remembered, because whoever waits for a mail asks again and again."""
    return frozenset(read_mail(file)["to"])


def normalise(kept: dict[str, Any]) -> dict[str, Any]:
    """One accepted `SendEmail` request, raw or simple, as `{"to","from","subject","text","html",…}`."""
    request = kept["request"]
    content = request["Content"]
    destination = request.get("Destination", {})
    to = [*destination.get("ToAddresses", []), *destination.get("CcAddresses", [])]
    to += destination.get("BccAddresses", [])
    mail = {"to": to, "from": request.get("FromEmailAddress")}
    if "Raw" in content:
        raw = _from_raw(base64.b64decode(content["Raw"]["Data"]))
        mail = raw | {name: value for name, value in mail.items() if value}
    else:
        mail |= _from_simple(content["Simple"])
    return mail | {"sent_at": datetime.fromtimestamp(kept["sent_at"], UTC).isoformat().replace("+00:00", "Z")}


def _from_simple(simple: dict[str, Any]) -> dict[str, Any]:
    body = simple.get("Body", {})
    return {
        "subject": simple.get("Subject", {}).get("Data", ""),
        "text": body.get("Text", {}).get("Data"),
        "html": body.get("Html", {}).get("Data"),
        "attachments": [
            {
                "filename": attachment.get("FileName"),
                "content_type": attachment.get("ContentType", "application/octet-stream"),
                "base64": attachment.get("RawContent", ""),
            }
            for attachment in simple.get("Attachments", [])
        ],
    }


def _from_raw(raw: bytes) -> dict[str, Any]:
    message = email.message_from_bytes(raw, policy=default)
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    recipients = [address.addr_spec for name in ("to", "cc") if message[name] for address in message[name].addresses]
    return {
        "to": recipients,
        "from": str(message["from"] or ""),
        "subject": str(message["subject"] or ""),
        "text": _text(text),
        "html": _text(html),
        "attachments": [
            {
                "filename": part.get_filename(),
                "content_type": part.get_content_type(),
                "base64": base64.b64encode(_bytes(part)).decode(),
            }
            for part in message.iter_attachments()
        ],
    }


def _text(part: MIMEPart | None) -> str | None:
    return part.get_content().replace("\r\n", "\n") if part else None


def _bytes(part: EmailMessage) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else part.as_bytes()
