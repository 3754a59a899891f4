"""A snapshot holds nothing that belongs to one process, and a copy of it starts without loading anything."""

import json
import os
import subprocess
import sys
from functools import cache
from typing import Any

import pytest

from tests.support.template import ROOT, environment, parameter
from tests.unit.template.test_versions import FUNCTIONS, WAITED_FOR
from tests.unit.test_architecture import CORE

_SCRIPT = """
import gc, importlib.util, json, os, random, socket, sys
from tests.fakes import snapshot_hooks
sys.modules["snapshot_restore_py"] = snapshot_hooks
calls = []
def refuse(*arguments, **named):
    calls.append(str(arguments))
    raise OSError("no network before the snapshot")
socket.socket.connect = socket.getaddrinfo = refuse
spec = importlib.util.spec_from_file_location("app", sys.argv[1])
spec.loader.exec_module(importlib.util.module_from_spec(spec))
loaded_by_start = set(sys.modules)
prepared = snapshot_hooks._before[0][1][0]
snapshot_hooks.take_snapshot()
loaded = set(sys.modules)

import botocore.client, botocore.credentials
from botocore.loaders import JSONFileLoader
from schoolsms.bootstrap.shared import clients
kept = (botocore.client.BaseClient, botocore.credentials.Credentials, socket.socket)
secrets = "schoolsms.adapters.secrets"
held = sorted(str(type(each)) for each in gc.get_objects()
              if isinstance(each, kept) or type(each).__module__ == secrets)
made = sum(each.cache_info().currsize for each in (*prepared, clients.client, clients.secret))

state = random.getstate()
def copy(restoring):
    random.setstate(state)
    if restoring:
        snapshot_hooks.restore()
    return random.random()
draws = [copy(True), copy(True), copy(False), copy(False)]

files = []
load_file = JSONFileLoader.load_file
JSONFileLoader.load_file = lambda self, path: files.append(path) or load_file(self, path)
os.environ.update(AWS_ACCESS_KEY_ID="function's", AWS_SECRET_ACCESS_KEY="function's")
for each in prepared:
    each()
keys = {each._request_signer._credentials.access_key for each in gc.get_objects()
        if isinstance(each, botocore.client.BaseClient)}
print(json.dumps({
    "calls": calls, "held": held, "made": made, "warmed": sorted(loaded - loaded_by_start), "draws": draws,
    "loaded_late": sorted(set(sys.modules) - loaded), "files": files, "keys": sorted(keys),
}))
"""


@cache
def snapshot_of(function: str) -> dict[str, Any]:
    """Output of a process of the function that has been through its hooks, with the environment of the template."""
    folder = FUNCTIONS[function]["CodeUri"].removeprefix("functions/")
    variables = environment(folder, lambda name: parameter(name) or name)
    lambdas = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": f"{CORE}{os.pathsep}{ROOT}",
        "AWS_DEFAULT_REGION": "eu-west-3",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "snap-start",
        # Where Lambda has the keys of a function that starts from a snapshot, instead of in the environment.
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:9/keys",
    }
    command = [sys.executable, "-c", _SCRIPT, str(ROOT / "functions" / folder / "app.py")]
    run = subprocess.run(command, env=variables | lambdas, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr[-2000:]
    found: dict[str, Any] = json.loads(run.stdout)
    return found


each_function = pytest.mark.parametrize("function", sorted(WAITED_FOR))


@each_function
def test_a_snapshot_holds_no_client_no_key_no_secret_and_no_connection(function: str) -> None:
    found = snapshot_of(function)
    assert found["held"] == []
    assert found["made"] == 0
    assert found["calls"] == []


@each_function
def test_copies_of_a_snapshot_draw_other_numbers(function: str) -> None:
    one, another, as_kept, as_kept_too = snapshot_of(function)["draws"]
    assert as_kept == as_kept_too  # what they would all draw
    assert len({one, another, as_kept}) == 3


@each_function
def test_a_copy_uses_its_own_keys_and_loads_nothing_more(function: str) -> None:
    found = snapshot_of(function)
    assert found["keys"] == ["function's"]
    assert found["loaded_late"] == []
    assert found["files"] == []
    assert "schoolsms.adapters.dynamodb.accounts.schools.schools" in found["warmed"]  # so there was something to load
