"""Cold-start cost of each function in instructions and memory, beside the obvious stack and the least."""

from collections.abc import Sequence

from tests.benchmarks.measuring.instructions import (
    ROOT,
    WITHOUT_VALGRIND,
    Run,
    as_deployed,
    can_count,
    counted,
    peak_mebibytes,
)
from tests.benchmarks.measuring.tables import aim, note, table

FUNCTIONS = (
    "accept_send_request",
    "estimate_cost",
    "school_api",
    "operator_api",
    "dispatch_messages",
    "record_receipts",
)
"""The HTTP functions people wait for, and those that hand messages over and hear what became of them."""

OWN = """
import importlib.util, sys
spec = importlib.util.spec_from_file_location("app", sys.argv[1])
spec.loader.exec_module(importlib.util.module_from_spec(spec))
from schoolsms import bootstrap
from schoolsms.bootstrap.shared.clients import client
client("dynamodb")
getattr(bootstrap, sys.argv[2], bootstrap.read_accounts)()
"""

NAIVE = """
from typing import Any
import boto3, jinja2, phonenumbers
from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2
from aws_lambda_powertools.utilities.idempotency import DynamoDBPersistenceLayer
from aws_lambda_powertools.utilities.parser import parse
from pydantic import BaseModel, Field
class Recipient(BaseModel):
    phone: str = Field(max_length=64)
    variables: dict[str, str] = Field(default_factory=dict)
class Body(BaseModel):
    text: str
    recipients: list[Recipient]
class Answer(BaseModel):
    id: str
    accepted: int
logger, metrics, tracer = Logger(service="x"), Metrics(namespace="x", service="x"), Tracer(service="x", disabled=True)
app = APIGatewayHttpResolver(enable_validation=True)
table = boto3.resource("dynamodb").Table("x")
queue = boto3.client("sqs")
jinja2.Environment(autoescape=True).from_string("Bonjour {{ prenom }}")
@app.post("/v1/send-requests")
def send(body: Body) -> Answer:
    return Answer(id="x", accepted=len(body.recipients))
"""

FLOOR = """
import hashlib, hmac, http.client, json, ssl, datetime, urllib.parse
context = ssl.create_default_context()
connection = http.client.HTTPSConnection("dynamodb.eu-west-3.amazonaws.com", context=context)
key = b"AWS4testing"
for part in (b"20261123", b"eu-west-3", b"dynamodb", b"aws4_request"):
    key = hmac.new(key, part, hashlib.sha256).digest()
json.dumps({"TableName": "x"})
"""

END = """
import os
os._exit(0)
"""
"""Lambda never lets a function's process come to its end, so what Python does there is counted of none."""

ENVIRONMENT = dict.fromkeys(
    (
        *("ACCOUNTS_TABLE", "HISTORY_TABLE", "CONSENTS_TABLE", "DOCUMENTS_BUCKET", "RECIPIENT_LISTS_BUCKET"),
        *("EXPORTS_BUCKET", "PROVIDERS_SECRET", "PHONES_SECRET"),
        *("MESSAGES_QUEUE_URL", "ORDERS_QUEUE_URL", "NOTICES_QUEUE_URL", "RECEIPTS_QUEUE_URL", "OVH_SERVICE_NAME"),
    ),
    "x",
) | {
    "DELIVERY_WINDOW_SECONDS": "259200",
    "DEFAULT_DAILY_LIMIT": "10000",
    "OVH_ENDPOINT": "http://127.0.0.1:9",
    "POWERTOOLS_TRACE_DISABLED": "true",
}
HOT = ("accept_send_request", "dispatch_messages")
"""Those that the aims are about: each message passes them."""

MOST_OF_NAIVE, MOST_OF_FLOOR, MOST_MEBIBYTES = 0.33, 2.0, 40

Row = tuple[str, int, float, float, float]


def run() -> bool:
    """Print the table; whether the aims were held."""
    return _run(FUNCTIONS, {"floor": ("-c", FLOOR), "naive": ("-c", NAIVE)})


def run_quick() -> bool:
    """Print the table of the two hot functions beside the floor; whether the aims were held."""
    return _run(HOT, {"floor": ("-c", FLOOR)})


def _run(functions: Sequence[str], peers: dict[str, Run]) -> bool:
    own: dict[str, Run] = {name: ("-c", OWN, str(ROOT / "functions" / name / "app.py"), name) for name in functions}
    memory: dict[str, float] = {}
    instructions: dict[str, int] = {}
    for runs, environment in ((peers, ENVIRONMENT), (own, as_deployed(ENVIRONMENT))):
        memory |= {name: peak_mebibytes(each, environment) for name, each in runs.items()}
        ended = {name: (flag, code + END, *arguments) for name, (flag, code, *arguments) in runs.items()}
        instructions |= counted(ended, environment, again=True) if can_count() else dict.fromkeys(runs, 0)
    rows: list[Row] = [
        (
            name,
            instructions[name] // 1_000_000,
            instructions[name] / max(1, instructions.get("naive", 0)),
            instructions[name] / max(1, instructions["floor"]),
            memory[name],
        )
        for name in ("floor", *functions, *(name for name in peers if name != "floor"))
    ]
    if "naive" in peers:
        table("Starting a function", ("function", "M instructions", "of naive", "of floor", "MiB"), rows)
    else:
        fewer = [(row[0], row[1], row[3], row[4]) for row in rows]
        table("Starting a function", ("function", "M instructions", "of floor", "MiB"), fewer)
    if not can_count():
        note(WITHOUT_VALGRIND)
    held = []
    for name, _, of_naive, of_floor, mebibytes in rows:
        if name not in HOT:
            continue
        if "naive" in peers:
            held.append(aim(f"{name} ≤ {MOST_OF_NAIVE} × naive: {of_naive:.2f}", held=of_naive <= MOST_OF_NAIVE))
        held.append(aim(f"{name} ≤ {MOST_OF_FLOOR:.0f} × floor: {of_floor:.2f}", held=of_floor <= MOST_OF_FLOOR))
        held.append(aim(f"{name} ≤ {MOST_MEBIBYTES} MiB: {mebibytes:.1f}", held=mebibytes <= MOST_MEBIBYTES))
    return all(held)
