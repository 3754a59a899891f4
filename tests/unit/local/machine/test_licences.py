"""The parts of the deployed stack: every package named once, its licence accepted, its text at hand."""

import json

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from local.machine.licences import LicenceUnknown, accepted, bill_of_materials, console_packages, layer_packages

WITHOUT_A_TEXT = {"iso4217"}
"""In the public domain: a list of currencies."""


def test_every_package_of_the_layers_has_an_accepted_licence_and_its_text() -> None:
    packages = list(layer_packages())

    assert {"pydantic", "phonenumbers", "fpdf2"} <= {each.name for each in packages}
    assert {each.name for each in packages if not any(each.texts)} == WITHOUT_A_TEXT


def test_the_bill_of_materials_is_cyclonedx() -> None:
    packages = list(layer_packages())
    bill = bill_of_materials(packages)
    written = json.loads(bill)

    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(bill) is None
    assert [each["purl"] for each in written["components"] if each["name"] == "segno"] == ["pkg:pypi/segno@1.6.6"]
    assert len(written["components"]) == len(packages)


def test_tools_of_the_console_are_not_delivered() -> None:
    lock = {
        "": {"version": "1.0.0"},
        "node_modules/@preact/signals": {"version": "2.11.4", "license": "MIT"},
        "node_modules/esbuild": {"version": "0.28.2", "license": "MIT", "dev": "true"},
    }
    assert [(each.name, each.licence) for each in console_packages(lock)] == [("@preact/signals", "MIT")]


@pytest.mark.parametrize("licence", ["MIT", "Apache-2.0 AND MIT", "GPL-3.0-only OR MIT", "GPL-3.0-only OR MIT AND ISC"])
def test_a_licence_is_accepted_by_one_of_its_alternatives(licence: str) -> None:
    assert accepted("some-package", licence) == licence


@pytest.mark.parametrize("licence", ["", "GPL-3.0-only", "MIT AND GPL-3.0-only", "Proprietary"])
def test_a_licence_that_nobody_accepted_is_named(licence: str) -> None:
    with pytest.raises(LicenceUnknown, match="some-package is under .* read it, then name it"):
        accepted("some-package", licence)
