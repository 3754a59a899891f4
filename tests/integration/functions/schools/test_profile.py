"""The profile shows any caller their own identity."""

from schoolsms.adapters.dynamodb.accounts.maintenance import DynamoMaintenance
from schoolsms.adapters.dynamodb.client.table import Table
from tests.integration.conftest import ACCOUNTS, dynamodb_client
from tests.support.builders import SCHOOL, UAI
from tests.support.functions.cloud import Cloud
from tests.support.functions.events import event, http

FUNCTION = "school_api"
OPERATOR = {"roles": "[operator]", "school": None}


def test_callers_read_their_own_identity(cloud: Cloud, school: str) -> None:
    shown = {
        "sub": "user-1",
        "email": "marie.durand@lycee.test",
        "school": {
            "uai": UAI,
            "name": "Lycée Paul Valéry",
            "state": "active",
            "subscription_end": SCHOOL.subscription_end.isoformat(),
            "time_zone": "Europe/Paris",
        },
        "roles": ["sms_manager", "sms_sender"],
        "may_send": True,
        "why_not": None,
        "why_not_detail": None,
    }
    assert cloud.call(FUNCTION, event(FUNCTION, "me")) == (200, shown)
    status, for_operator = cloud.call(FUNCTION, http(FUNCTION, "me", claims=OPERATOR))
    detail = for_operator.pop("why_not_detail")
    expected = {"school": None, "roles": ["operator"], "may_send": False, "why_not": "forbidden"}
    assert (status, {**for_operator, "why_not_detail": None}) == (200, shown | expected)
    assert "établissement" in detail


def test_the_profile_and_the_health_say_that_the_operator_works_on_the_service(cloud: Cloud, school: str) -> None:
    """R49."""
    DynamoMaintenance(Table(dynamodb_client(), ACCOUNTS)).begin()
    assert cloud.call(FUNCTION, event(FUNCTION, "health")) == (200, {"status": "maintenance"})
    _, profile = cloud.call(FUNCTION, event(FUNCTION, "me"))
    assert (profile["may_send"], profile["why_not"]) == (False, "maintenance")
