"""Every call that logs uses a constant message and named ids, and no other output exists (R46)."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.rooms import imported, parsed
from tests.unit.test_architecture import FUNCTIONS, MODULES, template

IDS = {
    # what a line is about
    *(
        "request",
        "order",
        "mail",
        "invoice",
        "credit_note",
        "page",
        "record",
        "route",
        "kind",
        "school",
        "school_year",
        "export",
    ),
    *("provider", "provider_message", "sent_message", "reply", "verb"),
    # how it went
    *("errors", "failure", "at", "status", "outcome", "outcomes", "results", "pages", "sms", "reasons", "code"),
    *("state", "recorded", "refused_addresses", "overdue", "reminded", "near", "past", "warned", "forfeited"),
    *("announced", "purges_started", "calendars_to_mend", "removed_items", "waiting_requests", "rows", "done"),
    *("schools", "findings", "failed", "id"),
}
"""Fields that a log line may have: ids, codes, counts. Nothing a person wrote, nor who or where they are."""

IDS_OF_NOTICES = "due.ids"
OBSERVABILITY = "schoolsms.observability"
OTHERS = {
    # a child process, whose output is a pipe to the next one
    "schoolsms.adapters.order_forms.sandbox.worker": "sys.stdout.write",
    # tells why, by the kind of an exception, where no function's logger is known
    "schoolsms.adapters.order_forms.sandbox.parent": "logging",
    # listens to what the reader of PDF says, in the child process, and writes nothing
    "schoolsms.adapters.order_forms.pdf.opening": "logging",
}
"""Modules allowed to write outside the logger, and how."""
LOGGING = {"debug", "info", "warning", "error", "critical", "exception"}


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    """Every call that writes to a log, by the name of what is called."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if called in ("log_failure", "warn_with_metric") or re.fullmatch(r"(\w+\.)*(logger|_log)\.\w+", called):
                yield called, node


def said_beside(called: str, call: ast.Call) -> Iterator[str]:
    """Names of the fields logged with the message."""
    for keyword in call.keywords:
        if called in ("log_failure", "warn_with_metric"):
            yield keyword.arg or ast.unparse(keyword.value)
        elif keyword.arg == "extra" and isinstance(keyword.value, ast.Dict):
            for key, value in zip(keyword.value.keys, keyword.value.values, strict=True):
                yield str(key.value) if isinstance(key, ast.Constant) else ast.unparse(value)
        else:
            yield keyword.arg or ast.unparse(keyword.value)  # `exc_info`, `extra=anything`


LOGGED = [
    pytest.param(called, call, id=f"{module}:{call.lineno}")
    for module, path in MODULES.items()
    if module != OBSERVABILITY
    for called, call in calls(path)
]


@pytest.mark.parametrize(("called", "call"), LOGGED)
def test_a_message_is_constant_and_what_stands_beside_it_is_an_id_a_code_or_a_count(
    called: str, call: ast.Call
) -> None:
    constants = 2 if called == "warn_with_metric" else 1
    assert isinstance(call.args[0], ast.Constant), "a composed message may contain anything"
    assert len(call.args) == (2 if called == "log_failure" else constants)
    if called not in ("log_failure", "warn_with_metric"):
        assert called.rpartition(".")[2] in LOGGING - {"exception"}, "it logs what the exception says"
    assert set(said_beside(called, call)) <= IDS | {IDS_OF_NOTICES}


@pytest.mark.parametrize("module", sorted(MODULES.keys() - {OBSERVABILITY}))
def test_nothing_else_writes_to_a_log(module: str) -> None:
    tree = parsed(MODULES[module])
    called = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    taken = {source for source, _ in imported(MODULES[module])} | called
    writers = {"print", "pprint.pprint", "warnings.warn", "sys.stdout.write", "sys.stderr.write"}
    writers |= {"logging", "aws_lambda_powertools", "aws_xray_sdk"}
    assert taken & writers <= {OTHERS.get(module)}


NOTHING_TO_QUOTE = {"console"}
"""Reads the names of its own files and its settings, so that it need not wait for a logger to load."""


@pytest.mark.parametrize("folder", sorted({path.parent.name for path in FUNCTIONS.glob("*/app.py")} - NOTHING_TO_QUOTE))
def test_no_exception_reaches_lambda_which_would_log_what_it_says(folder: str) -> None:
    tree = parsed(FUNCTIONS / folder / "app.py")
    [handler] = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "handler"]
    called = {ast.unparse(node.func) for node in ast.walk(handler) if isinstance(node, ast.Call)}
    quiet = [ast.unparse(decorator) for decorator in handler.decorator_list] == ["redact_exceptions"]
    # Nothing else is called here, because it would run before anything catches what it raises.
    assert quiet or len(handler.body) == 1 and called in ({"serve"}, {"process_batch"}, {"process_stream"})


# ------------------------------------------------------------------ what AWS itself writes


def test_the_access_log_names_the_route_and_never_the_path_the_query_or_who_called() -> None:
    """Numbers are in paths, `/v1/consents/{phone}`, and in queries, `/v1/history?phone=`."""
    settings = template()["Resources"]["HttpApi"]["Properties"]["AccessLogSettings"]
    assert set(re.findall(r"\$context\.[\w.]+", settings["Format"])) <= {
        "$context.requestId",
        "$context.requestTime",
        "$context.routeKey",
        "$context.status",
        "$context.responseLatency",
        "$context.error.message",
    }


def test_no_state_machine_logs_what_it_was_given_and_nothing_is_traced() -> None:
    read = template()
    every = [read["Globals"]["Function"], *(each.get("Properties", {}) for each in read["Resources"].values())]
    assert [
        each for each in every if "Tracing" in each or "TracingConfiguration" in each or "TracingConfig" in each
    ] == []
    logging = [each.get("Logging", each.get("LoggingConfiguration", {})) for each in every]
    assert [each for each in logging if each.get("IncludeExecutionData") or each.get("DataTraceEnabled")] == []
