"""The wiring of what recipients answer."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING

from schoolsms import settings
from schoolsms.adapters.clock import SystemClock
from schoolsms.bootstrap.clients import client, ledger, secret
from schoolsms.bootstrap.consents import consents

if TYPE_CHECKING:
    from schoolsms.application.consents.accept_replies import AcceptReplies, SmsReplies
    from schoolsms.application.consents.heed_replies import HeedReplies
    from schoolsms.application.consents.read_replies import ReadReplies
    from schoolsms.application.ports.provider_calls import ReplyParser


@cache
def accept_replies() -> "AcceptReplies":
    """As providers call."""
    from schoolsms.adapters.providers.registry import REPLY_PARSERS
    from schoolsms.bootstrap.providers import receipt_secret

    told = settings.AcceptRepliesSettings()
    return _accept_replies(told, REPLY_PARSERS, receipt_secret(told.providers_secret))


@cache
def take_replies() -> "AcceptReplies":
    """As AWS's topic brings them: no provider calls, so no secret is read."""
    return _accept_replies(settings.RepliesSettings(), {}, lambda _, __: "")


@cache
def sms_replies() -> "SmsReplies":
    from schoolsms.adapters.providers.aws_replies import parse_reply
    from schoolsms.application.consents.accept_replies import SmsReplies

    return SmsReplies(parse_reply)


@cache
def heed_replies() -> "HeedReplies":
    from schoolsms.adapters.dynamodb.accounts.schools import DynamoSchools
    from schoolsms.adapters.dynamodb.history.replies import DynamoIncomingReplies, DynamoReplies
    from schoolsms.adapters.dynamodb.history.send_requests import DynamoSendRequests
    from schoolsms.application.consents.heed_replies import HeedReplies

    told, dynamodb = settings.ConsentSettings(), client("dynamodb")
    key = secret(told.phones_secret).text
    return HeedReplies(
        incoming=DynamoIncomingReplies(dynamodb, told.history_table, key),
        replies=DynamoReplies(dynamodb, told.history_table),
        schools=DynamoSchools(dynamodb, told.accounts_table),
        consents=consents(told),
        requests=DynamoSendRequests(dynamodb, told.history_table, ledger(told), key),
        clock=SystemClock(),
    )


@cache
def read_replies() -> "ReadReplies":
    from schoolsms.adapters.dynamodb.accounts.schools import DynamoSchools
    from schoolsms.adapters.dynamodb.history.replies import DynamoReplies
    from schoolsms.application.consents.read_replies import ReadReplies

    told, dynamodb = settings.Tables(), client("dynamodb")
    return ReadReplies(
        DynamoSchools(dynamodb, told.accounts_table), DynamoReplies(dynamodb, told.history_table), SystemClock()
    )


def _accept_replies(
    told: settings.RepliesSettings, parsers: Mapping[str, "ReplyParser"], known: Callable[[str, bool], str]
) -> "AcceptReplies":
    from schoolsms.adapters.dynamodb.history.replies import DynamoIncomingReplies
    from schoolsms.adapters.queues import SqsQueue
    from schoolsms.application.consents.accept_replies import AcceptReplies

    return AcceptReplies(
        parsers=parsers,
        secret=known,
        incoming=DynamoIncomingReplies(client("dynamodb"), told.history_table, secret(told.phones_secret).text),
        queue=SqsQueue(client("sqs"), told.replies_queue_url),
        clock=SystemClock(),
    )
