"""`make deploy` refuses the placeholders of the template, each in a line that names the parameter."""

from collections.abc import Iterator

import boto3
import pytest
from botocore.stub import Stubber

from local.machine.deploy_parameters import (
    UnreadableParameters,
    defaults,
    deployed,
    main,
    placeholders,
    read_parameters,
)
from tests.support.builders import NOW

DEFAULTS = defaults()
REAL = {
    "SellerSiret": "73282932000074",
    "SellerVatNumber": "FR44732829320",
    "SellerStreet": "12 rue du Port",
    "SellerIban": "FR1420041010050500013M02606",
    "SellerBic": "PSSTFRPPPAR",
    "OvhServiceName": "sms-ab12345-1",
    "MailFrom": "Skolengo SMS <sms@skolengo.com>",
}


def refused(**changes: str) -> list[str]:
    """The lines about a real deployment with `changes`."""
    return list(placeholders(REAL | changes, DEFAULTS))


def test_nothing_is_refused_of_a_real_deployment() -> None:
    assert refused() == []


def test_the_template_as_it_is_is_refused_a_line_a_parameter() -> None:
    lines = list(placeholders({}, DEFAULTS))
    assert [line.partition("=")[0].partition(" ")[0] for line in lines] == [
        "SellerSiret",
        "SellerRcsCity",
        "SellerVatNumber",
        "SellerStreet",
        "SellerPostcode",
        "SellerCity",
        "SellerIban",
        "SellerBic",
        "OvhServiceName",
        "MailFrom",
    ]


@pytest.mark.parametrize("name", ["SellerSiret", "SellerVatNumber", "SellerStreet", "SellerIban", "SellerBic"])
def test_a_seller_left_fictitious_is_refused(name: str) -> None:
    assert any(line.startswith(f"{name}=") for line in refused(**{name: DEFAULTS[name]}))


@pytest.mark.parametrize("service", ["", "sms-xx00000-1"])
def test_an_ovh_service_that_is_none_is_refused_where_ovh_sends(service: str) -> None:
    [line] = refused(OvhServiceName=service)
    assert line.startswith(f"OvhServiceName={service} is no service")
    assert refused(OvhServiceName=service, ProviderWeights="aws:100,ovh:0") == []


@pytest.mark.parametrize("sender", ["", "Skolengo SMS", "sms@kosmos.test", "S <sms@example.org>", "a@localhost"])
def test_a_sender_that_is_nobody_is_refused(sender: str) -> None:
    [line] = refused(MailFrom=sender)
    assert line.startswith(f"MailFrom={sender} is nobody's address")


def test_a_sender_of_another_domain_than_ses_sends_for_is_refused() -> None:
    assert refused(MailFrom="sms@kosmos.fr") == [
        "MailFrom=sms@kosmos.fr is not of MailDomain=skolengo.com, for which SES may send"
    ]
    assert refused(MailFrom="sms@kosmos.fr", MailDomain="kosmos.fr") == []


def test_the_templates_sender_counts_once_somebody_says_it() -> None:
    assert refused(MailFrom=DEFAULTS["MailFrom"]) == []


def test_parameters_are_read_as_sam_reads_them() -> None:
    text = 'OrderInbox=a@b.fr  MailFrom="Skolengo SMS <a@b.fr>" SupportPhone= '
    assert read_parameters(text) == {"OrderInbox": "a@b.fr", "MailFrom": "Skolengo SMS <a@b.fr>", "SupportPhone": ""}


@pytest.mark.parametrize("text", ["MailFrom=Skolengo SMS <a@b.fr>", "MailFrom", 'A="b', 'A="b"c'])
def test_parameters_of_which_sam_would_drop_a_part_are_refused(text: str) -> None:
    with pytest.raises(UnreadableParameters, match="PARAMETERS cannot be read at: "):
        read_parameters(text)


@pytest.fixture
def cloudformation(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stubber]:
    """Answers in eu-west-3, held against its description: moto would take seconds to import."""
    client = boto3.client(
        "cloudformation", region_name="eu-west-3", aws_access_key_id="testing", aws_secret_access_key="testing"
    )
    clients = {("cloudformation", "eu-west-3"): client}
    monkeypatch.setattr(boto3, "client", lambda service, *, region_name: clients[service, region_name])
    with Stubber(client) as answers:
        yield answers
        answers.assert_no_pending_responses()


def test_what_a_stack_was_deployed_with_need_not_be_said_again(
    cloudformation: Stubber, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = {"StackName": "sms"}
    for _ in range(2):
        cloudformation.add_client_error(
            "describe_stacks", "ValidationError", "Stack with id sms does not exist", 400, expected_params=asked
        )
    assert deployed("eu-west-3", "sms") == {}
    assert main("eu-west-3", "sms", "") == 1

    kept = [{"ParameterKey": name, "ParameterValue": value} for name, value in REAL.items()]
    stack = {"StackName": "sms", "CreationTime": NOW, "StackStatus": "UPDATE_COMPLETE", "Parameters": kept}
    for _ in range(3):
        cloudformation.add_response("describe_stacks", {"Stacks": [stack]}, asked)
    assert deployed("eu-west-3", "sms") == REAL
    capsys.readouterr()
    assert main("eu-west-3", "sms", "") == 0
    assert main("eu-west-3", "sms", "OvhServiceName=") == 1
    assert capsys.readouterr().err.splitlines() == [
        "error: OvhServiceName= is no service: set it to yours at OVHcloud, sms-…"
    ]
