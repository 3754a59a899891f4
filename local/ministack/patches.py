"""MiniStack with what the service needs and version 1.5.33 lacks; runs in MiniStack's own environment.

The launcher starts this file in place of the `ministack` command. It touches MiniStack's internals, so the
version is pinned, and nothing else of the project may do so. Environment variables besides MiniStack's own:
`OUTBOX_DIR` (one JSON file a mail sent), `FUNCTION_LOGS_DIR` (one file a function), `TRANSFORMS_DIR` (what SAM made of
templates, for every stack of this clone).
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import json
import logging
import os
import signal
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from ministack import app  # type: ignore[import-not-found]
from ministack.core import lambda_runtime  # type: ignore[import-not-found]
from ministack.services import dynamodb, eventbridge, lambda_svc, scheduler, secretsmanager, ses_v2, sns, sqs  # type: ignore[import-not-found]
from ministack.services.cloudformation import provisioners  # type: ignore[import-not-found]

from local.machine import log_files
from local.ministack import bounds, forked_functions, iam_permissions, idle_workers, parse_cache, routes, transforms
from local.ministack.fair_queues import in_fair_order
from local.ministack.state import Serving

MOST_AT_ONCE = max(6, 2 * (os.cpu_count() or 1))
"""Functions a queue runs at once here: more would only take the processor from each other, and from people's calls."""


def patch_latency() -> None:
    """Warm invocations from 98 ms to 6 ms; schedules tick every second, not every ten; a queue starts few functions."""
    drain = lambda_runtime.Worker._drain_stderr_bounded
    build = lambda_runtime.ProvidedWorker._build_handler_class
    concurrency = lambda_svc._sqs_esm_concurrency

    def drain_quickly(self: Any, first_line_wait: float = 0.05, **options: Any) -> Any:
        return drain(self, first_line_wait=0.003, **options)

    def without_nagle(self: Any, *args: Any, **options: Any) -> Any:
        handler = build(self, *args, **options)
        handler.disable_nagle_algorithm, handler.wbufsize = True, -1
        return handler

    def as_many_as_fit(*args: Any) -> Any:
        return min(concurrency(*args), MOST_AT_ONCE)

    lambda_runtime.Worker._drain_stderr_bounded = drain_quickly
    lambda_svc._sqs_esm_concurrency = as_many_as_fit
    lambda_runtime.ProvidedWorker._build_handler_class = without_nagle
    scheduler._SCHEDULE_TICK_INTERVAL = eventbridge._SCHEDULER_TICK_INTERVAL = 1


def patch_function_logs(folder: Path) -> None:
    """Keep what each function prints in a file of its own, where a person looks for it."""
    folder.mkdir(parents=True, exist_ok=True)
    pump = lambda_runtime.ProvidedWorker._pump_output

    class Tee:
        def __init__(self, stream: Any, path: Path) -> None:
            self.stream, self.path = stream, path

        def readline(self) -> bytes:
            line: bytes = self.stream.readline()
            if line:
                log_files.append(self.path, line)
            return line

        def close(self) -> None:
            self.stream.close()

    def pump_to_file(self: Any, stream: Any, queue: Any) -> None:
        pump(self, Tee(stream, folder / f"{self.func_name}.log"), queue)

    lambda_runtime.ProvidedWorker._pump_output = pump_to_file


def patch_outbox(folder: Path) -> None:
    """Write each mail accepted by SES v2 to a file: MiniStack drops raw content, and all at a restart."""
    folder.mkdir(parents=True, exist_ok=True)
    handle = ses_v2.handle_request

    async def handle_and_keep(method: str, path: str, headers: Any, body: bytes, query: Any) -> Any:
        response = await handle(method, path, headers, body, query)
        if method == "POST" and path.rstrip("/").endswith("/outbound-emails") and response[0] == 200:
            mail = {"sent_at": time.time(), "request": json.loads(body)}
            name = f"{time.time_ns()}-{json.loads(response[2])['MessageId'].partition('@')[0]}.json"
            draft = folder / f".{name}"
            draft.write_text(json.dumps(mail))
            draft.rename(folder / name)
            publish_fates(json.loads(response[2])["MessageId"], mail["request"], mail["sent_at"])
        return response

    ses_v2.handle_request = handle_and_keep


def publish_fates(mail_id: str, request: Any, sent_at: float) -> None:
    """Publish what SES would say of a mail, by its first address, as SES's mailbox simulator does: `bounce…@`,
    `complaint…@` and `delivered…@`; of other addresses it says nothing here.
    """
    to = request.get("Destination", {}).get("ToAddresses", [""])[0]
    at = datetime.fromtimestamp(sent_at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    bounced = {"emailAddress": to, "status": "5.1.1", "action": "failed"}
    fates: dict[str, dict[str, Any]] = {
        "bounce": {"bounceType": "Permanent", "bounceSubType": "General", "bouncedRecipients": [bounced]},
        "complaint": {"complainedRecipients": [{"emailAddress": to}], "complaintFeedbackType": "abuse"},
        "delivered": {"recipients": [to]},
    }
    for start, fate in fates.items():
        if to.startswith(start):
            kind = "delivery" if start == "delivered" else start
            event = {"eventType": kind.title(), "mail": {"messageId": mail_id}, kind: {**fate, "timestamp": at}}
            for arn in [arn for arn in sns._topics if "MailEventsTopic" in arn]:
                sns.publish_internal(arn, event)


def patch_stream_persistence() -> None:
    """Keep stream records over a restart: a change that no function has seen yet must not be lost."""
    get_state, restore = dynamodb.get_state, dynamodb._restore_state

    def get_all() -> dict[str, Any]:
        streams = {"stream_records": dynamodb._stream_records, "stream_trimmed": dynamodb._stream_trimmed}
        return {**get_state(), **streams}

    def restore_all(data: dict[str, Any] | None) -> None:
        restore(data)
        if data:
            dynamodb._stream_records.update(data.get("stream_records", {}))
            dynamodb._stream_trimmed.update(data.get("stream_trimmed", {}))

    dynamodb.get_state, dynamodb._restore_state = get_all, restore_all


def patch_messages_in_flight() -> None:
    """Give messages in flight at a stop again at once: the functions that had them ended with the cloud."""
    restore = sqs._restore_state

    def restore_visible(data: dict[str, Any] | None) -> None:
        restore(data)
        now = time.time()
        for queue in sqs._queues._data.values():
            for message in queue["messages"]:
                if message.get("receive_count"):  # a delayed one was never received
                    message["visible_at"] = min(message["visible_at"], now)

    sqs._restore_state = restore_visible


def patch_fair_queues() -> None:
    """Fair queues for those whose messages have a group."""
    collect = sqs._collect_msgs

    def collect_fairly(queue: dict[str, Any], most: int, visibility: int) -> Any:
        if not queue["is_fifo"] and any(message.get("group_id") for message in list(queue["messages"])):
            queue = {**queue, "messages": in_fair_order(queue["messages"], time.time())}
        return collect(queue, most, visibility)

    sqs._collect_msgs = collect_fairly


def patch_secret_reference() -> None:
    """`!Ref` of a secret is its ARN, as on AWS, so that policies which use it grant something."""
    handler = provisioners._RESOURCE_HANDLERS["AWS::SecretsManager::Secret"]
    create, update, delete = handler["create"], handler["update"], handler["delete"]

    def name_of(physical_id: str) -> str:
        name, _ = secretsmanager._resolve(physical_id)
        return name or physical_id

    def create_by_arn(logical_id: str, props: dict[str, Any], stack_name: str) -> Any:
        _, attributes = create(logical_id, props, stack_name)
        return attributes["Arn"], attributes

    def update_by_arn(physical_id: str, *args: Any) -> Any:
        _, attributes = update(name_of(physical_id), *args)
        return attributes["Arn"], attributes

    def delete_by_arn(physical_id: str, props: dict[str, Any]) -> Any:
        return delete(name_of(physical_id), props)

    handler.update(create=create_by_arn, update=update_by_arn, delete=delete_by_arn)


def patch_private_logs() -> None:
    """Keep addresses, numbers and texts out of MiniStack's log (R46), which names recipients and what is published."""
    for service in (ses_v2, sns):
        service.logger.setLevel(logging.WARNING)


def after_provisioning(resource_type: str, apply: Callable[[str, dict[str, Any]], None]) -> None:
    """Call `apply(physical_id, properties)` after CloudFormation has created or updated such a resource."""
    handler = provisioners._RESOURCE_HANDLERS[resource_type]
    create, update = handler["create"], handler["update"]

    def create_fully(logical_id: str, props: dict[str, Any], stack_name: str) -> Any:
        physical_id, attributes = create(logical_id, props, stack_name)
        apply(physical_id, props)
        return physical_id, attributes

    def update_fully(
        physical_id: str,
        old: dict[str, Any],
        new: dict[str, Any],
        stack_name: str,
        logical_id: str | None = None,
    ) -> Any:
        new_id, attributes = update(physical_id, old, new, stack_name, logical_id)
        apply(new_id, new)
        return new_id, attributes

    handler.update(create=create_fully, update=update_fully, update_with_logical_id=True)


def table_retention(table: str, props: dict[str, Any]) -> None:
    """Time to live and point-in-time recovery, which MiniStack's CloudFormation drops."""
    if ttl := props.get("TimeToLiveSpecification"):
        enabled = str(ttl.get("Enabled")).lower() == "true"
        dynamodb._update_ttl({"TableName": table, "TimeToLiveSpecification": {**ttl, "Enabled": enabled}})
    if recovery := props.get("PointInTimeRecoverySpecification"):
        on = str(recovery.get("PointInTimeRecoveryEnabled")).lower() == "true"
        specification = {"PointInTimeRecoveryEnabled": on}
        dynamodb._update_continuous_backups({"TableName": table, "PointInTimeRecoverySpecification": specification})


def die_with_parent() -> None:
    """On Linux: end (and save) as on SIGTERM when the launcher is killed, so that nothing stays behind.

    The kernel watches the thread that started this process: the launcher's worker threads live as long as it.
    """
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None, use_errno=True).prctl(pr_set_pdeathsig, signal.SIGTERM)


def hold_state(folder: Path) -> IO[str]:
    """Wait until a predecessor that is still saving has ended; held as long as the answer stays open."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = (folder / "lock").open("w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


def main() -> None:
    """Run MiniStack, patched."""
    die_with_parent()
    folder = Path(os.environ["STATE_DIR"])
    with hold_state(folder) as lock:
        apply()
        Serving(folder, lock.fileno(), say).install()
        app.main()


def apply() -> None:
    """Apply the patches."""
    patch_latency()
    patch_function_logs(Path(os.environ["FUNCTION_LOGS_DIR"]))
    patch_outbox(Path(os.environ["OUTBOX_DIR"]))
    patch_stream_persistence()
    patch_messages_in_flight()
    patch_fair_queues()
    patch_private_logs()
    patch_secret_reference()
    iam_permissions.patch()
    parse_cache.patch()
    idle_workers.patch()
    forked_functions.patch()
    transforms.patch(Path(os.environ["TRANSFORMS_DIR"]))
    after_provisioning("AWS::DynamoDB::Table", table_retention)
    after_provisioning("AWS::ApiGatewayV2::Api", routes.from_openapi_body)
    bounds.patch(Path(os.environ["LOG_FILE"]))


def say(line: str) -> None:
    """Bring a line to the launcher, which shows it; nobody may listen any more."""
    with contextlib.suppress(OSError, KeyError):
        os.write(int(os.environ["NOTICES_FD"]), f"{line}\n".encode())


if __name__ == "__main__":
    main()
