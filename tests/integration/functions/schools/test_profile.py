"""The profile shows any caller their own identity."""

from tests.support.builders import UAI
from tests.support.functions.cloud import Cloud
from tests.support.functions.events import event, http

FUNCTION = "school_api"
OPERATOR = {"roles": "[operator]", "school": None}


def test_callers_read_their_own_identity(cloud: Cloud, school: str) -> None:
    shown = {
        "sub": "user-1",
        "email": "marie.durand@lycee.test",
        "school": {"uai": UAI, "name": "Lycée Paul Valéry"},
        "roles": ["sms_manager", "sms_sender"],
        "may_send": True,
        "why_not": None,
    }
    assert cloud.call(FUNCTION, event(FUNCTION, "me")) == (200, shown)
    for_operator = {"school": None, "roles": ["operator"], "may_send": False, "why_not": "forbidden"}
    assert cloud.call(FUNCTION, http(FUNCTION, "me", claims=OPERATOR)) == (200, shown | for_operator)
