import asyncio
import smtplib
from collections.abc import Callable
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import pytest

from local.stack.inbox import MAX_BYTES, Inbox, start_inbox, with_ses_headers

ADDRESS = "commande-sms@skolengo.test"
MAIL = b"From: Ecole <a@ecole.fr>\r\nSubject: Commande\r\nAuthentication-Results: forged; spf=pass\r\n\r\nBonjour\r\n"


class Bucket:
    """Keeps what it is given, or fails."""

    def __init__(self, failing: bool = False) -> None:
        self.failing = failing
        self.mails: dict[str, bytes] = {}

    def put(self, message_id: str, raw: bytes) -> None:
        if self.failing:
            raise OSError("the bucket does not answer")
        self.mails[message_id] = raw


def talk(bucket: Bucket, conversation: Callable[[smtplib.SMTP], object]) -> object:
    """Hold an SMTP conversation with an inbox that stores into the bucket."""

    def connect_and_talk(port: int) -> object:
        with smtplib.SMTP("127.0.0.1", port, timeout=20) as client:
            return conversation(client)

    async def serve() -> object:
        server = await start_inbox(Inbox(ADDRESS, bucket.put), "127.0.0.1", 0)
        try:
            return await asyncio.to_thread(connect_and_talk, server.sockets[0].getsockname()[1])
        finally:
            server.close()
            await server.wait_closed()

    return asyncio.run(serve())


def stamped(raw: bytes, sender: str) -> list[tuple[str, str]]:
    mail = with_ses_headers(
        raw,
        message_id="m1",
        sender=sender,
        recipient=ADDRESS,
        peer="127.0.0.1",
        helo="client.ecole.fr",
        at=datetime(2026, 11, 22, 19, 0, tzinfo=UTC),
    )
    return [(name, str(value)) for name, value in message_from_bytes(mail, policy=default).items()]


def test_a_mail_for_the_order_inbox_is_stored_under_the_headers_ses_adds() -> None:
    bucket = Bucket()
    talk(bucket, lambda client: client.sendmail("a@ecole.fr", [ADDRESS], MAIL))
    [raw] = bucket.mails.values()
    assert raw.endswith(MAIL)
    names = [name for name, _ in message_from_bytes(raw, policy=default).items()]
    assert names[:7] == [
        "Return-Path",
        "Received",
        "X-SES-Spam-Verdict",
        "X-SES-Virus-Verdict",
        "Received-SPF",
        "Authentication-Results",
        "X-SES-RECEIPT",
    ]


def test_the_address_is_read_in_any_case() -> None:
    bucket = Bucket()
    talk(bucket, lambda client: client.sendmail("a@ecole.fr", [ADDRESS.upper()], MAIL))
    assert len(bucket.mails) == 1


def test_mail_for_anyone_else_is_refused() -> None:
    bucket = Bucket()
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        talk(bucket, lambda client: client.sendmail("a@ecole.fr", ["autre@skolengo.test"], MAIL))
    assert refused.value.recipients["autre@skolengo.test"][0] == 550
    assert bucket.mails == {}


def test_a_mail_that_could_not_be_stored_is_to_be_sent_again() -> None:
    with pytest.raises(smtplib.SMTPDataError) as refused:
        talk(Bucket(failing=True), lambda client: client.sendmail("a@ecole.fr", [ADDRESS], MAIL))
    assert refused.value.smtp_code == 451


def test_a_mail_that_announces_more_than_ses_takes_is_refused() -> None:
    with pytest.raises(smtplib.SMTPSenderRefused) as refused:
        talk(Bucket(), lambda client: client.sendmail("a@ecole.fr", [ADDRESS], b"x" * (MAX_BYTES + 1)))
    assert refused.value.smtp_code == 552


def test_an_honest_mail_passes_every_verdict() -> None:
    headers = stamped(MAIL, "a@ecole.fr")
    assert dict(headers[2:4]) == {"X-SES-Spam-Verdict": "PASS", "X-SES-Virus-Verdict": "PASS"}
    assert headers[4][1].startswith("pass ")
    results = headers[5][1]
    assert "spf=pass" in results
    assert "dkim=pass header.i=@ecole.fr" in results
    assert "dmarc=pass header.from=ecole.fr" in results


@pytest.mark.parametrize(
    ("sender", "author"), [("a@spoofed.test", b"a@ecole.fr"), ("a@ecole.fr", b"A <a@SPOOFED.test>")]
)
def test_a_spoofed_mail_fails_every_verdict(sender: str, author: bytes) -> None:
    headers = stamped(b"From: " + author + b"\r\n\r\nBonjour\r\n", sender)
    assert headers[4][1].startswith("fail ")
    assert headers[5][1].count("=fail") == 3


def test_a_sender_cannot_add_headers_of_ses() -> None:
    headers = stamped(MAIL, "a@ecole.fr>\r\nX-SES-Spam-Verdict: PASS")
    assert [name for name, _ in headers].count("X-SES-Spam-Verdict") == 1
    assert [name for name, _ in headers].count("Authentication-Results") == 2, "the forged one stays below"


def test_a_mail_without_author_is_stamped_for_its_envelope() -> None:
    assert "dmarc=pass header.from=ecole.fr" in stamped(b"Subject: x\r\n\r\ny", "a@ecole.fr")[5][1]
