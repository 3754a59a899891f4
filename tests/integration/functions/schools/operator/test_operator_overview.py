"""The operator reads over HTTP what waits (R12, R42)."""

from datetime import timedelta
from typing import Any

import pytest

from schoolsms.adapters.dynamodb.accounts.orders.orders import DynamoNotices
from schoolsms.adapters.dynamodb.accounts.schools.schools import DynamoSchools
from schoolsms.adapters.dynamodb.accounts.schools.sent_mails import DynamoSentMails
from schoolsms.adapters.dynamodb.client.table import Table
from schoolsms.adapters.dynamodb.history.messages.provider_rates import DynamoProviderRates
from schoolsms.adapters.queues import SqsMessageQueue
from schoolsms.api.views.values import utc
from schoolsms.bootstrap.shared.clients import client
from schoolsms.domain.schools.sent_mails import MailFate, SentMail
from tests.integration.conftest import ACCOUNTS, HISTORY, dynamodb_client
from tests.support.builders import DEADLINE, MANAGER, NOW, SCHOOL, UAI, order
from tests.support.functions.cloud import Cloud
from tests.support.functions.events import event, http

FUNCTION = "operator_api"
NOTHING = {"count": 0, "more": False, "near_deadline": 0, "past_deadline": 0, "nearest_deadline": None}


def test_the_operator_sees_what_waits(cloud: Cloud) -> None:
    cloud.orders.record(order(state="review"))
    rates = DynamoProviderRates(Table(dynamodb_client(), HISTORY))
    for outcome in ("accepted", "unavailable", "accepted"):
        rates.count(NOW, "ovh", {outcome: 1})
    rates.count(NOW - timedelta(days=1), "ovh", {"accepted": 1})
    SqsMessageQueue(client("sqs"), cloud.reference("QueuedMessages")).pages_due("REQUEST1", UAI, range(3))
    for _ in range(2):
        client("sqs").send_message(QueueUrl=cloud.reference("ReceiptsDead"), MessageBody="{}")
    DynamoSchools(Table(dynamodb_client(), ACCOUNTS)).put(SCHOOL)
    DynamoSentMails(Table(dynamodb_client(), ACCOUNTS)).mark(
        MANAGER, MailFate("ses-1", "bounced", (MANAGER,), NOW, "5.1.1", permanent=True)
    )
    DynamoNotices(Table(dynamodb_client(), ACCOUNTS)).sent("n1", SentMail("ses-1", UAI, MANAGER, "Facture", NOW))

    assert cloud.call(FUNCTION, event(FUNCTION, "overview")) == (
        200,
        {
            "reviews": {**NOTHING, "count": 1, "nearest_deadline": f"{DEADLINE:%Y-%m-%dT%H:%M:%S}.000Z"},
            "uncredited": NOTHING,
            "questions": NOTHING,
            "overdue_invoices": {"count": 0, "more": False, "rest_due": "0.00"},
            "pages_waiting": 3,
            "dead_letters": [{"queue": "Receipts", "count": 2}],
            "providers": [
                {
                    "provider": "ovh",
                    "hour": f"{NOW:%Y-%m-%dT%H}:00:00.000Z",
                    "accepted": 2,
                    "refused": 0,
                    "unavailable": 1,
                    "uncertain": 0,
                    "delivered": 0,
                    "undeliverable": 0,
                    "expired": 0,
                }
            ],
            "unreachable_addresses": {
                "items": [
                    {"school": UAI, "address": MANAGER, "since": utc(NOW), "state": "bounced", "code": "5.1.1"},
                ],
                "more": False,
            },
        },
    )


@pytest.mark.parametrize("claims", [{"roles": "[sms_manager]", "school": UAI}, {"roles": "[sms_sender]"}, {"sub": ""}])
def test_nobody_else_does(cloud: Cloud, claims: dict[str, Any]) -> None:
    assert cloud.call(FUNCTION, http(FUNCTION, "overview", claims=claims))[0] == 403
