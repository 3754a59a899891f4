"""Counting the instructions of a run: repeatable where milliseconds are not."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from tests.support.starts.deployed_core import deployed_core
from tests.support.starts.trimmed_botocore import trimmed_botocore

ROOT = Path(__file__).parents[3]
CORE = ROOT / "layers" / "core" / "python"
PEERS = ROOT / ".local" / "peers"
_FOLDERS = (ROOT, CORE, PEERS)
_COUNTED = re.compile(r"Collected : (\d+)")
_PEAK = """
import sys
with open("/proc/self/status") as status:
    sys.stderr.write(next(line for line in status if line.startswith("VmHWM")).replace("VmHWM:", "\\npeak "))
"""

Run = Sequence[str]
"""Arguments of `python` on a command line."""

WITHOUT_VALGRIND = "valgrind is not installed: no instructions could be counted, and the aims on them are unproven"


def as_deployed(more: Mapping[str, str]) -> dict[str, str]:
    """The environment `more` of runs that find botocore and the product's package as the layers have them."""
    folders = (trimmed_botocore(), deployed_core(), *_FOLDERS)
    return {**more, "PYTHONPATH": os.pathsep.join(map(str, folders))}


def can_count() -> bool:
    return shutil.which("valgrind") is not None


def environment(more: Mapping[str, str] = {}) -> dict[str, str]:
    """Environment of a run: no AWS account in reach, and the same hashes in every run."""
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join(map(str, _FOLDERS)),
        "PYTHONHASHSEED": "0",
        "AWS_DEFAULT_REGION": "eu-west-3",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_EC2_METADATA_DISABLED": "true",
        **more,
    }


@contextmanager
def in_environment(more: Mapping[str, str]) -> Iterator[None]:
    """The same within this process."""
    kept = dict(os.environ)
    os.environ.update({name: value for name, value in environment(more).items() if name.startswith("AWS_")})
    os.environ.update(more)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(kept)


def counted(runs: Mapping[str, Run], more: Mapping[str, str] = {}, *, again: bool = False) -> dict[str, int]:
    """Instructions of each run, two at a time. Each runs once before, unless it has, so that its bytecode is there."""

    def one(run: Run) -> int:
        if not again:
            _finished([sys.executable, *run], more)
        callgrind = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
        found = _COUNTED.search(_finished([*callgrind, sys.executable, *run], more).stderr)
        assert found, "callgrind gave no count"
        return int(found[1])

    with ThreadPoolExecutor(2) as pool:
        return dict(zip(runs, pool.map(one, runs.values()), strict=True))


def peak_mebibytes(run: Run, more: Mapping[str, str] = {}) -> float:
    """The most memory a run held, without valgrind. Linux tells; `getrusage` would count what its parent held too."""
    flag, code, *arguments = run
    assert flag == "-c", "the peak is asked for at the end of a script"
    ran = _finished([sys.executable, "-c", f"{code}\n{_PEAK}", *arguments], more)
    return int(ran.stderr.rpartition("peak ")[2].split()[0]) / 1024


def _finished(command: Sequence[str], more: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    ran = subprocess.run(command, env=environment(more), cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, f"{' '.join(command)[:200]} ended with {ran.returncode}:\n{ran.stderr[-2000:]}"
    return ran
