"""`BENCHMARKS.md`: what a run said, and of what code on what machine."""

import os
import platform
import subprocess
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path


def report(lines: Sequence[str], at: datetime, *, commit: str, quick: bool) -> str:
    """Return the page: date, commit and machine first, then every aim, then the tables as they were printed."""
    aims = [line.strip() for line in lines if line.strip().startswith(("held", "MISSED"))]
    missed = sum(aim.startswith("MISSED") for aim in aims)
    run = "`make bench QUICK=1`" if quick else "`make bench`"
    return "\n".join(
        [
            "# Benchmarks",
            "",
            f"Written by {run} on {at:%Y-%m-%d}, of commit `{commit}`, on {machine()}.",
            f"{len(aims)} aims, {missed} missed. Instructions are exact; seconds are of this machine on that day.",
            "",
            "| aim | |",
            "| --- | --- |",
            *(f"| {' '.join(aim.split()[1:])} | {aim.split()[0]} |" for aim in aims),
            "",
            "```text",
            *(line for line in lines[1:] if line not in aims),
            "```",
            "",
        ]
    )


def machine() -> str:
    """Return processor, number of cores and Python, without the name of the machine."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{cores} cores ({platform.system()}, {platform.machine()}), Python {platform.python_version()}"


def commit_of(root: Path) -> str:
    """Return the short name of the commit, with a plus if files differ from it; "unknown" outside a repository."""
    try:
        name = _git(root, "rev-parse", "--short", "HEAD").strip()
        return name + ("+" if _git(root, "status", "--porcelain", "--untracked-files=no").strip() else "")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def _git(root: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=True).stdout
