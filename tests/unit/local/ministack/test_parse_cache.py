"""Results that depend on text alone are computed once."""

from typing import Any

from local.ministack.parse_cache import of_text


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
