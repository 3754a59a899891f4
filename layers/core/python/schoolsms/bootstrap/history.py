"""The wiring of school years that end: announcements, purges, certificates."""

from functools import cache
from typing import TYPE_CHECKING

from schoolsms import settings
from schoolsms.adapters.clock import SystemClock
from schoolsms.bootstrap.clients import client
from schoolsms.bootstrap.sending import map_concurrently

if TYPE_CHECKING:
    from schoolsms.application.history.purge_history import PurgeHistory
    from schoolsms.application.history.read_purges import ReadPurges
    from schoolsms.application.history.watch_school_years import WatchSchoolYears


@cache
def watch_school_years() -> "WatchSchoolYears":
    from schoolsms.adapters.dynamodb.accounts.purges import DynamoPurges
    from schoolsms.adapters.dynamodb.accounts.schools import DynamoSchools
    from schoolsms.adapters.dynamodb.history.purgeable import DynamoPurgeableHistory
    from schoolsms.adapters.queues import SqsQueue
    from schoolsms.adapters.step_functions import StepFunctionsPurges
    from schoolsms.application.history.watch_school_years import WatchSchoolYears

    told = settings.WatchSchoolYearsSettings()
    dynamodb = client("dynamodb")
    return WatchSchoolYears(
        schools=DynamoSchools(dynamodb, told.accounts_table),
        history=DynamoPurgeableHistory(dynamodb, told.history_table, told.accounts_table),
        purges=DynamoPurges(dynamodb, told.accounts_table),
        machine=StepFunctionsPurges(client("stepfunctions"), told.purge_machine_arn),
        notices=SqsQueue(client("sqs"), told.notices_queue_url),
        clock=SystemClock(),
    )


@cache
def purge_history() -> "PurgeHistory":
    from schoolsms.adapters.dynamodb.accounts.purges import DynamoPurges
    from schoolsms.adapters.dynamodb.accounts.schools import DynamoSchools
    from schoolsms.adapters.dynamodb.history.purgeable import DynamoPurgeableHistory
    from schoolsms.adapters.queues import SqsQueue
    from schoolsms.adapters.school_files import S3SchoolFiles
    from schoolsms.application.history.purge_history import PurgeHistory

    told = settings.PurgeHistorySettings()
    dynamodb = client("dynamodb")
    return PurgeHistory(
        schools=DynamoSchools(dynamodb, told.accounts_table),
        history=DynamoPurgeableHistory(dynamodb, told.history_table, told.accounts_table),
        files=[S3SchoolFiles(client("s3"), each) for each in (told.recipient_lists_bucket, told.exports_bucket)],
        purges=DynamoPurges(dynamodb, told.accounts_table),
        notices=SqsQueue(client("sqs"), told.notices_queue_url),
        clock=SystemClock(),
        each=map_concurrently,
    )


@cache
def read_purges() -> "ReadPurges":
    from schoolsms.adapters.dynamodb.accounts.purges import DynamoPurges
    from schoolsms.adapters.dynamodb.accounts.schools import DynamoSchools
    from schoolsms.application.history.read_purges import ReadPurges

    dynamodb, table = client("dynamodb"), settings.Tables().accounts_table
    return ReadPurges(DynamoSchools(dynamodb, table), DynamoPurges(dynamodb, table), SystemClock())
