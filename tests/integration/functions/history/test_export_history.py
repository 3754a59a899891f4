"""The history as a file, through its two functions (R36)."""

import base64
import csv
import io
import json
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest

from schoolsms.application.history import export_history
from schoolsms.domain.schools.stock.ledger import credit, debit
from tests.support.builders import NOW, OTHER_UAI, SCHOOL, UAI
from tests.support.examples import REQUEST_ID, a_line, a_request, lines_of
from tests.support.functions.cloud import Cloud, client
from tests.support.functions.events import event, http

SENDER = {"roles": "[sms_sender]"}


@pytest.fixture
def sent(cloud: Cloud, school: str) -> None:
    """Two messages; the text of the second would be a formula."""
    cloud.ledger.post(school, credit("BC1", 100, NOW))
    lines = [*lines_of(1), a_line(1, text='=HYPERLINK("http://x";"y")')]
    cloud.requests.store_and_debit(a_request(lines=2), lines, [], debit(REQUEST_ID, 2, NOW))


@pytest.fixture
def long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_history, "INLINE_LOOKS", 0)


def rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def due(cloud: Cloud) -> dict[str, Any]:
    """The event that the queue brings for the requested export."""
    queue = cloud.reference("RequestedExports")
    (message,) = client("sqs").receive_message(QueueUrl=queue, MaxNumberOfMessages=10)["Messages"]
    brought = event("export_history", "export_due")
    brought["Records"][0]["body"] = message["Body"]
    return brought


@pytest.mark.usefixtures("sent")
def test_a_small_history_comes_at_once(cloud: Cloud) -> None:
    answer = cloud.invoke("school_api", http("school_api", "history_csv", query={"status": "queued"}))

    assert answer["statusCode"] == 200
    assert answer["headers"]["content-type"] == "text/csv; charset=utf-8"
    assert answer["headers"]["content-disposition"] == 'attachment; filename="historique-sms.csv"'
    content = base64.b64decode(answer["body"])
    assert content.startswith(b"\xef\xbb\xbf")
    assert [row[2] for row in rows(content)[1:]] == [a_line().text, '\'=HYPERLINK("http://x";"y")']


@pytest.mark.usefixtures("sent", "long")
def test_a_long_one_is_made_and_fetched_later(cloud: Cloud) -> None:
    answer = cloud.invoke("school_api", event("school_api", "history_csv"))
    begun = json.loads(answer["body"])
    assert answer["statusCode"] == 202
    assert answer["headers"]["location"] == f"/v1/exports/{begun['id']}"
    assert begun == {"id": begun["id"], "state": "running", "rows": 0, "url": None}

    brought = due(cloud)
    assert json.loads(brought["Records"][0]["body"]) == {"school": UAI, "export_id": begun["id"]}
    for _ in range(2):
        assert cloud.invoke("export_history", brought) == {"batchItemFailures": []}

    status, shown = cloud.call("school_api", http("school_api", "export", path={"id": begun["id"]}))
    assert (status, shown["state"], shown["rows"]) == (200, "ready", 2)
    key = urlsplit(shown["url"]).path.lstrip("/").removeprefix(cloud.reference("ExportsBucket") + "/")
    found = client("s3").get_object(Bucket=cloud.reference("ExportsBucket"), Key=key)["Body"].read()
    assert len(rows(found)) == 3


@pytest.mark.usefixtures("sent", "long")
def test_another_school_s_export_is_not_found_and_a_sender_has_none(cloud: Cloud) -> None:
    """R2, R36."""
    begun = cloud.call("school_api", event("school_api", "history_csv"))[1]
    cloud.schools.put(replace(SCHOOL, uai=OTHER_UAI))

    def shown(case: str, **claims: str) -> int:
        path = {"id": begun["id"]} if case == "export" else None
        return int(cloud.call("school_api", http("school_api", case, path=path, claims=claims))[0])

    assert shown("export", school=OTHER_UAI) == 404
    assert shown("export", **SENDER) == shown("history_csv", **SENDER) == 403


def test_an_export_that_is_gone_is_not_made(cloud: Cloud, school: str) -> None:
    assert cloud.invoke("export_history", event("export_history", "export_due")) == {"batchItemFailures": []}


@pytest.mark.parametrize("query", [{"status": "lost"}, {"from": "hier"}])
def test_a_wrong_search_is_refused(cloud: Cloud, school: str, query: dict[str, str]) -> None:
    assert cloud.call("school_api", http("school_api", "history_csv", query=query))[0] == 422
