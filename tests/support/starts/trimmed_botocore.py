"""botocore as the dependencies layer has it: its code with the data that the build leaves."""

import shutil
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import botocore

from layers.dependencies import trim_botocore
from tests.support.template import ROOT

INSTALLED = Path(botocore.__file__).parent
_FOLDER = ROOT / ".local" / "trimmed"


@cache
def trimmed_botocore() -> Path:
    """Make a folder for `PYTHONPATH` that holds the trimmed package `botocore`; whoever comes first makes it."""
    recipe = Path(trim_botocore.__file__).stat().st_mtime_ns
    folder = _FOLDER / f"{botocore.__version__}-{recipe}"
    if not folder.exists():
        _FOLDER.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=_FOLDER) as draft:
            package = Path(draft) / "made" / "botocore"
            shutil.copytree(INSTALLED, package, ignore=shutil.ignore_patterns("data"))
            trim_botocore.write_trimmed(INSTALLED / "data", package / "data")
            try:
                package.parent.rename(folder)
            except OSError:  # another process was first
                assert folder.exists()
    return folder
