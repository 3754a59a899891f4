"""A body that is read without its model is the same command; what is not well-formed is left to the model."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from schoolsms.api.bodies.sending import SendRequestBody
from schoolsms.api.bodies.well_formed import SEND_REQUEST, send_command
from schoolsms.api.json_bodies import read_json

ODD = st.one_of(
    st.none(), st.booleans(), st.integers(), st.just(10**40), st.floats(allow_nan=False), st.text(max_size=3)
)
TEXTS = st.one_of(st.text(max_size=5), st.sampled_from(["a" * 200, "a" * 201, "a" * 5_000, "a" * 5_001]))
PHONES = st.one_of(st.text(max_size=3), st.sampled_from(["0" * 64, "0" * 65]))
RECIPIENT = st.fixed_dictionaries(
    {"phone": PHONES}, optional={"variables": st.one_of(st.dictionaries(st.text(max_size=2), TEXTS, max_size=2), ODD)}
)
FIELDS = {
    "text": st.one_of(TEXTS, ODD),
    "template": st.one_of(TEXTS, ODD),
    "recipients": st.one_of(st.lists(RECIPIENT, max_size=3), ODD),
    "recipient_list": st.one_of(TEXTS, ODD),
    "encoding": st.one_of(st.sampled_from(["auto", "gsm", "unicode", "GSM"]), ODD),
    "send_at": st.one_of(st.sampled_from(["2026-11-23T18:00:00+01:00", "2026-11-23"]), ODD),
    "confirm_duplicates": ODD,
    "confirm_placeholders": ODD,
    "media": ODD,
}
USUAL = st.fixed_dictionaries(
    {"text": TEXTS, "recipients": st.lists(RECIPIENT, min_size=1, max_size=3)},
    optional={"encoding": FIELDS["encoding"], "confirm_duplicates": st.booleans()},
)


@given(
    st.one_of(ODD, USUAL, st.fixed_dictionaries({}, optional=FIELDS), USUAL.map(lambda body: {**body, "send_at": None}))
)
def test_a_body_is_the_same_command_with_its_model_and_without(posted: Any) -> None:
    read = read_json(json.dumps(posted).encode())
    try:
        expected = SendRequestBody.model_validate(read).command()
    except ValidationError:
        assert send_command(read) is None
        with pytest.raises(ValidationError):
            SEND_REQUEST.read(read)
        return
    assert send_command(read) in (None, expected)
    assert SEND_REQUEST.read(read) == expected


@pytest.mark.parametrize(
    "posted",
    [
        {"text": "Bonjour", "recipients": [{"phone": "0612345678"}]},
        {"text": "((a))", "recipients": [{"phone": "0612345678", "variables": {"a": "b"}}], "encoding": "gsm"},
        {"template": "absence", "recipient_list": "L1", "confirm_duplicates": True, "confirm_placeholders": False},
    ],
)
def test_a_usual_body_needs_no_model(posted: dict[str, Any]) -> None:
    assert send_command(posted) == SendRequestBody.model_validate(posted).command()
