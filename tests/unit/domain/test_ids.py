import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schoolsms.domain.ids import REQUEST_ID_LENGTH, digest_id, message_id, random_id, split_message_id
from schoolsms.domain.sending.send_requests import MAX_RECIPIENTS

BASE32 = re.compile(r"[A-Z2-7]+")


def test_the_same_parts_give_the_same_id() -> None:
    assert digest_id("a", "b") == digest_id("a", "b")


@pytest.mark.parametrize("other", [("b", "a"), ("ab",), ("ab", ""), ("", "ab"), ("a", "b", ""), ("A", "b"), ()])
def test_other_parts_give_another_id(other: tuple[str, ...]) -> None:
    assert digest_id(*other) != digest_id("a", "b")


def test_where_one_part_ends_another_cannot_begin() -> None:
    assert digest_id("1:a", "b") != digest_id("1", "a1:b")


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=3))
def test_ids_are_short_and_safe_in_names_tags_and_urls(parts: list[str]) -> None:
    found = digest_id(*parts)
    assert len(found) == REQUEST_ID_LENGTH
    assert BASE32.fullmatch(found)


def test_random_ids_are_of_the_length_asked_for_and_never_meet() -> None:
    assert {len(random_id(length)) for length in (10, 10, 14)} == {10, 14}
    assert len({random_id() for _ in range(1_000)}) == 1_000
    assert BASE32.fullmatch(random_id())


@given(st.integers(0, 99_999))
def test_a_message_id_names_its_request_and_its_index(index: int) -> None:
    request_id = random_id()
    assert split_message_id(message_id(request_id, index)) == (request_id, index)


def test_a_message_id_fits_a_provider_s_tag() -> None:
    assert len(message_id(random_id(), MAX_RECIPIENTS - 1)) <= 20


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "garbage",
        "AAAAAAAAAAAAAA",
        "AAAAAAAAAAAAAA-",
        "AAAAAAAAAAAAA-1",
        "AAAAAAAAAAAAAA--1",
        "AAAAAAAAAAAAAA-1.0",
        "AAAAAAAAAAAAAA- 1",
        "AAAAAAAAAAAAAA-²",
        "AAAAAAAAAAAAAA-٣",
        "AAAAAAAAAAAAAA-100000",
    ],
)
def test_what_is_no_message_id_names_nothing(text: str) -> None:
    assert split_message_id(text) is None
