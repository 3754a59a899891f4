"""The product's own package as the core layer has it: with the code that the build keeps."""

import atexit
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.support.template import ROOT

_LAYER = ROOT / "layers" / "core"


@cache
def deployed_core() -> Path:
    """Make a folder for `PYTHONPATH` that holds the package; it is gone when the process ends."""
    folder = TemporaryDirectory()
    atexit.register(folder.cleanup)
    made = Path(folder.name) / "python"
    shutil.copytree(_LAYER / "python", made)
    subprocess.run([sys.executable, "-B", _LAYER / "keep_code.py", made], check=True)
    return made
