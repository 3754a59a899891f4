"""A canary: what was sent in a school year that ended is found in no store, no queue and no log any more (R37, R38)."""

import hashlib
import json
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from local.players.client import eventually
from local.players.school import SchoolPlayer
from local.stack.process import Stack
from schoolsms.domain.french import school_year_in_full
from tests.support.journeys.letters import plain
from tests.support.journeys.provider_side import aws

NewPhone = Callable[..., str]
PHONES_SIDE = {"network.jsonl", "phones.jsonl"}
"""Files of the simulated phone network, which belong to the recipients."""


def test_what_was_sent_in_an_ended_year_is_found_nowhere_any_more(
    hasty_school: SchoolPlayer, hasty_stack: Stack, new_phone: NewPhone
) -> None:
    school, stack = hasty_school, hasty_stack
    canary, name = f"Canari {uuid.uuid4().hex}", f"Prénom{uuid.uuid4().hex[:8]}"
    ordinary, silent, refused = new_phone(), new_phone("02"), "01 44 41 57 93"
    recipients = [{"phone": ordinary, "variables": {"nom": name}}, {"phone": refused, "variables": {"nom": name}}]
    first = school.sender.post("/v1/send-requests", {"text": f"{canary} ((nom))", "recipients": recipients})
    second = school.send(canary, [silent])
    assert (first.status, second.status) == (202, 202)
    eventually(lambda: "queued" not in school.statuses(first.json["id"]).values())
    secrets = [canary, name, *(phone[-9:] for phone in (ordinary, silent)), refused]
    assert [each for each in secrets if each in everything_kept(stack)] == secrets  # what is looked for can be found
    ledger = school.ledger()

    ended = end_the_year_of(school, stack)
    assert school.history() == []  # invisible before it is purged
    an_hour_passes(stack)

    [certificate] = eventually(lambda: school.manager.get("/v1/purges").items)
    assert (certificate["school"], certificate["school_year"]) == (school.uai, ended)
    before = certificate["before"]
    assert (before["requests"], before["messages"], before["recipients_refused"]) == (2, 2, 1)
    assert before["messages_by_status"].keys() <= {"delivered", "expired", "failed"}
    assert before["sms_debited"] == sum(-entry["amount"] for entry in ledger if entry["amount"] < 0)
    assert certificate["after"]["messages"] == certificate["after"]["requests"] == 0
    digest = certificate.pop("digest")
    canonical = json.dumps(certificate, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert hashlib.sha256(canonical.encode()).hexdigest() == digest
    [mail] = eventually(
        lambda: school.mails(f"Purge de l'historique des SMS {school_year_in_full(ended)} : certificat")
    )
    assert digest in plain(mail["text"])
    assert school.ledger()[-len(ledger) :] == ledger
    assert school.sender.get(f"/v1/send-requests/{first.json['id']}").status == 404

    kept = everything_kept(stack)
    assert [each for each in secrets if each in kept] == []
    an_hour_passes(stack)
    assert len(school.manager.get("/v1/purges").items) == 1

    stack.stop()  # it saves what it has in memory
    try:
        files = {path: path.read_bytes() for path in files_of(stack)}
        assert any(school.uai.encode() in content for content in files.values())
        for path, content in files.items():
            assert not any(text.encode() in content for text in (canary, name)), path.name
    finally:
        stack.start()
    assert len(school.manager.get("/v1/purges").items) == 1


def end_the_year_of(school: SchoolPlayer, stack: Stack) -> str:
    """Make what the school sent so far a thing of the year before; that year's label."""
    label = school.manager.get("/v1/purges").json["running"]["school_year"]
    before = f"{int(label[:4]) - 1}-{int(label[5:]) - 1}"
    dynamodb = aws(stack, "dynamodb")
    table = next(name for name in dynamodb.list_tables()["TableNames"] if "History" in name)
    running, ended = f"{school.uai}#{label}", f"{school.uai}#{before}"
    for item in list(items_of(dynamodb, table)):
        if item.get("school_year") == {"S": running}:
            dynamodb.put_item(TableName=table, Item=item | {"school_year": {"S": ended}})
        elif item["pk"]["S"] == f"NUMBERS#{running}":
            dynamodb.put_item(TableName=table, Item=item | {"pk": {"S": f"NUMBERS#{ended}"}})
            dynamodb.delete_item(TableName=table, Key={"pk": item["pk"], "sk": item["sk"]})
    return before


def an_hour_passes(stack: Stack) -> None:
    """The schedule, without waiting for it."""
    functions = aws(stack, "lambda")
    pages = functions.get_paginator("list_functions").paginate()
    names = [each["FunctionName"] for page in pages for each in page["Functions"]]
    [name] = [name for name in names if "WatchSchoolYears" in name]
    answer = functions.invoke(FunctionName=name, Payload=b"{}")
    assert "FunctionError" not in answer, answer["Payload"].read()


# ------------------------------------------------------------------ everything there is


def everything_kept(stack: Stack) -> str:
    """Tables, buckets, queues, executions and logs, as text; the consents stay, for they are no history (R44)."""
    parts = [*tables(stack), *buckets(stack), *queues(stack), *executions(stack)]
    logs = [stack.log, *(path for path in (stack.state_dir / "logs").rglob("*") if path.is_file())]
    return "\n".join([*parts, *(path.read_text(errors="replace") for path in logs)])


def tables(stack: Stack) -> Iterator[str]:
    dynamodb = aws(stack, "dynamodb")
    names = dynamodb.list_tables()["TableNames"]
    assert len(names) >= 2
    for name in names:
        if "Consents" not in name:
            yield from (json.dumps(item, ensure_ascii=False, default=str) for item in items_of(dynamodb, name))


def items_of(dynamodb: Any, table: str) -> Iterator[dict[str, Any]]:
    for page in dynamodb.get_paginator("scan").paginate(TableName=table):
        yield from page["Items"]


def buckets(stack: Stack) -> Iterator[str]:
    s3 = aws(stack, "s3")
    for bucket in s3.list_buckets()["Buckets"]:
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket["Name"]):
            for found in page.get("Contents", []):
                body = s3.get_object(Bucket=bucket["Name"], Key=found["Key"])["Body"].read()
                yield f"{found['Key']} {body.decode(errors='replace')}"


def queues(stack: Stack) -> Iterator[str]:
    sqs = aws(stack, "sqs")
    for url in sqs.list_queues()["QueueUrls"]:
        seen = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0)
        yield from (message["Body"] for message in seen.get("Messages", []))


def executions(stack: Stack) -> Iterator[str]:
    states = aws(stack, "stepfunctions")
    for machine in states.list_state_machines()["stateMachines"]:
        pages = states.get_paginator("list_executions").paginate(stateMachineArn=machine["stateMachineArn"])
        for execution in (each for page in pages for each in page["executions"]):
            history = states.get_execution_history(executionArn=execution["executionArn"])["events"]
            yield json.dumps(history, ensure_ascii=False, default=str)


def files_of(stack: Stack) -> list[Path]:
    """All that the stack keeps on disk, but for what phones received."""
    kept = [path for path in stack.state_dir.rglob("*") if path.is_file() and path.name not in PHONES_SIDE]
    assert len(kept) > 10
    return kept
