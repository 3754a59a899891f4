"""`make trace` says in one line what keeps it from tracing, and takes from a log only what is about the thing (R46)."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from local.operation.deployed import Deployed
from local.operation.log_lines import lines_about
from local.operation.trace import main

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
