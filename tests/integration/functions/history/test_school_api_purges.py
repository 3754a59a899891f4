"""`GET /v1/purges`: certificates, and when the running year goes (R2, R37, R38)."""

import hashlib
import json

import pytest

from tests.support.builders import NOW, OPERATOR, OTHER_UAI
from tests.support.examples import a_request, lines_of
from tests.support.functions.cloud import Cloud
from tests.support.functions.events import event, http
from tests.support.worlds.school_year_world import PURGED_AT

FUNCTION = "school_api"


@pytest.fixture
def purged(cloud: Cloud, school: str) -> Cloud:
    request = a_request(cost_sms=0)
    cloud.requests.store_and_debit(request, lines_of(1), [], None)
    cloud.messages.never_handed_over(request, lines_of(1)[0], "failed", cloud.clock.now(), None)
    cloud.clock.time = PURGED_AT
    for _ in range(2):
        cloud.invoke("purge_history", event("purge_history", "year_ended"))
    return cloud


def test_the_digest_of_a_certificate_can_be_computed_by_anybody(purged: Cloud) -> None:
    status, body = purged.call(FUNCTION, event(FUNCTION, "purges"))

    assert status == 200
    (item,) = body["items"]
    assert item["before"]["messages_by_status"] == {"failed": 1}
    assert item["after"]["messages"] == 0
    digest = item.pop("digest")
    canonical = json.dumps(item, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert hashlib.sha256(canonical.encode()).hexdigest() == digest
    assert body["running"] == {
        "school_year": "2027-28",
        "first_day": "2027-09-01",
        "last_day": "2028-09-03",
        "purge_on": "2028-09-04",
    }


def test_the_operator_reads_those_of_every_school(purged: Cloud) -> None:
    claims = {"sub": OPERATOR.subject, "school": "", "roles": "[operator]"}
    status, body = purged.call(FUNCTION, http(FUNCTION, "purges", claims=claims))
    assert (status, len(body["items"]), body["running"]) == (200, 1, None)


@pytest.mark.parametrize(
    ("claims", "status"), [({"roles": "[sms_sender]"}, 403), ({"school": OTHER_UAI}, 404), ({"school": ""}, 403)]
)
def test_nobody_else_does(purged: Cloud, claims: dict[str, str], status: int) -> None:
    assert purged.call(FUNCTION, http(FUNCTION, "purges", claims=claims))[0] == status


def test_before_any_purge_the_running_year_is_shown(cloud: Cloud, school: str) -> None:
    cloud.clock.time = NOW
    status, body = cloud.call(FUNCTION, event(FUNCTION, "purges"))
    assert (status, body["items"], body["next_cursor"]) == (200, [], None)
    assert body["running"]["purge_on"] == "2027-09-01"
