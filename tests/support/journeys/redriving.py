"""Gives queues again what they carried, as `StartMessageMoveTask` does, which the embedded cloud lacks."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import urllib3

from local.players.client import Client, eventually
from local.players.school import SchoolPlayer
from local.stack.process import Stack
from tests.support.functions.events import event
from tests.support.journeys.provider_side import aws, publish_bounce, publish_sms_event, receipts_are_worked_off

OF_EACH = 12
TOO_LONG = 5_100
"""Messages of a history that is not answered at once."""


def redrive(stack: Stack, carried: Mapping[str, Sequence[str]], by_aws: Sequence[str], back: Sequence[str]) -> set[str]:
    """A dozen messages of each queue, worked off again; the names of the queues.

    `carried` are the bodies that functions sent, by the queue's URL; what S3 and SNS sent is made as they make it, of
    the mails in the inbox, of the first message of each request in `by_aws`, which AWS delivered, and of the mails
    that came `back`.
    """
    sqs = aws(stack, "sqs")
    urls = [url for url in sqs.list_queues()["QueueUrls"] if "Dead-" not in url]
    [inbox] = [url for url in urls if "-InboundMails-" in url]
    given = {**carried, inbox: _mails(stack)}
    for url, bodies in given.items():
        for body in bodies[:OF_EACH]:
            sqs.send_message(QueueUrl=url, MessageBody=body)
    for request in by_aws:
        for status in ("PENDING", "DELIVERED", "DELIVERED"):
            publish_sms_event(stack, f"{request}-0", status, is_final=status != "PENDING")
    for mail_id in back[:OF_EACH]:
        publish_bounce(stack, mail_id)
    [fates] = [url for url in urls if "-MailEvents-" in url]
    for url in (*given, fates):
        eventually(partial(is_worked_off, sqs, url))
    receipts_are_worked_off(stack)
    return {name_of(url) for url in (*given, fates)} | {"SmsEvents"}


def name_of(url: str) -> str:
    """Logical id of the queue in the template."""
    return url.rpartition("/")[2].split("-")[-2]


class Exporting:
    """A school whose history is too long to be answered at once, and the file it asks for in its place.

    Its messages are planned for an hour later, to one number kept for fiction: they cost nothing, and nothing is sent.
    """

    def __init__(self, client: Client, number: int) -> None:
        self._school = SchoolPlayer(client, number)
        assert self._school.register().status == 201
        phone, later = "+33639980010", datetime.now(UTC) + timedelta(hours=1)  # tomorrow may be another school year
        assert self._school.consent(phone).status == 200
        recipients = [{"phone": phone, "variables": {"n": str(each)}} for each in range(TOO_LONG)]
        body = {"text": "Rappel ((n))", "recipients": recipients, "send_at": later.isoformat()}
        assert self._school.sender.post("/v1/send-requests", body).json["accepted"] == TOO_LONG
        answer = self._school.manager.get("/v1/history.csv")
        assert answer.status == 202, answer.body[:500]
        self._place = answer.headers["location"]

    def standing(self) -> tuple[int, bytes]:
        """How many rows the file has, once it is made, and what they say."""
        shown = eventually(self._ready)
        return shown["rows"], urllib3.request("GET", shown["url"]).data

    def _ready(self) -> Any:
        shown = self._school.manager.get(self._place).json
        return shown if shown["state"] == "ready" else None


def _mails(stack: Stack) -> list[str]:
    """S3 notifications for each mail in the inbox."""
    s3 = aws(stack, "s3")
    [bucket] = [each["Name"] for each in s3.list_buckets()["Buckets"] if "-mail-" in each["Name"]]
    notification = json.loads(event("ingest_order_email", "digitally_signed_by_a_stranger")["Records"][0]["body"])
    notification["Records"][0]["s3"]["bucket"]["name"] = bucket
    bodies = []
    for found in s3.list_objects_v2(Bucket=bucket, Prefix="inbound/")["Contents"]:
        notification["Records"][0]["s3"]["object"]["key"] = found["Key"]
        bodies.append(json.dumps(notification))
    return bodies


def is_worked_off(sqs: Any, url: str) -> bool:
    """Whether nothing is left, but for pages that are to be tried later: numbers whose provider stays down."""
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    return not any(int(found[name]) for name in names)
