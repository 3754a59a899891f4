"""From `POST` to the last handoff of 2,000 messages on the embedded cloud, beside what the provider alone takes."""

import json
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import datetime
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import boto3
from botocore.config import Config

from local.machine.settings import ACCOUNT, REGION
from local.players.client import Client, eventually
from local.players.school import SchoolPlayer
from local.stack.process import Stack
from schoolsms.adapters.providers.ovh import OvhCredentials, OvhProvider
from schoolsms.bootstrap.shared.clients import HANDOFFS_AT_ONCE
from schoolsms.domain.sending.delivering.handoffs import GROUP_SIZE, Accepted, OutgoingSms
from tests.benchmarks.measuring.tables import aim, note, table

MESSAGES = 2_000
PROCESSES = 6
"""Dispatching functions at once on the embedded cloud of a small machine; see `MOST_AT_ONCE` in `local`."""

WRITES = 2
"""Of ten messages, each on a condition: claimed, sent."""

MOST_TIMES = 3
PATIENCE_SECONDS = 300


def run() -> bool:
    """Print the table; whether the aim was held."""
    with TemporaryDirectory() as folder, Stack(Path(folder)) as stack:
        school = SchoolPlayer(Client(stack.url, stack.smtp_port), 1)
        school.register()
        school.credit(P1000=5)
        alone = _alone(stack)
        tables = _written(stack)
        rows = [
            ("the provider alone", alone, 1.0),
            (f"the embedded tables alone, {WRITES} writes for {GROUP_SIZE}", tables, tables / alone),
        ]
        found = {}
        for words, ending in (("without receipts", "02"), ("with a receipt each", "10")):
            found[ending] = _handed_over(school, stack, ending)
            rows.append((words, found[ending], found[ending] / alone))
    table(f"POST to the last of {MESSAGES:,} handoffs", ("", "seconds", "times the provider"), rows)
    note(f"{PROCESSES} processes of {HANDOFFS_AT_ONCE} calls at once each, on this machine beside the cloud itself")
    note(f"beside the tables and the provider alone: {found['02'] / (alone + tables):.1f} times")
    times = found["10"] / alone
    return aim(f"within {MOST_TIMES} × of the provider alone: {times:.1f}", held=times <= MOST_TIMES)


def _handed_over(school: SchoolPlayer, stack: Stack, ending: str) -> float:
    phones = [f"+336{61 if ending == '10' else 62}{number:04d}{ending}" for number in range(MESSAGES)]
    assert school.consent(*phones).status == 200
    began = time.time()
    answer = school.send("Bonjour, le car a du retard.", phones)
    if answer.status != 202:
        raise AssertionError(answer.body[:500])
    wanted = f"{answer.json['id']}-"

    def all_taken() -> list[float]:
        taken = [each["taken_at"] for each in taken_by(stack) if each["tag"].startswith(wanted)]
        return [datetime.fromisoformat(at).timestamp() for at in taken] if len(taken) == MESSAGES else []

    return max(eventually(all_taken, PATIENCE_SECONDS)) - began


def taken_by(stack: Stack) -> list[dict[str, Any]]:
    """Messages that the simulated network took, from its record."""
    lines = (stack.state_dir / "network.jsonl").read_text().splitlines()
    return [each for each in map(json.loads, lines) if "tag" in each]


def _alone(stack: Stack) -> float:
    """The same calls by the same client from as many workers, and nothing else."""
    keys = json.loads((stack.state_dir / "providers.json").read_text())["ovh"]
    given = keys["application_key"], keys["application_secret"], keys["consumer_key"]
    share = -(-MESSAGES // PROCESSES)
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        list(pool.map(_offered, [stack.url] * PROCESSES, [given] * PROCESSES, range(PROCESSES), [1] * PROCESSES))
        began = time.perf_counter()
        work = [pool.submit(_offered, stack.url, given, number, share) for number in range(PROCESSES)]
        taken = sum(each.result() for each in work)
        took = time.perf_counter() - began
    assert taken == share * PROCESSES
    return took


def _written(stack: Stack) -> float:
    """As many writes by as many workers as the handoffs make."""
    session = boto3.Session(ACCOUNT, "local", region_name=REGION)
    client = session.client(
        "dynamodb", endpoint_url=stack.aws_endpoint, config=Config(max_pool_connections=PROCESSES * HANDOFFS_AT_ONCE)
    )
    [history] = [each for each in client.list_tables()["TableNames"] if "HistoryTable" in each]

    def write(number: int) -> None:
        key = {"pk": {"S": f"BENCH#{number}"}, "sk": {"S": "BENCH"}}
        values = {":at": {"S": "2026-11-23T09:00:00.000Z"}}
        client.update_item(
            TableName=history, Key=key, UpdateExpression="SET written_at = :at", ExpressionAttributeValues=values
        )

    with ThreadPoolExecutor(PROCESSES * HANDOFFS_AT_ONCE) as threads:
        began = time.perf_counter()
        list(threads.map(write, range(WRITES * MESSAGES // GROUP_SIZE)))
        return time.perf_counter() - began


_PROVIDERS: dict[str, OvhProvider] = {}


def _offered(url: str, keys: tuple[str, str, str], worker: int, messages: int) -> int:
    """How many of `messages` the provider took of this worker; it sends no receipts for them."""
    endpoint = f"{url}/local/network/ovh/1.0"
    provider = _PROVIDERS.setdefault(url, OvhProvider(lambda: OvhCredentials(*keys), endpoint, "sms-local"))

    def one(number: int) -> bool:
        message_id, phone = f"ALONE-{worker}-{number}", f"+33667{worker}{number:03d}02"
        sms = OutgoingSms(message_id, phone, "Bonjour, le car a du retard.", "gsm", None, 3600)
        return isinstance(provider.hand_off(sms), Accepted)

    with ThreadPoolExecutor(HANDOFFS_AT_ONCE) as threads:
        return sum(threads.map(one, range(messages)))


if __name__ == "__main__":
    run()
