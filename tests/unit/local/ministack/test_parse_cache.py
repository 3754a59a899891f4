"""Results that depend on text alone are computed once."""

from typing import Any

import pytest

from local.ministack.parse_cache import of_text, path_parameters


def test_the_same_text_is_worked_out_once() -> None:
    asked: list[str] = []

    def words(text: str) -> list[Any]:
        asked.append(text)
        return text.split()

    remembering = of_text(words)
    assert [remembering("a b"), remembering("a b"), remembering("c")] == [["a", "b"], ["a", "b"], ["c"]]
    assert asked == ["a b", "c"]


def test_what_one_caller_does_to_its_answer_is_not_seen_by_another() -> None:
    remembering = of_text(str.split)
    remembering("a b").clear()
    assert remembering("a b") == ["a", "b"]


def test_what_is_no_text_is_worked_out_each_time() -> None:
    """A policy may be a document already read."""
    remembering = of_text(lambda text: list(text))
    assert remembering({"a": 1}) == ["a"]


@pytest.mark.parametrize(
    ("route", "path", "parameters"),
    [
        ("/v1/me", "/v1/me", {}),
        ("/v1/me", "/v1/me/", None),
        ("/v1/me", "/v1/mee", None),
        ("/v1/a.b", "/v1/aXb", None),
        ("/v1/schools/{uai}/ledger", "/v1/schools/0750655E/ledger", {"uai": "0750655E"}),
        ("/v1/schools/{uai}", "/v1/schools/0750655E/ledger", None),
        ("/v1/schools/{uai}", "/v1/schools/", None),
        ("/files/{name}.{kind}", "/files/a.csv", {"name": "a", "kind": "csv"}),
        ("/assets/{file+}", "/assets/fonts/lato.woff2", {"file": "fonts/lato.woff2"}),
    ],
)
def test_a_route_knows_its_paths_and_what_they_name(route: str, path: str, parameters: dict[str, str] | None) -> None:
    assert path_parameters(route, path) == parameters
