"""Recipients are taken without a model where they are well-formed: exactly those that the model would take."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from schoolsms.api.bodies.sending import EstimateBody, RecipientBody, SendRequestBody
from schoolsms.domain.sending.recipients import Recipient

ODD = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=3))
TEXTS = st.one_of(st.text(max_size=5), st.sampled_from(["1" * 64, "1" * 65, "a" * 5_000, "a" * 5_001]))
RECIPIENTS = st.one_of(
    ODD,
    st.lists(ODD, max_size=2),
    st.fixed_dictionaries(
        {},
        optional={
            "phone": st.one_of(TEXTS, ODD),
            "variables": st.one_of(ODD, st.dictionaries(st.text(max_size=3), st.one_of(TEXTS, ODD), max_size=2)),
            "media": ODD,
        },
    ),
    st.fixed_dictionaries({"phone": TEXTS, "variables": st.dictionaries(st.text(max_size=3), TEXTS, max_size=2)}),
)


@given(st.lists(RECIPIENTS, min_size=1, max_size=3))
def test_well_formed_recipients_are_those_the_model_takes(posted: list[Any]) -> None:
    body = json.dumps({"text": "a", "recipients": posted})
    try:
        expected = [RecipientBody.model_validate_json(json.dumps(each)) for each in posted]
    except ValidationError:
        for model in (SendRequestBody, EstimateBody):
            with pytest.raises(ValidationError) as refused:
                model.model_validate_json(body)
            assert {error["loc"][0] for error in refused.value.errors()} == {"recipients"}
        return
    taken = [Recipient(each.phone, each.variables) for each in expected]
    assert SendRequestBody.model_validate_json(body).command().recipients == taken
    assert EstimateBody.model_validate_json(body).command().recipients == taken


def test_an_estimate_may_name_nobody_and_a_request_may_not() -> None:
    body = '{"text":"a","recipients":[]}'
    assert EstimateBody.model_validate_json(body).command().recipients is None
    with pytest.raises(ValidationError) as refused:
        SendRequestBody.model_validate_json(body)
    assert [error["type"] for error in refused.value.errors()] == ["too_short"]
