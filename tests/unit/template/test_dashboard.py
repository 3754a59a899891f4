"""The dashboard of `template.yaml` shows all that the service measures: each metric of ours, each dead letter."""

import ast
import json
import re

from tests.support.template import ROOT, resources

BODY = resources("AWS::CloudWatch::Dashboard")["Dashboard"]["DashboardBody"]["Fn::Sub"]
WIDGETS = json.loads(BODY)["widgets"]
METRICS = [metric for widget in WIDGETS for metric in widget["properties"].get("metrics", ())]
OWN = {metric[1] for metric in METRICS if metric[0] == "SkolengoSms"}
FREE_METRICS, EACH, ALARM = 10, 0.30, 0.10
"""CloudWatch's prices in eu-west-3, in dollars a month: ten metrics and ten alarms are free in an account."""


def published() -> set[str]:
    """The metrics of our own that functions publish."""
    found: set[str] = set()
    for app in (ROOT / "functions").glob("*/app.py"):
        for node in ast.walk(ast.parse(app.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                if node.func.id == "publish_metrics":
                    found |= {str(keyword.arg) for keyword in node.keywords}
                elif node.func.id == "warn_with_metric" and isinstance(node.args[1], ast.Constant):
                    found.add(str(node.args[1].value))
    return found


def test_every_metric_that_functions_publish_is_on_the_dashboard_and_no_other() -> None:
    assert published() == OWN
    assert len(OWN) == 13


def test_every_queue_has_its_age_there_and_every_dead_letter_queue_what_lies_in_it() -> None:
    by_metric = {
        name: {metric[3].removeprefix("${").removesuffix(".QueueName}") for metric in METRICS if metric[1] == name}
        for name in ("ApproximateAgeOfOldestMessage", "ApproximateNumberOfMessagesVisible")
    }
    queues = set(resources("AWS::SQS::Queue"))
    working = {name for name in queues if not name.endswith("Dead")}
    assert by_metric == {
        "ApproximateAgeOfOldestMessage": working,
        "ApproximateNumberOfMessagesVisible": queues - working,
    }


def test_every_metric_that_an_alarm_watches_is_on_the_dashboard() -> None:
    shown = {metric[1] for metric in METRICS}
    watched = {alarm["MetricName"] for alarm in resources("AWS::CloudWatch::Alarm").values()}
    assert watched - shown == set()


def test_what_is_read_in_logs_is_what_functions_write_there() -> None:
    queries = [widget["properties"]["query"] for widget in WIDGETS if widget["type"] == "log"]
    logged = " ".join(app.read_text("utf-8") for app in (ROOT / "functions").glob("*/app.py"))
    for query in queries:
        assert set(re.findall(r"SOURCE '\$\{(\w+)\}'", query)) <= set(resources("AWS::Logs::LogGroup"))
        for message in re.findall(r"message = '([^']+)'", query):
            assert f'"{message}"' in logged
    assert len(queries) == 3


def test_the_dashboard_says_of_1000_sms_what_the_guide_reckons() -> None:
    [reckoned] = re.findall(
        r"^\| together \| \| \| ([\d.]+) \|$", (ROOT / "docs/deploying.md").read_text(), re.MULTILINE
    )
    [shown] = [widget["properties"]["markdown"] for widget in WIDGETS if widget["type"] == "text"]
    assert f"**{reckoned} $**" in shown


def test_the_guide_says_how_many_metrics_and_alarms_there_are_and_what_they_cost() -> None:
    counted = len(OWN) + len(resources("AWS::Logs::MetricFilter"))
    alarms = len(resources("AWS::CloudWatch::Alarm"))
    cost = (counted - FREE_METRICS) * EACH + (alarms - FREE_METRICS) * ALARM
    guide = (ROOT / "docs" / "operations.md").read_text("utf-8")
    assert f"{counted} metrics of our own, {alarms} alarms" in guide
    assert f"{cost:.2f} $ a month" in guide
