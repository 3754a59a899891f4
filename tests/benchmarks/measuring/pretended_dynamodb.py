"""A DynamoDB in this process: requests are made, signed and answered as ever, and never leave.

It knows one school and its balance, everybody has consented, and whatever is written it takes: enough to accept
requests, nothing to prove.
"""

import io
import json
import re
from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from schoolsms.adapters.dynamodb.accounts.schools.schools import DynamoSchools
from schoolsms.adapters.dynamodb.client.codec import to_wire
from schoolsms.adapters.dynamodb.client.table import Table
from tests.support.builders import SCHOOL, UAI

STOCK = 1_000_000
_PK = re.compile(rb'"PHONE#[0-9a-f]+"')
_TABLE = re.compile(rb'^\{"RequestItems": ?\{"(\w+)"')
_LOOKED_AT = ("GetItem", "UpdateItem", "TransactWriteItems")


class _Raw(io.BytesIO):
    """Response stream, as botocore reads one."""

    def stream(self, **_: object) -> Any:
        while chunk := self.read(65_536):
            yield chunk


class PretendedDynamoDB:
    """Answers `client` from memory; what it says of consents it finds out `answers` times."""

    def __init__(self, client: Any, accounts_table: str, answers: int = 1) -> None:
        self._answers = answers
        balance = {"pk": f"LEDGER#{UAI}", "sk": "BALANCE", "balance_sms": STOCK, "last_seq": 1}
        self._items: dict[tuple[str, str], Any] = {(f"LEDGER#{UAI}", "BALANCE"): to_wire(balance)}
        client.meta.events.register("before-send.dynamodb", self._answer)
        DynamoSchools(Table(client, accounts_table)).put(SCHOOL)

    def _answer(self, request: Any, **_: object) -> AWSResponse:
        operation = request.headers["X-Amz-Target"].decode().rpartition(".")[2]
        if operation == "BatchGetItem":
            for _again in range(self._answers):
                body = _all_granted(request.body)
        else:
            asked = json.loads(request.body) if operation in _LOOKED_AT else {}
            body = json.dumps(self._of(operation, asked)).encode()
        return AWSResponse(request.url, 200, HTTPHeaders(), _Raw(body))

    def _of(self, operation: str, asked: dict[str, Any]) -> dict[str, Any]:
        if operation == "Query":
            return {"Items": [], "Count": 0, "ScannedCount": 0}
        if operation == "TransactWriteItems":
            for put in (each["Put"]["Item"] for each in asked["TransactItems"] if "Put" in each):
                self._items[put["pk"]["S"], put["sk"]["S"]] = put
        if operation == "GetItem":
            found = self._items.get(_key(asked))
            return {"Item": found} if found else {}
        if operation == "UpdateItem":
            values = asked["ExpressionAttributeValues"]
            named = {name: values[f":{name}"] for name in asked["ExpressionAttributeNames"].values()}
            self._items[_key(asked)] = {**asked["Key"], **named}
        return {}


def _all_granted(asked: bytes) -> bytes:
    """As cheap as can be, since it counts with what is counted."""
    items = b",".join([b'{"pk":{"S":%b},"granted":{"BOOL":true}}' % pk for pk in _PK.findall(asked)])
    return b'{"Responses":{"%b":[%b]}}' % (_TABLE.findall(asked)[0], items)


def _key(asked: dict[str, Any]) -> tuple[str, str]:
    return asked["Key"]["pk"]["S"], asked["Key"]["sk"]["S"]


def pretend_secret(client: Any) -> None:
    """Have `client`, of Secrets Manager, answer without a network."""
    body = json.dumps({"SecretString": "key"}).encode()
    client.meta.events.register(
        "before-send.secrets-manager", lambda request, **_: AWSResponse(request.url, 200, HTTPHeaders(), _Raw(body))
    )
