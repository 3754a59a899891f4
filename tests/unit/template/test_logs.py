"""Each function's log is declared and ends by itself, by `template.yaml` (R38, R46)."""

import pytest

from tests.support.template import resources, template

FUNCTIONS = resources("AWS::Serverless::Function")


@pytest.mark.parametrize("function", sorted(FUNCTIONS))
def test_a_function_logs_to_a_group_of_its_own_that_ends(function: str) -> None:
    """Lambda would make a group that keeps everything for ever."""
    assert FUNCTIONS[function]["LoggingConfig"] == {"LogFormat": "JSON", "LogGroup": {"Ref": f"{function}Logs"}}
    role = resources("AWS::IAM::Role")[f"{function}Role"]
    logging = {
        "Effect": "Allow",
        "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
        "Resource": {"Fn::GetAtt": f"{function}Logs.Arn"},
    }
    assert logging in role["Policies"][0]["PolicyDocument"]["Statement"]


@pytest.mark.parametrize("group", sorted(resources("AWS::Logs::LogGroup")))
def test_a_log_is_kept_for_as_long_as_the_operator_says(group: str) -> None:
    assert resources("AWS::Logs::LogGroup")[group]["RetentionInDays"] == {"Ref": "LogRetentionDays"}
    assert template()["Parameters"]["LogRetentionDays"]["Default"] == 90
