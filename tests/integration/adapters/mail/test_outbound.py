"""Mails as SES gets them."""

import email
from collections.abc import Iterator
from email.message import EmailMessage, MIMEPart
from email.policy import default
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.stub import ANY, Stubber
from moto import mock_aws
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends
from mypy_boto3_sesv2 import SESV2Client

from schoolsms.adapters.mail.inbound import MimeMailReader
from schoolsms.adapters.mail.outbound import SesMailer
from schoolsms.domain.errors import RefusedError, TransientError
from schoolsms.domain.orders.mails import Attachment, OutboundMail

SENDER = "SMS Skolengo <sms@skolengo.test>"
TEXT = "Bonjour,\n\nCrédit\u00a0: 1\u00a0000 SMS – " + "très " * 400 + "long.\n"
HTML = "<p>Crédit\u00a0: 1\u00a0000 SMS</p>\n"


def a_mail(**changes: Any) -> OutboundMail:
    mail: dict[str, Any] = {
        "to": ["martin@lycee.test", "durand@lycee.test"],
        "subject": "Bon de commande en cours d'examen – lycée",
        "text": TEXT,
        "html": HTML,
    }
    return OutboundMail(**mail | changes)


def client(**config: Any) -> SESV2Client:
    return boto3.client(
        "sesv2",
        region_name="eu-west-3",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"total_max_attempts": 1}, **config),
    )


@pytest.fixture
def ses() -> Iterator[SESV2Client]:
    with mock_aws():
        one = client()
        one.create_email_identity(EmailIdentity="skolengo.test")
        yield one


def sent() -> EmailMessage:
    (message,) = ses_backends[DEFAULT_ACCOUNT_ID]["eu-west-3"].sent_messages
    raw = message.raw_data
    assert raw.isascii()
    head, _, body = raw.partition("\r\n\r\n")
    assert max(map(len, head.splitlines())) <= 998
    assert max(map(len, body.splitlines())) <= 120  # RFC 2045 allows 76 to an encoded line; delimiters and headers more
    parsed = email.message_from_string(raw, policy=default)
    assert isinstance(parsed, EmailMessage)
    assert [part.defects for part in parsed.walk() if part.defects] == []
    return parsed


def content(part: MIMEPart | None) -> str:
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def test_a_mail_arrives_as_text_and_html_with_its_headers(ses: SESV2Client) -> None:
    SesMailer(ses, SENDER).send(a_mail())
    message = sent()
    assert message["From"] == SENDER
    assert message["To"] == "martin@lycee.test, durand@lycee.test"
    assert message["Subject"] == "Bon de commande en cours d'examen – lycée"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"].endswith("@skolengo.test>")
    assert message["Date"].datetime.tzinfo is not None
    assert message["In-Reply-To"] is None
    assert message.get_content_type() == "multipart/alternative"
    assert content(message.get_body(("plain",))) == TEXT
    assert content(message.get_body(("html",))) == HTML


def test_an_attachment_arrives_whole(ses: SESV2Client) -> None:
    pdf = Attachment("Facture élève n° 1.pdf", "application/pdf", bytes(range(256)) * 10)
    SesMailer(ses, SENDER).send(a_mail(attachments=[pdf]))
    message = sent()
    (part,) = message.iter_attachments()
    assert part.get_filename() == "Facture élève n° 1.pdf"
    assert part.get_content_type() == "application/pdf"
    assert part.get_payload(decode=True) == pdf.content
    assert content(message.get_body(("plain",))) == TEXT


def test_a_reply_names_the_mail_it_answers_however_long_its_id(ses: SESV2Client) -> None:
    message_id = f"<{'a' * 300}@lycee.test>"
    SesMailer(ses, SENDER).send(a_mail(in_reply_to=message_id))
    assert sent()["In-Reply-To"] == message_id
    assert sent()["References"] == message_id


@pytest.mark.parametrize("message_id", ["", "<a>\r\nBcc: autre@evil.test", "<é@b.test>", "<a b>"])
def test_an_unusable_id_is_not_answered(ses: SESV2Client, message_id: str) -> None:
    SesMailer(ses, SENDER).send(a_mail(in_reply_to=message_id))
    assert sent()["In-Reply-To"] is None
    assert sent()["Bcc"] is None


def test_a_subject_cannot_add_a_header(ses: SESV2Client) -> None:
    SesMailer(ses, SENDER).send(a_mail(subject="Bon\r\nBcc: autre@evil.test"))
    assert sent()["Subject"] == "Bon Bcc: autre@evil.test"
    assert sent()["Bcc"] is None


def test_our_own_mails_are_known_as_automatic_when_they_come_back(ses: SESV2Client) -> None:
    SesMailer(ses, SENDER).send(a_mail())
    (message,) = ses_backends[DEFAULT_ACCOUNT_ID]["eu-west-3"].sent_messages
    assert MimeMailReader().parse(message.raw_data.encode()).automatic


def test_an_international_domain_is_written_in_ascii(ses: SESV2Client) -> None:
    SesMailer(ses, SENDER).send(a_mail(to=["martin@lycée.test"]))
    assert sent()["To"] == "martin@xn--lyce-dpa.test"


@pytest.mark.parametrize(
    "to",
    [
        [],
        ["personne"],
        ["@lycee.test"],
        ["martin@"],
        ["élodie@lycee.test"],
        ["a@b.test, c@d.test"],
        ["a@b.test\r\nBcc: autre@evil.test"],
        ["Martin <a@b.test>"],
        ["a@" + "x" * 70 + ".test"],
    ],
)
def test_an_address_that_no_mail_reaches_is_refused_without_being_named(ses: SESV2Client, to: list[str]) -> None:
    with pytest.raises(RefusedError) as refused:
        SesMailer(ses, SENDER).send(a_mail(to=to))
    assert refused.value.code == "mail-rejected"
    assert "test" not in str(refused.value)


@pytest.mark.parametrize(("code", "status"), [("MessageRejected", 400), ("BadRequestException", 400)])
def test_a_mail_that_ses_rejects_is_refused(code: str, status: int) -> None:
    one = client()
    with Stubber(one) as stub:
        stub.add_client_error("send_email", code, "Illegal address", status)
        with pytest.raises(RefusedError) as refused:
            SesMailer(one, SENDER).send(a_mail())
    assert refused.value.code == "mail-rejected"


@pytest.mark.parametrize(
    ("code", "message", "status"),
    [
        ("TooManyRequestsException", "slow down", 429),
        ("ThrottlingException", "slow down", 400),
        ("LimitExceededException", "daily quota", 400),
        ("SendingPausedException", "paused", 400),
        ("AccountSuspendedException", "suspended", 400),
        ("MailFromDomainNotVerifiedException", "no MX", 400),
        ("AccessDeniedException", "not allowed", 403),
        ("InternalFailure", "oops", 500),
        ("ServiceUnavailable", "oops", 503),
        ("MessageRejected", "Email address is not verified. The following identities failed", 400),
    ],
)
def test_what_is_no_fault_of_the_mail_is_tried_again(code: str, message: str, status: int) -> None:
    one = client()
    with Stubber(one) as stub:
        stub.add_client_error("send_email", code, message, status)
        with pytest.raises(TransientError):
            SesMailer(one, SENDER).send(a_mail())


def test_a_connection_that_fails_is_tried_again() -> None:
    one = boto3.client(
        "sesv2",
        region_name="eu-west-3",
        endpoint_url="http://127.0.0.1:9",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(connect_timeout=1, retries={"total_max_attempts": 1}),
    )
    with pytest.raises(TransientError):
        SesMailer(one, SENDER).send(a_mail())


@pytest.mark.parametrize("configuration_set", [None, "sms"])
def test_the_configuration_set_is_named_when_there_is_one(configuration_set: str | None) -> None:
    one = client()
    expected: dict[str, Any] = {
        "FromEmailAddress": SENDER,
        "Destination": {"ToAddresses": ["martin@lycee.test", "durand@lycee.test"]},
        "Content": {"Raw": {"Data": ANY}},
    }
    if configuration_set:
        expected["ConfigurationSetName"] = configuration_set
    with Stubber(one) as stub:
        stub.add_response("send_email", {"MessageId": "1"}, expected)
        SesMailer(one, SENDER, configuration_set).send(a_mail())
        stub.assert_no_pending_responses()


def test_answers_of_people_go_where_the_mail_says(ses: SESV2Client) -> None:
    SesMailer(ses, SENDER).send(a_mail(reply_to="aide@kosmos.test"))
    assert sent()["Reply-To"] == "aide@kosmos.test"
