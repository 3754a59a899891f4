"""Requests, lines and what tables hold, as the tests of the adapters and of the handlers want them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from mypy_boto3_dynamodb import DynamoDBClient

from schoolsms.adapters.dynamodb.client.codec import Item, from_wire
from schoolsms.domain.sending.send_requests import Line, Refusal, SendRequest
from tests.support.builders import A_SENDER, NOW, UAI

REQUEST_ID = "REQUESTAAAAAAA"
TEXT = "Le car scolaire part à 8 h"
DIGEST = "d" * 20
ATTEMPT = "ATTEMPTAAAAAAA"


def a_request(lines: int = 1, **changes: Any) -> SendRequest:
    """A request to `lines` recipients, one SMS each, accepted now."""
    request = SendRequest(
        id=REQUEST_ID,
        school=UAI,
        school_year="2026-27",
        purge_at=datetime(2027, 8, 31, 22, tzinfo=UTC),
        author=A_SENDER.subject,
        author_name=A_SENDER.email,
        text=TEXT,
        accepted=lines,
        refused=0,
        cost_sms=lines,
        sender=None,
        accepted_at=NOW,
        due_at=NOW,
        expires_at=NOW + timedelta(hours=72),
        body_digest=DIGEST,
        attempt=ATTEMPT,
    )
    return replace(request, **changes)


def a_line(index: int = 0, **changes: Any) -> Line:
    """The recipient at `index`, at a number that the phone network serves as any other."""
    return Line(index, f"+3361{index:05d}10", TEXT, "gsm", 1, 1, False)._replace(**changes)


def lines_of(count: int) -> list[Line]:
    return [a_line(index) for index in range(count)]


def a_refusal(index: int) -> Refusal:
    return Refusal(index, "01 44 41 00 00", "not-a-mobile", "Ce numéro n'est pas un mobile : il ne reçoit pas de SMS.")


def everything(client: DynamoDBClient, table: str) -> Iterator[Item]:
    """Every item of `table`."""
    for page in client.get_paginator("scan").paginate(TableName=table):
        yield from map(from_wire, page["Items"])


def keys(client: DynamoDBClient, table: str) -> set[tuple[str, str]]:
    """The keys of every item of `table`."""
    return {(item["pk"], item["sk"]) for item in everything(client, table)}
