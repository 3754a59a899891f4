"""Thousands of calls that the API's description allows or forbids, by each role.

schemathesis makes them up from `openapi.json`. Each answer must be as described: a status, a type, a body of the
operation; never a server error; refused where the call is not as described, or has no token. Then the accounts must
still add up. schemathesis is on `PYTHONPATH`, because it is installed apart: see `requirements.txt`.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from local.machine.settings import ROOT
from local.players.client import Client, eventually
from local.players.school import SchoolPlayer
from local.stack.process import Stack
from tests.support.journeys.operating import operate

LEAST = 2_000
"""Examples in all; with fewer the proof says nothing."""

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "missing_required_header",
    "ignored_auth",
)
"""All but two. `positive_data_acceptance`: much that has the right shape is refused by a rule of the service.
`unsupported_method`: API Gateway answers 404 to a method that a path does not have, before any function runs."""

REFUSED = (400, 401, 403, 404, 409, 410, 413, 422)
"""Answers to a call that is not as described; 410 is that of a link which is no longer valid."""

GENERATED = re.compile(r"^\s*(\d+) generated", re.MULTILINE)


def known(school: SchoolPlayer) -> Iterator[tuple[str, str]]:
    """Yield path parameters that name something of `school`, so that more than "not found" is answered."""
    invoices = eventually(lambda: school.manager.all("/v1/invoices"))
    yield "uai", school.uai
    yield "number", invoices[0]["number"]
    yield "provider", "ovh"


def configuration(parameters: Mapping[str, str]) -> str:
    """A file of schemathesis, by which two of three values of a path parameter are known ones."""
    lines = [f"[checks.negative_data_rejection]\nexpected-statuses = {list(REFUSED)}\n"]
    lines += [f'[dictionaries.{name}]\nvalues = ["{value}"]\n' for name, value in parameters.items()]
    lines += [f'[parameters."path.{name}"]\ndictionary = "{name}"\nprobability = 0.67\n' for name in parameters]
    return "\n".join(lines)


def call_as(role: str, token: str, stack: Stack, folder: Path, examples: int, seed: int) -> tuple[bool, int]:
    """Whether every answer was as described, and how many calls were made up."""
    settings = {
        **{"phases": "examples,fuzzing", "checks": ",".join(CHECKS), "workers": "2"},
        **{"max-examples": str(examples), "seed": str(seed), "max-redirects": "0", "request-timeout": "60"},
        "suppress-health-check": "all",  # they tell of a busy machine
    }
    command = [sys.executable, "-m", "schemathesis.cli", "run", f"{stack.url}/v1/openapi.json"]
    command += [f"--{name}={value}" for name, value in settings.items()]
    command += ["--continue-on-failure", "--no-shrink", "--no-color", "--header", f"Authorization: Bearer {token}"]
    environ = os.environ | {"SCHEMATHESIS_HOOKS": "tests.proof.hooks"}
    environ["PYTHONPATH"] = os.pathsep.join((environ.get("PYTHONPATH", ""), str(ROOT)))
    ended = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False)
    (folder / f"{role}.txt").write_text(ended.stdout + ended.stderr, "utf-8")
    counted = GENERATED.search(ended.stdout)
    return ended.returncode == 0, int(counted[1]) if counted else 0


def prove(stack: Stack, folder: Path, examples: int, seed: int) -> list[str]:
    """Everything; what does not hold, a line each."""
    client = Client(stack.url, stack.smtp_port)
    school = SchoolPlayer(client, 1)
    assert school.register().status == 201
    school.credit(P1000=2)
    (folder / "schemathesis.toml").write_text(configuration(dict(known(school))))
    program = {"sub": "program", "school": school.uai, "roles": ["sms_sender"], "client_id": "program"}
    tokens = {
        "sender": school.sender.token,
        "manager": school.manager.token,
        "machine": client.call("POST", "/local/tokens", program).json["token"],
        "operator": client.operator().token,  # last, because it may suspend or end the school
    }
    wrong, total = [], 0
    for role, token in tokens.items():
        held, count = call_as(role, token, stack, folder, examples, seed)
        total += count
        said = "as described" if held else f"not as described, see {folder / role}.txt"
        print(f"{role:9} {count:5} examples: {said}", flush=True)
        if not held:
            wrong.append(f"answers to the {role} are not as described")
    if total < LEAST:
        wrong.append(f"{total} examples are fewer than {LEAST}")
    code, said = operate(stack, "audit", SCHOOL="ALL")
    print(f"make audit: {said.strip()}")
    if code:
        wrong.append(f"make audit exits with {code}")
    return wrong
