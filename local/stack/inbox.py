"""SES's inbound side: SMTP in, what the receipt rule would store out."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import compat32
from email.utils import format_datetime, parseaddr

from aiosmtpd.smtp import SMTP, Envelope, Session

MAX_BYTES = 40 * 1024 * 1024  # what SES takes
SPOOFED_DOMAIN = "spoofed.test"
SERVER_NAME = "inbound-smtp.eu-west-3.amazonaws.com"

logger = logging.getLogger(__name__)


class Inbox:
    """An aiosmtpd handler that takes mail for one address."""

    def __init__(self, address: str, store: Callable[[str, bytes], None]) -> None:
        """`store(message_id, raw)` may block; the sender hears 250 only once it has returned."""
        self._address = address.lower()
        self._store = store

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, rcpt_options: list[str]
    ) -> str:
        """Take the order inbox's address in any case, nothing else."""
        if address.lower() != self._address:
            return "550 5.1.1 Mailbox does not exist"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(rcpt_options)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Store the mail under SES's headers; 451 when that fails, so that the sender tries again."""
        message_id = secrets.token_hex(20)
        raw = envelope.original_content or b""
        stored = with_ses_headers(
            raw,
            message_id=message_id,
            sender=envelope.mail_from or "",
            recipient=self._address,
            peer=str(session.peer[0]) if session.peer else "127.0.0.1",
            helo=session.host_name or "unknown",
            at=datetime.now(UTC),
        )
        try:
            await asyncio.to_thread(self._store, message_id, stored)
        except Exception:  # whatever went wrong behind, a sender that hears 451 keeps the mail and tries again (R48)
            logger.exception("mail not stored", extra={"message_id": message_id})
            return "451 4.3.0 Temporary failure, try again later"
        return f"250 2.0.0 OK {message_id}"


def with_ses_headers(
    raw: bytes, *, message_id: str, sender: str, recipient: str, peer: str, helo: str, at: datetime
) -> bytes:
    """The mail with the headers SES puts on top of it, in SES's order."""
    author = parseaddr(str(message_from_bytes(raw, policy=compat32)["From"] or ""))[1]
    spoofed = any(_domain(address) == SPOOFED_DOMAIN for address in (sender, author))
    result = "fail" if spoofed else "pass"
    domain = _domain(author) or _domain(sender) or "unknown"
    helo = _one_line(helo)
    headers = [
        f"Return-Path: <{_one_line(sender)}>",
        f"Received: from {helo} ({helo} [{peer}])\r\n by {SERVER_NAME} with SMTP id {message_id}\r\n"
        f" for {recipient};\r\n {format_datetime(at)}",
        "X-SES-Spam-Verdict: PASS",
        "X-SES-Virus-Verdict: PASS",
        f"Received-SPF: {result} (spfCheck: domain of {_domain(sender) or domain}"
        f" {'does not designate' if spoofed else 'designates'} {peer} as permitted sender)"
        f" client-ip={peer}; envelope-from={_one_line(sender)}; helo={helo};",
        f"Authentication-Results: amazonses.com;\r\n spf={result} client-ip={peer};\r\n"
        f" dkim={result} header.i=@{domain};\r\n dmarc={result} header.from={domain};",
        f"X-SES-RECEIPT: {secrets.token_urlsafe(48)}",
    ]
    return "\r\n".join(headers).encode("utf-8", "replace") + b"\r\n" + raw


def _domain(address: str) -> str:
    return _one_line(address.rpartition("@")[2]).lower() if "@" in address else ""


def _one_line(text: str) -> str:
    return "".join(character for character in text if character.isprintable() and character not in " ;<>")


class LongLineSMTP(SMTP):
    """Takes lines of any length, and bare line feeds, as generous servers do: the size of a mail is bounded anyway."""

    line_length_limit = MAX_BYTES


async def start_inbox(inbox: Inbox, host: str, port: int) -> asyncio.Server:
    """Listen for SMTP; `port` may be 0."""
    loop = asyncio.get_running_loop()
    return await loop.create_server(
        lambda: LongLineSMTP(inbox, hostname=SERVER_NAME, data_size_limit=MAX_BYTES, enable_SMTPUTF8=True, loop=loop),
        host=host,
        port=port,
    )
