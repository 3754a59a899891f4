import json
import zipfile
from pathlib import Path

import pytest

from local.stack.build import VERSIONS, BuildFailed, localise, sources_digest
from tests.unit.template.test_versions import FUNCTIONS, WAITED_FOR

TEMPLATE = {
    "Transform": "AWS::Serverless-2016-10-31",
    "Globals": {"Function": {"Runtime": "python3.13", "Layers": [{"Ref": "CoreLayer"}]}},
    "Resources": {
        "CoreLayer": {"Type": "AWS::Serverless::LayerVersion", "Properties": {"ContentUri": "CoreLayer"}},
        "DocumentsLayer": {
            "Type": "AWS::Serverless::LayerVersion",
            "Properties": {"ContentUri": "DocumentsLayer"},
        },
        "CreditOrder": {
            "Type": "AWS::Serverless::Function",
            "Metadata": {"SkipBuild": True},
            "Properties": {"CodeUri": "../credit_order", **dict.fromkeys(VERSIONS, "live")},
        },
        "IssueOrderForm": {
            "Type": "AWS::Serverless::Function",
            "Properties": {"CodeUri": "../credit_order", "Layers": [{"Ref": "DocumentsLayer"}]},
        },
        "Queue": {"Type": "AWS::SQS::Queue"},
    },
}


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """A folder as `sam build` leaves it, beside the source of a function."""
    source = tmp_path / "credit_order"
    (source / "__pycache__").mkdir(parents=True)
    (source / "app.py").write_text("handler = print\n")
    (source / "__pycache__" / "app.cpython-311.pyc").write_bytes(b"\0")
    folder = tmp_path / "built"
    folder.mkdir()
    (folder / "template.yaml").write_text(json.dumps(TEMPLATE))
    return folder


def bootstrap(built: Path, function: str) -> str:
    [archive] = (built / "code").glob(f"{function}-*.zip")
    with zipfile.ZipFile(archive) as content:
        assert content.namelist() == ["bootstrap", "app.py"]
        assert content.getinfo("bootstrap").external_attr >> 16 & 0o111
        return content.read("bootstrap").decode()


def test_a_function_sees_its_own_layers_only(built: Path) -> None:
    localise(built, Path("/builds/1"), sources=built)
    assert '"$LAMBDA_TASK_ROOT:/builds/1/CoreLayer/python"' in bootstrap(built, "CreditOrder")
    both = '"$LAMBDA_TASK_ROOT:/builds/1/CoreLayer/python:/builds/1/DocumentsLayer/python"'
    assert both in bootstrap(built, "IssueOrderForm")


def test_only_functions_and_layers_differ_from_the_built_template(built: Path) -> None:
    localise(built, Path("/builds/1"), sources=built)
    template = json.loads((built / "template.json").read_text())
    assert set(template["Resources"]) == {"CreditOrder", "IssueOrderForm", "Queue"}
    assert template["Globals"]["Function"] == {"Runtime": "python3.13"}
    properties = template["Resources"]["CreditOrder"]["Properties"]
    assert properties.keys() == {"CodeUri", "Runtime"}
    assert properties["Runtime"] == "provided.al2023"
    assert (built / "code" / properties["CodeUri"]["Key"]).exists()


@pytest.mark.parametrize("function", sorted(WAITED_FOR))
def test_what_is_left_out_here_is_deployed(function: str) -> None:
    """Each version would be one more copy to start; a name that the template has no more would leave nothing out."""
    assert FUNCTIONS[function].keys() >= set(VERSIONS)


def test_equal_sources_make_equal_archives(built: Path) -> None:
    localise(built, Path("/builds/1"), sources=built)
    first = sorted(file.name for file in (built / "code").iterdir())
    for file in (built / "code").iterdir():
        file.unlink()
    (built / "code").rmdir()
    localise(built, Path("/builds/1"), sources=built)
    assert sorted(file.name for file in (built / "code").iterdir()) == first


@pytest.mark.parametrize("layer", ["CoreLayer", "OtherLayer"])
def test_a_layer_named_twice_or_not_built_is_refused(built: Path, layer: str) -> None:
    template = json.loads((built / "template.yaml").read_text())
    template["Resources"]["CreditOrder"]["Properties"]["Layers"] = [{"Ref": layer}]
    (built / "template.yaml").write_text(json.dumps(template))
    with pytest.raises(BuildFailed, match="CreditOrder must name each layer once"):
        localise(built, Path("/builds/1"), sources=built)


def test_the_digest_follows_the_sources_and_nothing_else(tmp_path: Path) -> None:
    template = tmp_path / "template.yaml"
    template.write_text("Resources: {}\n")
    app = tmp_path / "functions" / "credit_order" / "app.py"
    app.parent.mkdir(parents=True)
    app.write_text("a = 1\n")
    before = sources_digest(template)
    (app.parent / "__pycache__").mkdir()
    (app.parent / "__pycache__" / "app.cpython-311.pyc").write_bytes(b"\0")
    (tmp_path / "README.md").write_text("x")
    assert sources_digest(template) == before
    app.write_text("a = 2\n")
    assert sources_digest(template) != before
