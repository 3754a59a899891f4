"""Cold-start cost of each function in instructions and memory, beside the obvious stack and the least."""

from tests.benchmarks.instructions import ROOT, WITHOUT_VALGRIND, Run, can_count, counted, peak_mebibytes
from tests.benchmarks.tables import aim, note, table

FUNCTIONS = ("accept_send_request", "estimate_cost", "school_api", "operator_api", "dispatch_messages")
"""The HTTP functions people wait for, and the one that hands messages over."""

OWN = """
import importlib.util, sys
spec = importlib.util.spec_from_file_location("app", sys.argv[1])
spec.loader.exec_module(importlib.util.module_from_spec(spec))
from schoolsms import bootstrap
from schoolsms.bootstrap.clients import client
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

ENVIRONMENT = dict.fromkeys(
    (
        *("ACCOUNTS_TABLE", "HISTORY_TABLE", "CONSENTS_TABLE", "DOCUMENTS_BUCKET", "RECIPIENT_LISTS_BUCKET"),
        *("EXPORTS_BUCKET", "PROVIDERS_SECRET", "PHONES_SECRET"),
        *("MESSAGES_QUEUE_URL", "ORDERS_QUEUE_URL", "NOTICES_QUEUE_URL", "OVH_SERVICE_NAME"),
    ),
    "x",
) | {"DELIVERY_WINDOW_SECONDS": "259200", "OVH_ENDPOINT": "http://127.0.0.1:9", "POWERTOOLS_TRACE_DISABLED": "true"}
MOST_MEBIBYTES = 48

Row = tuple[str, int, float, float, float]


def run() -> bool:
    """Print the table; whether the aims were held."""
    runs: dict[str, Run] = {"naive": ("-c", NAIVE), "floor": ("-c", FLOOR)}
    for name in FUNCTIONS:
        runs[name] = ("-c", OWN, str(ROOT / "functions" / name / "app.py"), name)
    memory = {name: peak_mebibytes(each, ENVIRONMENT) for name, each in runs.items()}
    instructions = counted(runs, ENVIRONMENT, again=True) if can_count() else dict.fromkeys(runs, 0)
    rows: list[Row] = [
        (
            name,
            instructions[name] // 1_000_000,
            instructions[name] / max(1, instructions["naive"]),
            instructions[name] / max(1, instructions["floor"]),
            memory[name],
        )
        for name in ("floor", *FUNCTIONS, "naive")
    ]
    table("Starting a function", ("function", "M instructions", "of naive", "of floor", "MiB"), rows)
    if not can_count():
        note(WITHOUT_VALGRIND)
    most = max(memory[name] for name in FUNCTIONS)
    return all(
        [
            aim(f"≤ 0.3 × naive: {_most(rows, 2):.2f} at most", held=_most(rows, 2) <= 0.3),
            aim(f"≤ 2 × floor: {_most(rows, 3):.2f} at most", held=_most(rows, 3) <= 2),
            aim(f"≤ {MOST_MEBIBYTES} MiB: {most:.0f} at most", held=most <= MOST_MEBIBYTES),
        ]
    )


def _most(rows: list[Row], column: int) -> float:
    return max(float(row[column]) for row in rows[1:-1])
