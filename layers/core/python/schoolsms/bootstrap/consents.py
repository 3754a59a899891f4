"""The wiring of consents, and of the rights of those who gave them."""

from functools import cache
from typing import TYPE_CHECKING

from schoolsms import settings
from schoolsms.adapters.clock import SystemClock
from schoolsms.adapters.dynamodb.consents import DynamoConsents
from schoolsms.bootstrap import clients
from schoolsms.bootstrap.clients import client, secret

if TYPE_CHECKING:
    from schoolsms.application.consents.exercise_rights import ExerciseRights
    from schoolsms.application.consents.import_consents import ImportConsents
    from schoolsms.application.consents.keep_consents import KeepConsents


def consents(told: settings.ConsentSettings) -> DynamoConsents:
    """The store, for whoever asks it; the secret is read when a number is first looked for."""
    key = secret(told.phones_secret)
    return DynamoConsents(client("dynamodb"), told.consents_table, key.text, clients.HANDOFFS_AT_ONCE)


@cache
def keep_consents() -> "KeepConsents":
    from schoolsms.adapters.dynamodb.accounts.schools import DynamoSchools
    from schoolsms.application.consents.keep_consents import KeepConsents

    told = settings.ConsentSettings()
    return KeepConsents(DynamoSchools(client("dynamodb"), told.accounts_table), consents(told), SystemClock())


@cache
def import_consents() -> "ImportConsents":
    from schoolsms.adapters.dynamodb.accounts.schools import DynamoSchools
    from schoolsms.application.consents.import_consents import ImportConsents

    told = settings.ConsentSettings()
    return ImportConsents(DynamoSchools(client("dynamodb"), told.accounts_table), consents(told), SystemClock())


@cache
def exercise_rights() -> "ExerciseRights":
    from schoolsms.adapters.dynamodb.accounts.schools import DynamoSchools
    from schoolsms.adapters.dynamodb.history.personal_data import DynamoPersonalHistory
    from schoolsms.adapters.dynamodb.history.replies import DynamoIncomingReplies, DynamoReplies
    from schoolsms.adapters.dynamodb.history.send_requests import DynamoSendRequests
    from schoolsms.adapters.school_files import S3SchoolFiles
    from schoolsms.application.consents.exercise_rights import ExerciseRights

    told, dynamodb, clock = settings.ExerciseRightsSettings(), client("dynamodb"), SystemClock()
    key = secret(told.phones_secret).text
    return ExerciseRights(
        schools=DynamoSchools(dynamodb, told.accounts_table),
        consents=consents(told),
        requests=DynamoSendRequests(dynamodb, told.history_table, clients.ledger(told), key),
        history=DynamoPersonalHistory(dynamodb, told.history_table, key, clock),
        replies=DynamoReplies(dynamodb, told.history_table),
        incoming=DynamoIncomingReplies(dynamodb, told.history_table, key),
        files=[S3SchoolFiles(client("s3"), each) for each in (told.recipient_lists_bucket, told.exports_bucket)],
        clock=clock,
    )
