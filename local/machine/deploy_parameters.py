"""`make deploy`: refuse the template's placeholders before anything is built, one line each."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from email.utils import parseaddr
from pathlib import Path

import boto3
import yaml
from botocore.exceptions import BotoCoreError, ClientError

from local.machine.settings import ROOT

FICTITIOUS_SELLER = (
    "SellerSiret",
    "SellerRcsCity",
    "SellerVatNumber",
    "SellerStreet",
    "SellerPostcode",
    "SellerCity",
    "SellerIban",
    "SellerBic",
)
"""Made up in the template: an invoice that names them is worth nothing (R41)."""

NOBODYS = (".test", ".example", ".invalid", ".localhost", "example.com", "example.org", "example.net")
"""Ends of domains that nobody has (RFC 2606)."""

MAY_STAY = ("SellerRcsCity", "SellerPostcode", "SellerCity")
"""May happen to be true as they are in the template, so they count as set once the seller's SIRET is."""

ITEM = re.compile(r'\s*(\w+)=("(?:\\.|[^"\\])*"|[^\s"]*)(?=\s|$)')


class UnreadableParameters(Exception):
    """`PARAMETERS` is not `Name=value …`; the message says from where on."""


def read_parameters(text: str) -> dict[str, str]:
    """`Name=value Name="with spaces"` as `sam deploy` reads it, which drops in silence what follows a space.

    Raises `UnreadableParameters`.
    """
    found, at = {}, 0
    while text[at:].strip():
        item = ITEM.match(text, at)
        if not item:
            raise UnreadableParameters(
                f'PARAMETERS cannot be read at: {text[at:].strip()[:60]} - write Name=value, or Name="with spaces"'
            )
        found[item[1]] = item[2].strip('"')
        at = item.end()
    return found


def defaults(template: Path = ROOT / "template.yaml") -> dict[str, str]:
    """The parameters of the template that have a default, with it."""

    class Loader(yaml.SafeLoader):
        """Reads past the template's own tags (`!Ref`, `!Sub`…)."""

    Loader.add_multi_constructor("!", lambda loader, tag, node: None)
    parameters = yaml.load(template.read_text("utf-8"), Loader)["Parameters"]  # noqa: S506 - derives from SafeLoader
    return {name: str(each["Default"]) for name, each in parameters.items() if "Default" in each}


def deployed(region: str, stack: str) -> dict[str, str]:
    """Parameters of the last deployment, which `sam deploy` keeps; none if there was none, or nobody can be asked."""
    try:
        stacks = boto3.client("cloudformation", region_name=region).describe_stacks(StackName=stack)["Stacks"]
    except (ClientError, BotoCoreError):
        return {}
    return {each["ParameterKey"]: each["ParameterValue"] for each in stacks[0].get("Parameters", [])}


def placeholders(given: Mapping[str, str], template: Mapping[str, str]) -> Iterator[str]:
    """A line for each value of `given`, over the template's, with which no real deployment works."""
    values = {**template, **given}
    seller_is_set = values["SellerSiret"] != template["SellerSiret"]
    for name in FICTITIOUS_SELLER:
        if values[name] == template[name] and not (seller_is_set and name in MAY_STAY):
            yield f"{name}={values[name]} is fictitious: set it to the seller's own, which invoices name"
    ovh_sends = re.search(r"\bovh:0*[1-9]", values["ProviderWeights"])
    if ovh_sends and values["OvhServiceName"] in ("", template["OvhServiceName"]):
        service = values["OvhServiceName"]
        yield f"OvhServiceName={service} is no service: set it to yours at OVHcloud, sms-…"
    address = parseaddr(values["MailFrom"])[1]
    domain = address.rpartition("@")[2].lower()
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", address) or domain.endswith(NOBODYS):
        yield f"MailFrom={values['MailFrom']} is nobody's address: set it to the sender of mails to schools"
    elif values["MailFrom"] == template["MailFrom"] and "MailFrom" not in given:
        yield f'MailFrom is not set: name the sender of mails to schools, MailFrom="{values["MailFrom"]}" or another'
    elif domain != values["MailDomain"].lower():
        yield f"MailFrom={values['MailFrom']} is not of MailDomain={values['MailDomain']}, for which SES may send"


def main(region: str, stack: str, parameters: str) -> int:
    """0 if a deployment may go on, else 1 with a line for each parameter to set."""
    template = defaults()
    try:
        given = {**deployed(region, stack), **read_parameters(parameters)}
    except UnreadableParameters as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    troubles = list(placeholders(given, template))
    for trouble in troubles:
        print(f"error: {trouble}", file=sys.stderr)
    return 1 if troubles else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
