"""From `template.yaml` to what the embedded cloud deploys: `sam build`, then functions that run here.

The built template stays as it is but for its functions: each one runs under the real `awslambdaric` of the
runtime environment, sees its own folder and its own layers, and is found in the artifacts bucket. Builds are
kept by the digest of their sources: stacks started side by side share one, an unchanged tree costs nothing.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from local.console.build import ConsoleFailed, build_console
from local.machine.built import digest_of, locked
from local.machine.children import Children
from local.machine.progress import heartbeat, last_error
from local.machine.settings import LOCAL, environment_python

ARTIFACTS_BUCKET = "local-artifacts"
BUILDS = LOCAL / "builds"
KEPT_BUILDS = 8
RECIPE = "4"  # change it when this file builds differently from the same sources
VERSIONS = ("AutoPublishAlias", "AutoPublishCodeSha256", "VersionDeletionPolicy", "SnapStart", "DeploymentPreference")
"""Of a function on AWS; here each version would be one more copy of it to start, and nobody deploys gradually."""
NOT_SOURCES = {"__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache"}

BOOTSTRAP = """\
#!/bin/sh
export PYTHONPATH="$LAMBDA_TASK_ROOT:{layers}" PYTHONNOUSERSITE=1 PYTHONDONTWRITEBYTECODE=1 TZ=UTC
exec "{python}" ${{STARTED_BY:+"$STARTED_BY"}} -m awslambdaric "$_HANDLER"
"""


class BuildFailed(Exception):
    """`sam build` failed; the message ends with what it said."""


@dataclass(frozen=True)
class Build:
    """A build on disk: `template.json` and one zip a function under `code/`."""

    folder: Path

    @property
    def template_body(self) -> str:
        return (self.folder / "template.json").read_text()

    @property
    def archives(self) -> list[Path]:
        return sorted((self.folder / "code").glob("*.zip"))


def build(template: Path, children: Children, say: Callable[[str], None]) -> Build:
    """Build the template, or find it built; raises `BuildFailed`, or `Stopped` when the launcher stops.

    `say` is called from time to time with how far it is.
    """
    BUILDS.mkdir(parents=True, exist_ok=True)
    try:
        build_console(children)
    except ConsoleFailed as error:
        raise BuildFailed(str(error)) from None
    with locked(BUILDS / ".lock"):
        digest = sources_digest(template)
        folder = BUILDS / digest[:16]
        while not folder.exists():
            draft = BUILDS / f".{folder.name}"
            shutil.rmtree(draft, ignore_errors=True)
            with heartbeat(
                f"building {template.name}: a minute or two, then not again until its sources change",
                "still building",
                say,
            ):
                built = _sam_build(template, children)
            shutil.copytree(built, draft, copy_function=os.link)
            localise(draft, folder, sources=built)
            was, digest = digest, sources_digest(template)
            if was == digest:
                draft.rename(folder)
            else:  # edited meanwhile: what was built belongs to no digest
                shutil.rmtree(draft)
                folder = BUILDS / digest[:16]
        os.utime(folder)
        _forget_old_builds()
        return Build(folder)


def sources_digest(template: Path) -> str:
    """Names what a build is made from: the template, its functions and layers, the interpreter."""
    files = [template]
    for name in ("functions", "layers"):
        folder = template.parent / name
        files += sorted(f for f in folder.rglob("*") if f.is_file() and not NOT_SOURCES & set(f.parts))
    return digest_of(f"{RECIPE} {sys.version_info[:2]} {template}", files, template.parent)


def _sam_build(template: Path, children: Children) -> Path:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    work = LOCAL / f"sam-{version}"  # sam's cache knows of sources, not of interpreters
    work.mkdir(parents=True, exist_ok=True)
    sam = environment_python("sam").parent / "sam"
    command = [
        *(str(sam), "build", "--template", str(template), "--build-dir", str(work / "build")),
        *("--cached", "--cache-dir", str(work / "cache"), "--parallel", "--no-use-container"),
    ]
    runtime = str(environment_python("runtime"))
    target = {"LAYER_PYTHON": runtime, "LAYER_TARGET": version, "LAYER_PLATFORM": ""}
    code, output = children.run(command, os.environ | {"SAM_CLI_TELEMETRY": "0"} | target, work)
    if code:
        log = work / "build.log"
        log.write_text(output)
        raise BuildFailed(f"sam build failed, {last_error(output)}; all it said is in {log}")
    return work / "build"


def localise(draft: Path, folder: Path, sources: Path) -> None:
    """Add `template.json` and the archives to a built folder that will be found at `folder`.

    `sources` is where the paths in its `template.yaml` start. Raises `BuildFailed`.
    """
    template = yaml.safe_load((draft / "template.yaml").read_text())
    resources: dict[str, Any] = template["Resources"]
    shared = template.get("Globals", {}).get("Function", {})
    shared_layers = shared.pop("Layers", [])
    layers = {name for name, r in resources.items() if r["Type"] == "AWS::Serverless::LayerVersion"}
    (draft / "code").mkdir()
    for name, resource in resources.items():
        if resource["Type"] != "AWS::Serverless::Function":
            continue
        properties = resource["Properties"]
        own = [entry["Ref"] for entry in [*shared_layers, *properties.pop("Layers", [])]]
        if not set(own) <= layers or len(set(own)) < len(own):
            raise BuildFailed(f"{name} must name each layer once, of those built here; it has {own}")
        archive = _archive((sources / properties["CodeUri"]).resolve(), [folder / layer / "python" for layer in own])
        key = f"{name}-{hashlib.sha256(archive).hexdigest()[:16]}.zip"
        (draft / "code" / key).write_bytes(archive)
        properties |= {"CodeUri": {"Bucket": ARTIFACTS_BUCKET, "Key": key}, "Runtime": "provided.al2023"}
        for each in VERSIONS:
            properties.pop(each, None)
        resource.pop("Metadata", None)
    template["Resources"] = {name: r for name, r in resources.items() if name not in layers}
    # As small as can be: CloudFormation takes 51,200 bytes of a template in a call.
    (draft / "template.json").write_text(json.dumps(template, separators=(",", ":")))


def _archive(source: Path, layers: list[Path]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        bootstrap = BOOTSTRAP.format(layers=":".join(map(str, layers)), python=environment_python("runtime")).encode()
        _add(archive, "bootstrap", bootstrap, 0o755)
        for file in sorted(source.rglob("*")):
            if file.is_file() and not NOT_SOURCES & set(file.parts):
                _add(archive, str(file.relative_to(source)), file.read_bytes(), 0o644)
    return buffer.getvalue()


def _add(archive: zipfile.ZipFile, name: str, content: bytes, mode: int) -> None:
    entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))  # equal sources, equal archives
    entry.external_attr = (0o100000 | mode) << 16
    archive.writestr(entry, content)


def _forget_old_builds() -> None:
    builds = sorted((f for f in BUILDS.iterdir() if f.is_dir()), key=lambda f: f.stat().st_mtime)
    for folder in builds[:-KEPT_BUILDS]:
        shutil.rmtree(folder, ignore_errors=True)
