"""`make trace` says in one line what keeps it from tracing, and takes from a log only what is about the thing (R46)."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.operation import trace
from local.operation.deployed.log_lines import lines_about
from local.operation.deployed.stack import Deployed
from local.operation.trace import NotFound, Step, main
from schoolsms.domain.errors import TransientError

REQUEST = "ABCDEFGHIJKLMN"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.mark.parametrize("settings", [{}, {"REQUEST": REQUEST, "ORDER": "BC26-A"}])
def test_one_thing_is_traced_at_a_time(settings: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(settings) == 1
    assert capsys.readouterr().err == (
        "error: say what to trace: make trace REQUEST=…, the id of a request or a message, or ORDER=…\n"
    )


def test_a_line_of_a_log_is_about_what_it_names_whole(tmp_path: Path) -> None:
    def line(**ids: object) -> str:
        standard = {"level": "INFO", "timestamp": "2026-11-23 09:00:00,250+0000", "function_name": "x"}
        return json.dumps({**standard, "message": "page dispatched", **ids})

    lines = [
        line(request=REQUEST, page=2, results={"sent": 3}),
        line(request=f"{REQUEST}-7"),
        line(request="ANOTHER", outcomes=[REQUEST]),
        f"START RequestId: {REQUEST}",
        '{"timestamp": "then", "request": "' + REQUEST + '"}',
    ]
    (tmp_path / "skolengo-sms-DispatchMessages-9E0CA5F74215F.log").write_text("\n".join(lines))
    stack = Deployed("skolengo-sms", {"AWS_DEFAULT_REGION": "eu-west-3"}, "here", tmp_path)
    assert [(each.function, each.says) for each in lines_about(stack, REQUEST, NOW)] == [
        ("DispatchMessages", f'page dispatched: request={REQUEST} page=2 results={{"sent": 3}}'),
        ("DispatchMessages", f'page dispatched: request=ANOTHER outcomes=["{REQUEST}"]'),
    ]
    assert {each.at for each in lines_about(stack, REQUEST, NOW)} == {NOW.replace(microsecond=250_000)}


class Closed(Deployed):
    """A stack of which only the logs can be read."""

    def act_as_function(self) -> None:
        """Nothing: the tables are pretended."""

    def client(self, service: str) -> Any:
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": "…"}}, "ListQueues")


@pytest.fixture
def closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Such a stack is the deployed one, and it logged that a page of the request was dispatched."""
    line = {"timestamp": "2026-11-23 09:00:01,000+0000", "message": "page dispatched", "request": REQUEST}
    (tmp_path / "skolengo-sms-DispatchMessages-9E0CA5F74215F.log").write_text(json.dumps(line))
    stack = Closed("skolengo-sms", {"AWS_DEFAULT_REGION": "eu-west-3"}, "here", tmp_path)
    monkeypatch.setattr(trace, "deployed", lambda _: stack)


ACCEPTED = "2026-11-23T09:00:00.000Z  history                 request accepted"
DISPATCHED = f"2026-11-23T09:00:01.000Z  DispatchMessages        page dispatched: request={REQUEST}"


@pytest.mark.usefixtures("closed")
def test_what_was_collected_is_shown_before_what_could_not_be_read(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(trace, "of_request", lambda *_: iter([Step(NOW, "history", "request accepted")]))
    assert main({"REQUEST": REQUEST}) == 1
    shown = capsys.readouterr()
    assert shown.out.splitlines() == [ACCEPTED, DISPATCHED]
    assert shown.err == "error: the queues could not be read (AccessDenied)\n"


@pytest.mark.usefixtures("closed")
def test_a_table_that_stops_answering_takes_nothing_away(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def of_request(*_: object) -> Iterator[Step]:
        yield Step(NOW, "history", "request accepted")
        raise TransientError("DynamoDB: ThrottlingException")

    monkeypatch.setattr(trace, "of_request", of_request)
    assert main({"REQUEST": REQUEST}) == 1
    shown = capsys.readouterr()
    assert shown.out.splitlines() == [ACCEPTED, DISPATCHED]
    assert shown.err.startswith("error: the tables could not be read (DynamoDB: ThrottlingException); the queues ")


@pytest.mark.usefixtures("closed")
@pytest.mark.parametrize(
    ("error", "says"),
    [
        (NotFound("there is no request"), "there is no request"),
        (TransientError("DynamoDB: lost"), "the tables could not be read (DynamoDB: lost)"),
    ],
)
def test_of_a_request_without_anything_one_line_is_said(
    error: Exception, says: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def of_request(*_: object) -> Iterator[Step]:
        raise error
        yield

    monkeypatch.setattr(trace, "of_request", of_request)
    assert main({"REQUEST": REQUEST}) == 1
    assert capsys.readouterr() == ("", f"error: {says}\n")
