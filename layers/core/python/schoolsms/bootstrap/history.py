"""The wiring of the history: reading, exports, and the purge of school years that end."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from schoolsms import settings
from schoolsms.adapters.clock import SystemClock
from schoolsms.bootstrap.shared import stores
from schoolsms.bootstrap.shared.clients import client, map_concurrently
from schoolsms.bootstrap.shared.support import support_contact

if TYPE_CHECKING:
    from schoolsms.application.history.export_history import ExportHistory
    from schoolsms.application.history.list_send_requests import ListSendRequests
    from schoolsms.application.history.purge_history import PurgeHistory
    from schoolsms.application.history.read_message import ReadMessage
    from schoolsms.application.history.read_purges import ReadPurges
    from schoolsms.application.history.read_send_requests import ReadSendRequests
    from schoolsms.application.history.trace_number import TraceNumber
    from schoolsms.application.history.watch_school_years import WatchSchoolYears
    from schoolsms.application.sending.delivering.keep_totals import KeepTotals


@cache
def keep_totals() -> KeepTotals:
    from schoolsms.application.sending.delivering.keep_totals import KeepTotals

    return KeepTotals(stores.send_requests(), stores.tallies())


@cache
def read_send_requests() -> ReadSendRequests:
    from schoolsms.application.history.read_send_requests import ReadSendRequests

    return ReadSendRequests(
        requests=stores.indexed_send_requests(), schools=stores.schools(), clock=SystemClock(), totals=keep_totals()
    )


@cache
def read_message() -> ReadMessage:
    from schoolsms.application.history.read_message import ReadMessage

    reading = read_send_requests()
    return ReadMessage(reading.requests, reading)


@cache
def trace_number() -> TraceNumber:
    from schoolsms.application.history.trace_number import TraceNumber

    return TraceNumber(read_send_requests(), stores.consents())


@cache
def list_send_requests() -> ListSendRequests:
    from schoolsms.application.history.list_send_requests import ListSendRequests

    return ListSendRequests(
        requests=stores.send_requests(), schools=stores.schools(), clock=SystemClock(), totals=keep_totals()
    )


@cache
def export_history() -> ExportHistory:
    from schoolsms.adapters.queues import SqsExportQueue
    from schoolsms.adapters.s3.exports import S3Exports
    from schoolsms.application.history.export_history import ExportHistory

    config = settings.ExportHistorySettings()
    return ExportHistory(
        reading=read_send_requests(),
        exports=S3Exports(client("s3"), config.exports_bucket),
        queue=SqsExportQueue(client("sqs"), config.exports_queue_url),
        clock=SystemClock(),
        contact=support_contact(),
    )


@cache
def watch_school_years() -> WatchSchoolYears:
    from schoolsms.adapters.step_functions import StepFunctionsPurges
    from schoolsms.application.history.watch_school_years import WatchSchoolYears

    config = settings.WatchSchoolYearsSettings()
    return WatchSchoolYears(
        schools=stores.schools(),
        history=stores.purgeable_history(),
        purges=stores.purges(),
        machine=StepFunctionsPurges(client("stepfunctions"), config.purge_machine_arn),
        notices=stores.notice_queue(),
        clock=SystemClock(),
    )


@cache
def purge_history() -> PurgeHistory:
    from schoolsms.adapters.s3.school_files import S3SchoolFiles
    from schoolsms.application.history.purge_history import PurgeHistory

    config = settings.PurgeHistorySettings()
    return PurgeHistory(
        schools=stores.schools(),
        history=stores.purgeable_history(),
        files=[S3SchoolFiles(client("s3"), each) for each in (config.recipient_lists_bucket, config.exports_bucket)],
        purges=stores.purges(),
        notices=stores.notice_queue(),
        clock=SystemClock(),
        each=map_concurrently,
        maintenance=stores.maintenance(),
    )


@cache
def read_purges() -> ReadPurges:
    from schoolsms.application.history.read_purges import ReadPurges

    return ReadPurges(stores.schools(), stores.purges(), SystemClock())
