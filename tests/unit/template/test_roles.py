"""Each function has a role of its own that names what it may do and to what, by `template.yaml` (R47)."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.support.template import resources

FUNCTIONS = resources("AWS::Serverless::Function")


def statements(role: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for policy in role["Policies"]:
        yield from policy["PolicyDocument"]["Statement"]


@pytest.mark.parametrize("function", sorted(FUNCTIONS))
def test_a_function_has_a_role_that_no_other_has(function: str) -> None:
    properties = FUNCTIONS[function]
    assert properties["Role"] == {"Fn::GetAtt": f"{function}Role.Arn"}
    assert "Policies" not in properties  # SAM passes over them once there is a role
    role = resources("AWS::IAM::Role")[f"{function}Role"]
    assert "ManagedPolicyArns" not in role  # those AWS keeps for functions are about every queue, stream and log
    [trusted] = role["AssumeRolePolicyDocument"]["Statement"]
    assert trusted["Principal"] == {"Service": "lambda.amazonaws.com"}


@pytest.mark.parametrize("function", sorted(FUNCTIONS))
def test_a_role_names_each_call_and_each_resource(function: str) -> None:
    for statement in statements(resources("AWS::IAM::Role")[f"{function}Role"]):
        actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
        assert not [action for action in actions if "*" in action]
        named = statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]]
        assert "*" not in named


@pytest.mark.parametrize("machine", sorted(resources("AWS::Serverless::StateMachine")))
def test_a_state_machine_may_call_its_functions_and_nothing_else(machine: str) -> None:
    properties = resources("AWS::Serverless::StateMachine")[machine]
    called = sorted(each["Fn::GetAtt"] for each in properties["DefinitionSubstitutions"].values())
    [policy] = properties["Policies"]
    [statement] = policy["Statement"]
    named = statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]]
    assert statement["Action"] == "lambda:InvokeFunction"
    assert sorted(each["Fn::GetAtt"] for each in named) == called
