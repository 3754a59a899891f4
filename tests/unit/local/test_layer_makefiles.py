"""Layers are built wherever the repository was cloned to, a folder with spaces in its name included."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from local.machine.settings import ROOT

LAYERS = {"core": "CoreLayer", "dependencies": "DependenciesLayer", "documents": "DocumentsLayer"}

INTERPRETER = """\
#!/bin/sh
# Writes down what it is asked to do; `pip install --target` makes the folder, the check of the version succeeds.
printf '%s\\n' "$*" >> "$CALLS"
while [ $# -gt 0 ]; do [ "$1" = --target ] && mkdir -p "$2/fontTools"; shift; done
"""


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_is_built_in_a_folder_with_spaces_by_an_interpreter_in_one(layer: str, tmp_path: Path) -> None:
    folder = tmp_path / "a b"
    folder.mkdir()
    python, calls, artifacts = folder / "python 3", folder / "calls", folder / "built here"
    python.write_text(INTERPRETER)
    python.chmod(0o755)
    subprocess.run(
        ["make", "-s", f"build-{LAYERS[layer]}", f"ARTIFACTS_DIR={artifacts}", f"LAYER_PYTHON={python}"],
        cwd=ROOT / "layers" / layer,
        env=os.environ | {"CALLS": str(calls), "LAYER_PLATFORM": ""},
        check=True,
    )
    jobs = 0 if Path("/dev/shm").is_dir() else 1  # noqa: S108 - only looked for
    asked = calls.read_text()
    assert f"-m compileall -q -j {jobs} --invalidation-mode unchecked-hash {artifacts}/python" in asked
    assert (artifacts / "python").is_dir()
    assert layer != "core" or f"-B keep_code.py {artifacts}/python" in asked
    assert layer == "core" or f"--target {artifacts}/python -r requirements.txt" in asked
    assert layer != "dependencies" or f"-B trim_botocore.py {artifacts}/python" in asked


@pytest.mark.slow
def test_the_core_layer_has_the_bytecode_of_the_interpreter_that_runs_it(tmp_path: Path) -> None:
    target = f"{sys.version_info.major}.{sys.version_info.minor}"
    settings = [f"ARTIFACTS_DIR={tmp_path}", f"LAYER_PYTHON={sys.executable}", f"LAYER_TARGET={target}"]
    subprocess.run(["make", "-s", "build-CoreLayer", *settings], cwd=ROOT / "layers" / "core", check=True)
    [compiled] = (tmp_path / "python" / "schoolsms" / "__pycache__").glob("settings.*.pyc")
    assert compiled.stat().st_size > 0
    assert (tmp_path / "python" / "schoolsms" / "kept_code.bin").stat().st_size > 100_000
