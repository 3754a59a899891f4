"""Whatever tells a school to ask Kosmos says how: its address and telephone (R51)."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from schoolsms.api.http import Response, serve
from schoolsms.api.routes import ANYBODY, Route
from schoolsms.api.views.history import message_view
from schoolsms.api.views.sending.sending import refusal_view, warning_view
from schoolsms.domain.errors import RefusedError
from schoolsms.domain.history.history_messages import Message
from schoolsms.domain.sending.delivering.failure_reasons import failure_of
from schoolsms.domain.sending.send_requests import Refusal
from schoolsms.domain.sending.unusual_hours import MayNotSend
from tests.support.builders import NOW

ROOT = Path(__file__).parents[4]
SOURCES = [*ROOT.glob("layers/core/python/schoolsms/**/*.py"), *ROOT.glob("functions/*/app.py")]
ASKING = re.compile(
    r"\b(?:adress|demand|écri|appel|joi[gn]|prév|inform|contact|rapproch|renseign|signal)\w*(?:[- ]vous)?"
    r"(?: (?:à|auprès de|le|l’équipe de))* Kosmos",
    re.IGNORECASE,
)
NAMED = ("Contactez Kosmos", "contactez Kosmos")
ADVICE = "Si besoin, contactez Kosmos."
ANSWER = "Si besoin, contactez Kosmos (aide@kosmos.test)."


def sentences() -> Iterator[tuple[str, str]]:
    """Every text in the sources, with its file; parts of one that are written one after the other are one."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield path.name, node.value


def test_every_advice_to_ask_kosmos_is_in_the_words_after_which_the_ways_are_named() -> None:
    asking = {(name, found[0]) for name, text in sentences() for found in ASKING.finditer(text)}
    assert len(asking) > 5
    assert [each for each in asking if each[1] not in NAMED] == []


def unnamed(tree: ast.AST) -> Iterator[str]:
    """Each value of an answer's `detail` or `advice` that is another object's, and is not `shown`."""
    for node in ast.walk(tree):
        for key, value in zip(node.keys, node.values, strict=True) if isinstance(node, ast.Dict) else ():
            if isinstance(key, ast.Constant) and key.value in ("detail", "advice"):
                written = ast.unparse(value)
                if re.search(r"\.(?:detail|advice)\b", written) and not written.startswith("shown("):
                    yield written


def test_no_answer_shows_a_sentence_without_the_ways_to_ask() -> None:
    api = [path for path in SOURCES if "/api/" in path.as_posix() or path.name == "app.py"]
    found = [(path.name, each) for path in api for each in unnamed(ast.parse(path.read_text("utf-8")))]
    assert found == []


@pytest.fixture
def contact(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUPPORT_EMAIL", "aide@kosmos.test")


@pytest.mark.usefixtures("contact")
def test_each_problem_of_a_field_names_the_ways_too() -> None:
    def refuse(_request: Any) -> Response:
        raise RefusedError(ADVICE, "refused", field="siret")

    route = Route("GET", "/v1/x", ANYBODY, refuse, "", {200: None})
    body = json.loads(serve({"routeKey": route.key, "headers": {}}, (route,))["body"])
    assert (body["detail"], body["errors"][0]["detail"]) == (ANSWER, ANSWER)


@pytest.mark.usefixtures("contact")
def test_recipients_that_were_refused_and_warnings_of_an_estimate_name_them() -> None:
    assert refusal_view(Refusal(0, "+33612345678", "not-a-mobile", ADVICE))["detail"] == ANSWER
    assert warning_view(MayNotSend("school-suspended", ADVICE, 3))["detail"] == ANSWER


@pytest.mark.usefixtures("contact")
def test_a_message_that_did_not_leave_names_them() -> None:
    failure = failure_of("failed")
    stopped = Message("A-0", "A", "Bonjour", "+33612345678", 1, "failed", "lea@lycee.test", NOW, NOW, failure=failure)
    reason = message_view(stopped)["reason"]
    assert reason
    assert reason["advice"].endswith("contactez Kosmos (aide@kosmos.test).")
