"""The wiring of what is written before anything is sent: templates and estimates."""

from functools import cache
from typing import TYPE_CHECKING

from schoolsms import settings
from schoolsms.adapters.clock import SystemClock
from schoolsms.bootstrap.clients import client
from schoolsms.bootstrap.consents import consents

if TYPE_CHECKING:
    from schoolsms.application.sending.estimate_cost import EstimateCost
    from schoolsms.application.sending.keep_templates import KeepTemplates


@cache
def keep_templates() -> "KeepTemplates":
    from schoolsms.adapters.dynamodb.accounts.schools import DynamoSchools
    from schoolsms.adapters.dynamodb.accounts.templates import DynamoTemplates
    from schoolsms.application.sending.keep_templates import KeepTemplates

    dynamodb, table = client("dynamodb"), settings.Tables().accounts_table
    return KeepTemplates(DynamoSchools(dynamodb, table), DynamoTemplates(dynamodb, table), SystemClock())


@cache
def estimate_cost() -> "EstimateCost":
    from schoolsms.adapters.dynamodb.accounts.schools import DynamoSchools
    from schoolsms.adapters.dynamodb.accounts.templates import DynamoTemplates
    from schoolsms.adapters.recipient_lists import S3RecipientLists
    from schoolsms.application.sending.estimate_cost import EstimateCost

    told = settings.EstimateCostSettings()
    dynamodb, table = client("dynamodb"), told.accounts_table
    return EstimateCost(
        schools=DynamoSchools(dynamodb, table),
        consents=consents(told),
        templates=DynamoTemplates(dynamodb, table),
        lists=S3RecipientLists(lambda: client("s3"), told.recipient_lists_bucket),
    )
