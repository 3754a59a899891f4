"""The functions that every message passes start light: by what they load, and by what they execute."""

import os
import subprocess
import sys
from functools import cache

import pytest

from tests.support.starts.bytecodes import COUNTING
from tests.support.starts.deployed_core import deployed_core
from tests.support.starts.trimmed_botocore import trimmed_botocore
from tests.unit.test_architecture import FUNCTIONS

# Powertools imports its own metrics and tracing with anything of it (3 ms); what they would pull in is what costs.
HEAVY = (
    "phonenumbers", "pypdf", "pypdfium2", "fpdf", "PIL", "numpy", "holidays", "stdnum", "boto3", "jinja2", "requests",
    "aws_xray_sdk", "aws_lambda_powertools.event_handler", "aws_lambda_powertools.utilities.batch",
    "aws_lambda_powertools.utilities.idempotency", "aws_lambda_powertools.utilities.parser",
    "schoolsms.adapters.mail", "schoolsms.adapters.order_forms", "pydantic", "pydantic_core",
)  # fmt: skip

_LOADED = """
import importlib.util, sys
{counted}
spec = importlib.util.spec_from_file_location("app", sys.argv[1])
spec.loader.exec_module(importlib.util.module_from_spec(spec))
from schoolsms import bootstrap
getattr(bootstrap, sys.argv[2])()
counting.stop()
print(counting.steps, *sys.modules)
"""
_LEAST = """
{counted}
import datetime, hashlib, hmac, http.client, json, ssl, urllib.parse
counting.stop()
print(counting.steps)
"""
"""Modules that every function of this service starts with: TLS, HTTP, JSON and the signature of AWS."""


def _started(script: str, *arguments: str) -> list[str]:
    """Output of a cold start: the bytecodes it executed, first."""
    tables = ("ACCOUNTS_TABLE", "HISTORY_TABLE", "RECIPIENT_LISTS_BUCKET", "CONSENTS_TABLE", "PHONES_SECRET")
    variables = (*tables, "MESSAGES_QUEUE_URL", "RECEIPTS_QUEUE_URL", "PROVIDERS_SECRET", "OVH_SERVICE_NAME")
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join(map(str, (trimmed_botocore(), deployed_core()))),
        "PYTHONHASHSEED": "0",
        "AWS_DEFAULT_REGION": "eu-west-3",
        "DELIVERY_WINDOW_SECONDS": "259200",
        "DEFAULT_DAILY_LIMIT": "10000",
        "OVH_ENDPOINT": "http://127.0.0.1:9",
        **dict.fromkeys(variables, "x"),
    }
    command = [sys.executable, "-c", script.format(counted=COUNTING), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.split()


@cache
def _least() -> int:
    return int(_started(_LEAST)[0])


TIMES_THE_LEAST = {
    "accept_send_request": 5.12,
    "dispatch_messages": 5.14,
    "accept_receipts": 4.73,
    "record_receipts": 4.71,
}
"""Budgets of a start as deployed, in bytecodes executed: multiples of what the standard library needs, 5 % of room.

Bytecodes are the same at each run and on each machine, and the interpreter counts them itself. Those of the standard
library stand for the version of Python. `make bench` counts the processor's instructions, where valgrind is installed.
"""


@pytest.mark.parametrize("function", TIMES_THE_LEAST)
def test_the_hot_path_starts_light(function: str) -> None:
    """Imported and wired, as at a cold start: what only others need stays out, and the rest keeps to its budget."""
    steps, *loaded = _started(_LOADED, str(FUNCTIONS / function / "app.py"), function)
    assert [name for name in loaded if name.startswith("schoolsms.application.") and name.endswith(f".{function}")]
    assert [name for name in loaded if f"{name}.".startswith(tuple(f"{heavy}." for heavy in HEAVY))] == []
    assert int(steps) <= TIMES_THE_LEAST[function] * _least(), f"{int(steps) / _least():.2f} times the least"
