"""Each alarm of the template, provoked once on the embedded cloud by what it is for, and evaluated as CloudWatch would.

The embedded cloud evaluates no alarm, so a metric is read where it comes from: queues, executions, answers of the API,
errors of functions, and what functions write to their logs. An alarm must be quiet before and ring after. Some metrics
exist on AWS only; they are named with the reason.
"""

import json
import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from local.players.client import Client, eventually
from local.players.school import SchoolPlayer
from local.stack.process import Stack
from schoolsms.queue_messages import PageDue
from tests.support.journeys.faults.line import PATIENT
from tests.support.journeys.faults.proxy import FaultProxy
from tests.support.journeys.function_logs import function_logs
from tests.support.journeys.operating import physical
from tests.support.journeys.provider_side import aws, call_receipt_url, receipt_secret
from tests.support.template import resources

NOWHERE = "http://127.0.0.1:9"
"""Where nothing listens: what functions call while the cloud is gone."""

LONG_AGO = "2026-01-01T00:00:00.000Z"
ATTEMPT = 10
"""From which on a page that waits raises its metric."""

AWS_ONLY = {
    "ApiBrokenAlarm": "no fault from outside makes the API answer 500: tests/unit/api/test_http.py has one within",
    "ApiThrottledAlarm": "the embedded API Gateway turns nobody away",
    "StartDeliveryLateAlarm": "the embedded cloud does not know the age of a stream",
    "WarnLowBalanceLateAlarm": "the embedded cloud does not know the age of a stream",
    **{
        f"{name}UnreadAlarm": "the embedded cloud does not know the age of a queue"
        for name in resources("AWS::SQS::Queue")
        if not name.endswith("Dead")
    },
    "CalendarsToMendAlarm": "it depends on the day alone: tests/unit/domain/schools/test_school_years.py has the days",
}

STATISTICS: Mapping[str, Callable[[Sequence[float]], float]] = {"Sum": sum, "Maximum": max}
COMPARISONS = {
    "GreaterThanThreshold": operator.gt,
    "GreaterThanOrEqualToThreshold": operator.ge,
    "LessThanThreshold": operator.lt,
}


def rings(alarm: Mapping[str, Any], values: Sequence[float]) -> bool:
    """Whether the alarm is in ALARM after one period with these values. Missing data is no breach."""
    if not values:
        return False
    assert alarm["EvaluationPeriods"] == 1
    return bool(COMPARISONS[alarm["ComparisonOperator"]](STATISTICS[alarm["Statistic"]](values), alarm["Threshold"]))


@dataclass
class Provoker:
    """A school on a stack that functions reach through `proxy`; `errors` and `answers` are counted as they are seen."""

    stack: Stack
    proxy: FaultProxy
    school: SchoolPlayer
    errors: dict[str, int] = field(default_factory=dict)
    failed_answers: int = 0
    throttles: int = 0

    def values(self, name: str, alarm: Mapping[str, Any]) -> list[float]:
        """Values of the alarm's metric so far."""
        metric = alarm["MetricName"]
        if metric == "ApproximateNumberOfMessagesVisible":
            url = physical(self.stack, name.removesuffix("Alarm"))
            asked = {"QueueUrl": url, "AttributeNames": ["ApproximateNumberOfMessages"]}
            return [
                float(aws(self.stack, "sqs").get_queue_attributes(**asked)["Attributes"]["ApproximateNumberOfMessages"])
            ]
        if metric == "ExecutionsFailed":
            return [float(len(self._failed_executions(alarm)))]
        counts = {"5xx": self.failed_answers, "Throttles": self.throttles}
        if metric in counts:
            return [float(counts[metric])]
        if metric == "Errors":
            return [float(self.errors.get(_function(alarm), 0))]
        return list(self._logged(metric))

    def _failed_executions(self, alarm: Mapping[str, Any]) -> list[Any]:
        machine = physical(self.stack, alarm["Dimensions"][0]["Value"]["Ref"])
        found = aws(self.stack, "stepfunctions").list_executions(stateMachineArn=machine, statusFilter="FAILED")
        return list(found["executions"])

    def _logged(self, metric: str) -> Iterator[float]:
        """Values of a metric that functions wrote to their logs in CloudWatch's embedded metric format."""
        for log in function_logs(self.stack):
            for line in log.read_text("utf-8", errors="replace").splitlines():
                if '"_aws"' in line and f'"{metric}"' in line:
                    value = json.loads(line[line.index("{") :]).get(metric, 0)
                    yield from map(float, value if isinstance(value, list) else [value])

    def provoke(self) -> None:
        """Everything, once."""
        self._break_the_stock()
        self._be_late()
        self._leave_dead_letters()
        self._confuse()
        self._throttle()
        self._lose_the_cloud()

    def _break_the_stock(self) -> None:
        """An entry says another amount than it did; the nightly audit finds it."""
        uai, entry = self.school.uai, self.school.ledger()[0]
        key = {"pk": f"LEDGER#{uai}", "sk": f"ENTRY#{entry['id']}"}
        self._set("AccountsTable", key, amount={"N": str(entry["amount"] + 1)})
        self._invoke("AuditAccounts", {})

    def _be_late(self) -> None:
        """One order waits for a person, one for its credit, long after their deadlines."""
        for order, state in zip(self.school.orders(), ("review", "accepted"), strict=False):
            values = {"state": state, "list_pk": f"ORDERS#{state}", "deadline": LONG_AGO}
            key = {"pk": f"ORDER#{order['id']}", "sk": "ORDER"}
            self._set("AccountsTable", key, **{name: {"S": value} for name, value in values.items()})
        self._invoke("WatchDeadlines", {})

    def _leave_dead_letters(self) -> None:
        sqs = aws(self.stack, "sqs")
        for name in resources("AWS::SQS::Queue"):
            if name.endswith("Dead"):
                sqs.send_message(QueueUrl=physical(self.stack, name), MessageBody="{}")

    def _confuse(self) -> None:
        """Receipts that say nothing we know, a page that no provider takes, an address that takes no mail."""
        secret = receipt_secret(self.stack)
        for number in range(11):
            call_receipt_url(self.school.client, secret, f"x{number}", {"ptt": "777", "descriptionDlr": "?"})
        busy = "+33611000008"
        assert self.school.consent(busy).status == 200
        request = self.school.send("Bonjour.", [busy]).json["id"]
        due = PageDue(request, 0, ATTEMPT).to_json()
        aws(self.stack, "sqs").send_message(QueueUrl=physical(self.stack, "QueuedMessages"), MessageBody=due)
        eventually(lambda: list(self._logged("PagesWaiting")) and list(self._logged("AddressesUnreachable")))

    def _fail_executions(self) -> None:
        """While the tables do not answer: executions that give up at once, instead of after a week of tries."""
        machines = aws(self.stack, "stepfunctions")
        for name in resources("AWS::Serverless::StateMachine"):
            arn = physical(self.stack, name)
            definition = machines.describe_state_machine(stateMachineArn=arn)["definition"]
            impatient = re.sub(r'"MaxAttempts": *\d+', '"MaxAttempts": 0', definition)
            machines.update_state_machine(stateMachineArn=arn, definition=impatient)
            machines.start_execution(stateMachineArn=arn, input=json.dumps(EXECUTION))
        of = [each for each in resources("AWS::CloudWatch::Alarm").values() if each["MetricName"] == "ExecutionsFailed"]
        eventually(lambda: all(self._failed_executions(each) for each in of))

    def _throttle(self) -> None:
        """A function that may not run at all."""
        functions, name = aws(self.stack, "lambda"), physical(self.stack, "ForfeitBalances")
        functions.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
        try:
            functions.invoke(FunctionName=name, Payload=b"{}")
        except functions.exceptions.TooManyRequestsException:
            self.throttles += 1
        functions.delete_function_concurrency(FunctionName=name)

    def _lose_the_cloud(self) -> None:
        """The tables do not answer: functions fail, and so does what they should have answered."""
        self.proxy.cloud = NOWHERE
        for alarm in resources("AWS::CloudWatch::Alarm").values():
            if alarm["MetricName"] == "Errors":
                for _ in range(int(alarm["Threshold"]) + 1):
                    self._invoke(_function(alarm), EVENTS.get(_function(alarm), {}))
        for _ in range(6):
            self.failed_answers += self.school.manager.get("/v1/ledger").status >= 500
        self._fail_executions()
        self.proxy.cloud = self.stack.aws_endpoint

    def _invoke(self, function: str, event: Mapping[str, Any]) -> None:
        functions = aws(self.stack, "lambda", config=PATIENT)
        answer = functions.invoke(FunctionName=physical(self.stack, function), Payload=json.dumps(event).encode())
        self.errors[function] = self.errors.get(function, 0) + ("FunctionError" in answer)

    def _set(self, table: str, key: Mapping[str, str], **values: Mapping[str, str]) -> None:
        aws(self.stack, "dynamodb").update_item(
            TableName=physical(self.stack, table),
            Key={name: {"S": value} for name, value in key.items()},
            UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in values),
            ExpressionAttributeNames={f"#{name}": name for name in values},
            ExpressionAttributeValues={f":{name}": value for name, value in values.items()},
        )


_INSERTED = {"dynamodb": {"Keys": {"pk": {"S": "REQUEST#AAAAAAAAAAAAAA"}}, "SequenceNumber": "1"}}
_NOW = datetime(2026, 12, 1, tzinfo=UTC).isoformat()
EVENTS: Mapping[str, Mapping[str, Any]] = {
    **{name: {"Records": [_INSERTED]} for name in ("StartDelivery", "WarnLowBalance")},
    **{name: {"request_id": "AAAAAAAAAAAAAA", "due_at": _NOW} for name in ("QueueMessages", "ExpireMessages")},
    "PurgeHistory": {"school": "0750001X", "school_year": "2025-2026"},
}
"""Events for functions that need more than nothing."""

EXECUTION = {
    **{"request_id": "AAAAAAAAAAAAAA", "school": "0750001X", "school_year": "2025-2026"},
    **{"due_at": LONG_AGO, "expires_at": LONG_AGO, "begin_at": LONG_AGO},
}


def _function(alarm: Mapping[str, Any]) -> str:
    """The logical id of the function that the alarm is about."""
    return str(alarm["Dimensions"][0]["Value"]["Ref"])


def prove(stack: Stack, proxy: FaultProxy) -> list[str]:
    """Provoke and look; what does not hold, a line each."""
    school = SchoolPlayer(Client(stack.url, stack.smtp_port), 1)
    gone = {"name": "Partie Ailleurs", "email": f"bounce-{school.uai.lower()}@college.test"}
    assert school.register().status == 201
    school.credit(P1000=1)
    school.credit(P500=1)
    provoker, alarms = Provoker(stack, proxy, school), resources("AWS::CloudWatch::Alarm")
    tried = {name: alarm for name, alarm in alarms.items() if name not in AWS_ONLY}
    wrong = [f"{name} rings before" for name, alarm in tried.items() if rings(alarm, provoker.values(name, alarm))]
    managers = [*school.registration()["managers"], gone]
    assert school.register(managers=managers).status == 200
    school.mail(school.signed_form(P500=1), subject="Encore")
    eventually(lambda: len(school.orders()) == 3)
    provoker.provoke()
    for name, alarm in sorted(alarms.items()):
        values = provoker.values(name, alarm) if name in tried else []
        rang = rings(alarm, values)
        limit = f"{alarm['MetricName']} {alarm['Statistic']} {alarm['Threshold']}"
        found = f"{STATISTICS[alarm['Statistic']](values):g}" if values else "nothing"
        seen = AWS_ONLY.get(name) or f"{'rings' if rang else 'QUIET'} at {found}"
        print(f"{name:28} {limit:48} {seen}", flush=True)
        if name in tried and not rang:
            wrong.append(f"{name} does not ring")
    return wrong
