"""SAM transforms a template once, and again when anything it follows from has changed."""

from pathlib import Path
from typing import Any

import pytest

from local.ministack.transforms import KEPT, Transform, remembered

Template = dict[str, Any]


class Sam:
    """Makes something else of every template, and notes what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[Template] = []

    def __call__(self) -> Transform:
        return self.transform

    def transform(self, template: Template, parameters: Template, policies: Any) -> Template:
        self.asked.append(template)
        return {"made of": template, "parameters": parameters, "tables": ["b", "a"]}


@pytest.fixture
def sam() -> Sam:
    return Sam()


def test_stacks_of_one_template_share_what_sam_made_of_it(sam: Sam, tmp_path: Path) -> None:
    first, second = (remembered(sam, tmp_path / "kept", "1.0") for _ in range(2))
    assert first({"a": 1}, {}, None) == second({"a": 1}, {}, None) == sam.transform({"a": 1}, {}, None)
    assert sam.asked == [{"a": 1}] * 2


def test_another_template_order_version_or_region_is_worked_out_anew(
    sam: Sam, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-3")
    remembered(sam, tmp_path, "1.0")({"a": 1, "b": 2}, {}, None)
    remembered(sam, tmp_path, "1.0")({"a": 1, "b": 3}, {}, None)
    remembered(sam, tmp_path, "1.0")({"b": 2, "a": 1}, {}, None)
    remembered(sam, tmp_path, "1.1")({"a": 1, "b": 2}, {}, None)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    remembered(sam, tmp_path, "1.0")({"a": 1, "b": 2}, {}, None)
    assert len(sam.asked) == 5


def test_what_depends_on_parameters_is_not_kept(sam: Sam, tmp_path: Path) -> None:
    for stage in ("first", "second"):
        assert remembered(sam, tmp_path, "1.0")({}, {"Stage": stage}, None)["parameters"] == {"Stage": stage}
    assert len(sam.asked) == 2


def test_a_file_that_cannot_be_read_is_made_again(sam: Sam, tmp_path: Path) -> None:
    made = remembered(sam, tmp_path, "1.0")({"a": 1}, {}, None)
    [kept] = tmp_path.glob("*.json")
    whole = kept.read_text()
    kept.write_text(whole[:-10])
    assert remembered(sam, tmp_path, "1.0")({"a": 1}, {}, None) == made
    assert kept.read_text() == whole


def test_what_json_would_change_is_not_kept(tmp_path: Path) -> None:
    def with_tuple() -> Transform:
        return lambda template, parameters, policies: {"tables": ("a", "b")}

    assert remembered(with_tuple, tmp_path, "1.0")({}, {}, None)["tables"] == ("a", "b")
    assert not list(tmp_path.glob("*.json"))


def test_old_templates_are_forgotten(sam: Sam, tmp_path: Path) -> None:
    for number in range(KEPT + 3):
        remembered(sam, tmp_path, "1.0")({"number": number}, {}, None)
    assert len(list(tmp_path.glob("*.json"))) == KEPT
