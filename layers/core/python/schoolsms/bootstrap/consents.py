"""The wiring of consents, of recipients' rights and of their answers."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from schoolsms import settings
from schoolsms.adapters.clock import SystemClock
from schoolsms.bootstrap.shared import stores
from schoolsms.bootstrap.shared.clients import client

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from schoolsms.application.consents.accept_replies import AcceptReplies, SmsReplies
    from schoolsms.application.consents.exercise_rights import ExerciseRights
    from schoolsms.application.consents.export_consents import ExportConsents
    from schoolsms.application.consents.heed_replies import HeedReplies
    from schoolsms.application.consents.import_consents import ImportConsents
    from schoolsms.application.consents.keep_consents import KeepConsents
    from schoolsms.application.consents.read_replies import ReadReplies
    from schoolsms.application.ports.provider_calls import ReplyParser


@cache
def keep_consents() -> KeepConsents:
    from schoolsms.application.consents.keep_consents import KeepConsents

    return KeepConsents(stores.schools(), stores.consents(), SystemClock())


@cache
def export_consents() -> ExportConsents:
    from schoolsms.adapters.s3.exports import S3ConsentFiles
    from schoolsms.application.consents.export_consents import ExportConsents

    files = S3ConsentFiles(client("s3"), settings.ExportHistorySettings().exports_bucket)
    return ExportConsents(stores.schools(), stores.consents(), files)


@cache
def import_consents() -> ImportConsents:
    from schoolsms.application.consents.import_consents import ImportConsents

    return ImportConsents(stores.schools(), stores.consents(), SystemClock())


@cache
def exercise_rights() -> ExerciseRights:
    from schoolsms.adapters.s3.school_files import S3SchoolFiles
    from schoolsms.application.consents.exercise_rights import ExerciseRights

    config = settings.ExerciseRightsSettings()
    return ExerciseRights(
        schools=stores.schools(),
        consents=stores.consents(),
        requests=stores.indexed_send_requests(),
        history=stores.phone_occurrences(),
        replies=stores.replies(),
        incoming=stores.incoming_replies(),
        files=[S3SchoolFiles(client("s3"), each) for each in (config.recipient_lists_bucket, config.exports_bucket)],
        clock=SystemClock(),
    )


# ------------------------------------------------------------------ answers of recipients


@cache
def accept_replies() -> AcceptReplies:
    """Wire the use case for calls of providers."""
    from schoolsms.adapters.providers.registry import REPLY_PARSERS
    from schoolsms.bootstrap.shared.providers import receipt_secret

    config = settings.AcceptRepliesSettings()
    return _accept_replies(config, REPLY_PARSERS, receipt_secret(config.providers_secret))


@cache
def take_replies() -> AcceptReplies:
    """Wire the use case for AWS's topic: no provider calls, so no secret is read."""
    return _accept_replies(settings.RepliesSettings(), {}, lambda _, __: "")


@cache
def sms_replies() -> SmsReplies:
    from schoolsms.adapters.providers.aws_replies import parse_reply
    from schoolsms.application.consents.accept_replies import SmsReplies

    return SmsReplies(parse_reply)


@cache
def heed_replies() -> HeedReplies:
    from schoolsms.application.consents.heed_replies import HeedReplies

    return HeedReplies(
        incoming=stores.incoming_replies(),
        replies=stores.replies(),
        schools=stores.schools(),
        consents=stores.consents(),
        requests=stores.indexed_send_requests(),
        clock=SystemClock(),
    )


@cache
def read_replies() -> ReadReplies:
    from schoolsms.application.consents.read_replies import ReadReplies

    return ReadReplies(stores.schools(), stores.replies(), SystemClock())


def _accept_replies(
    config: settings.RepliesSettings, parsers: Mapping[str, ReplyParser], secret_of: Callable[[str, bool], str]
) -> AcceptReplies:
    from schoolsms.adapters.queues import SqsReplyQueue
    from schoolsms.application.consents.accept_replies import AcceptReplies

    return AcceptReplies(
        parsers=parsers,
        secret=secret_of,
        incoming=stores.incoming_replies(),
        queue=SqsReplyQueue(client("sqs"), config.replies_queue_url),
        clock=SystemClock(),
    )
