"""The codec writes to DynamoDB, reads back the same, and translates errors."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from schoolsms.adapters.dynamodb.client.codec import from_wire, instant, iso, to_wire
from schoolsms.adapters.dynamodb.client.errors import ConditionFailed, dynamodb_errors
from schoolsms.domain.errors import TransientError


def a_client_error(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "PutItem")


def test_an_item_is_read_back_as_it_was_written() -> None:
    item = {
        "text": "",
        "number": -3,
        "yes": True,
        "nothing": None,
        "bytes": b"\x00\xff",
        "list": ["a", 1, ["b"]],
        "map": {"Œ": {"n": 2}, "": "empty name"},
    }

    assert from_wire(to_wire(item)) == item


def test_a_truth_value_is_no_number() -> None:
    assert to_wire({"yes": True}) == {"yes": {"BOOL": True}}


@pytest.mark.parametrize("value", [1.5, {1, 2}, datetime(2026, 1, 1, tzinfo=UTC)])
def test_what_has_no_place_in_an_item_is_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        to_wire({"value": value})


def test_an_attribute_of_another_kind_is_refused() -> None:
    with pytest.raises(TypeError):
        from_wire({"value": {"SS": ["a"]}})


def test_instants_are_text_in_utc_that_sorts() -> None:
    paris = timezone(timedelta(hours=1))
    noon = datetime(2026, 11, 23, 12, 0, 0, 1_500, tzinfo=paris)

    assert iso(noon) == "2026-11-23T11:00:00.001Z"
    assert instant(iso(noon)) == datetime(2026, 11, 23, 11, 0, 0, 1_000, tzinfo=UTC)
    assert iso(datetime(2026, 9, 1, tzinfo=UTC)) < iso(datetime(2026, 10, 1, tzinfo=UTC))


def test_a_failed_condition_is_distinguished_from_other_errors() -> None:
    with pytest.raises(ConditionFailed), dynamodb_errors():
        raise a_client_error("ConditionalCheckFailedException")


@pytest.mark.parametrize("code", ["ProvisionedThroughputExceededException", "ThrottlingException", "InternalError"])
def test_temporary_errors_are_transient(code: str) -> None:
    with pytest.raises(TransientError), dynamodb_errors():
        raise a_client_error(code)


def test_a_connection_that_fails_is_transient() -> None:
    with pytest.raises(TransientError), dynamodb_errors():
        raise EndpointConnectionError(endpoint_url="https://dynamodb.test")


@pytest.mark.parametrize("code", ["ValidationException", "AccessDeniedException", "ResourceNotFoundException"])
def test_permanent_errors_are_raised_unchanged(code: str) -> None:
    with pytest.raises(ClientError), dynamodb_errors():
        raise a_client_error(code)
