"""A body that is read without its model is the same command; what is not well-formed is left to the model."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from schoolsms.api.bodies.sending import SendRequestBody
from schoolsms.api.bodies.well_formed import SEND_REQUEST, Reader, send_command
from schoolsms.api.json_bodies import AmbiguousJson, read_json
from schoolsms.api.routes import Route

ROUTE = Route("POST", "/v1/send-requests", (), lambda *_: {}, "Send a text", {}, body=SEND_REQUEST)
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
    body = json.dumps(posted).encode()
    read = read_json(body)
    try:
        expected = SendRequestBody.model_validate(read).command()
    except ValidationError:
        assert send_command(read) is None
        with pytest.raises(ValidationError):
            ROUTE.read(body)
        return
    assert send_command(read) in (None, expected)
    assert ROUTE.read(body) == expected


@given(USUAL, st.booleans(), st.sampled_from([(",", ":"), (" , ", " : ")]))
def test_a_field_given_twice_is_found_in_a_body_that_needs_no_model(
    posted: dict[str, Any], ascii_only: bool, marks: tuple[str, str]
) -> None:
    body = json.dumps(posted, ensure_ascii=ascii_only, separators=marks)
    for twice in (
        '"text": "a", ',
        '"recipients": [], ',
        '"encoding": "auto", "encoding": "auto", ',
        '"te\\u0078t": "", ',
    ):
        with pytest.raises(AmbiguousJson):
            ROUTE.read(f"{{{twice}{body[1:]}".encode())
    phone = ('"phone"', '"phone": "", "phone"')
    variables = ('"variables"', '"variables": {"a": ""}, "variables"')
    value = ('{"phone"', '{"variables": {"a": "", "\\u0061": ""}, "phone"')
    for written, twice in (phone, variables, value):
        if written in body:
            with pytest.raises(AmbiguousJson):
                ROUTE.read(body.replace(written, twice, 1).encode())


@pytest.mark.parametrize(
    "posted",
    [
        {"text": "Bonjour", "recipients": [{"phone": "0612345678"}]},
        {"text": '"((a))": "é"', "recipients": [{"phone": "0612345678", "variables": {"a": "b"}}], "encoding": "gsm"},
        {"template": "absence", "recipient_list": "L1", "confirm_duplicates": True, "confirm_placeholders": False},
    ],
)
def test_a_usual_body_needs_no_model(posted: dict[str, Any]) -> None:
    expected = SendRequestBody.model_validate(posted).command()
    assert send_command(posted) == expected
    without_model = Reader(lambda: pytest.fail("asked for"), send_command)
    assert replace(ROUTE, body=without_model).read(json.dumps(posted).encode()) == expected
