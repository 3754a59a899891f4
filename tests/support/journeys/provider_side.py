"""The provider's side of receipts: what it knows, and its call of the receipt URL."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import boto3

from local.machine.settings import ACCOUNT, REGION
from local.players.client import Answer, Client, eventually
from local.stack.process import Stack

DELIVERED = {"ptt": "4", "description": "1", "descriptionDlr": "Success"}
FAILED = {"ptt": "24", "description": "2", "descriptionDlr": "Failed"}
PENDING = {"ptt": "3", "description": "0", "descriptionDlr": "Pending"}
UNHEARD_OF = {"ptt": "777", "description": "999", "descriptionDlr": "?"}


def aws(stack: Stack, service: Any, **options: Any) -> Any:
    """A client of the embedded cloud, as an operator has."""
    return boto3.client(
        service,
        endpoint_url=stack.aws_endpoint,
        region_name=REGION,
        aws_access_key_id=ACCOUNT,
        aws_secret_access_key="local",
        **options,
    )


def receipt_secret(stack: Stack) -> str:
    """The secret segment of the receipt URL, configured once at OVHcloud."""
    [deployed] = aws(stack, "cloudformation").describe_stacks()["Stacks"]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in deployed["Outputs"]}
    held = aws(stack, "secretsmanager").get_secret_value(SecretId=outputs["ProvidersSecretArn"])
    return str(json.loads(held["SecretString"])["ovh"]["receipt_secret"])


def provider_ids(stack: Stack, phone: str) -> list[str]:
    """The ids the simulated provider gave to what it took for `phone`."""
    lines = (stack.state_dir / "network.jsonl").read_text().splitlines()
    return [str(line["id"]) for line in map(json.loads, lines) if line.get("phone") == phone]


def call_receipt_url(
    client: Client, secret: str, provider_id: str, news: Mapping[str, str], name: str = "ovh"
) -> Answer:
    query = {"id": provider_id, "date": "2026-11-22 20:00:00", **news}
    text = "&".join(f"{key}={value.replace(' ', '%20')}" for key, value in query.items())
    return client.call("GET", f"/v1/receipts/{name}/{secret}?{text}")


def publish_sms_event(stack: Stack, message_id: str, status: str, *, is_final: bool) -> None:
    """Tell the topic what AWS End User Messaging tells of our `message_id`."""
    event = {
        "eventType": f"TEXT_{status}",
        "eventVersion": "1.0",
        "eventTimestamp": 1795424403470,
        "isFinal": is_final,
        "destinationPhoneNumber": "+33639980010",
        "messageId": "862a8790-60c0-4430-9b2b-658bd0000000",
        "messageStatus": status,
        "context": {"message_id": message_id},
    }
    sns = aws(stack, "sns")
    [topic] = [each["TopicArn"] for each in sns.list_topics()["Topics"] if "AwsSmsEvents" in each["TopicArn"]]
    sns.publish(TopicArn=topic, Message=json.dumps(event))


def publish_bounce(stack: Stack, mail_id: str) -> None:
    """Tell the topic what SES tells of a mail that came back, an hour later."""
    bounce = {
        "bounceType": "Permanent",
        "bounceSubType": "General",
        "bouncedRecipients": [{"emailAddress": "bounce@college.test", "status": "5.1.1", "action": "failed"}],
        "timestamp": (datetime.now(UTC) + timedelta(hours=1)).isoformat(),
    }
    event = {"eventType": "Bounce", "mail": {"messageId": mail_id}, "bounce": bounce}
    sns = aws(stack, "sns")
    [topic] = [each["TopicArn"] for each in sns.list_topics()["Topics"] if "MailEventsTopic" in each["TopicArn"]]
    sns.publish(TopicArn=topic, Message=json.dumps(event))


def receipts_are_worked_off(stack: Stack) -> None:
    """Wait until every receipt that was accepted is recorded."""
    assert _until_empty(stack, lambda url: "-Receipts-" in url or "-SmsEvents-" in url) == 2


def is_empty(sqs: Any, url: str) -> bool:
    return waiting(sqs, url) == 0


def queues_are_worked_off(stack: Stack) -> None:
    """Wait until functions have done all that queues ask for; messages to a provider that stays down are left out."""
    _until_empty(stack, lambda url: "Dead-" not in url and "-QueuedMessages-" not in url)


def _until_empty(stack: Stack, is_meant: Callable[[str], bool]) -> int:
    """Wait until each queue of such an address is empty; how many there are."""
    sqs = aws(stack, "sqs")
    urls = list(filter(is_meant, sqs.list_queues()["QueueUrls"]))
    for url in urls:
        eventually(partial(is_empty, sqs, url))
    return len(urls)


def waiting(sqs: Any, url: str) -> int:
    """Messages of a queue: to be taken, being worked on, or delayed."""
    names = (
        "ApproximateNumberOfMessages",
        "ApproximateNumberOfMessagesNotVisible",
        "ApproximateNumberOfMessagesDelayed",
    )
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(names))["Attributes"]
    return sum(int(attributes.get(name, 0)) for name in names)
