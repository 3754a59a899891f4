"""`make licences`: what the deployed stack is made of, and under which licences.

It writes into `.local/licences`: `bom.json`, a bill of materials (CycloneDX 1.6), and `third-party-notices.txt`, the
licence texts that must go along with a copy. They name what goes to AWS: the packages of the layers, and the npm
packages in the bundle of the console. Libraries that are compiled into a package count as part of that package.
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from local.machine.settings import LOCAL, ROOT

LAYERS = (ROOT / "layers" / "dependencies", ROOT / "layers" / "documents")
NPM_LOCK = ROOT / "console" / "package-lock.json"
NPM_NOTICES = ROOT / "functions" / "console" / "public" / "licences.txt"
TARGET = LOCAL / "licences"

ACCEPTED = {
    *("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MIT-0", "MIT-CMU", "PSF-2.0"),
    *("LGPL-2.1-or-later", "LGPL-3.0-only", "MPL-2.0", "OFL-1.1", "LicenseRef-public-domain"),
}
"""They let the service run, and its code stay its owner's. The two LGPL ask that the package can be exchanged, which it
can: a layer holds it as it was published."""

READ_BY_US: Mapping[str, str] = {
    "aiosignal": "Apache-2.0",
    "defusedxml": "PSF-2.0",
    "factur-x": "BSD-3-Clause",
    "font-lato": "OFL-1.1",
    "iso4217": "LicenseRef-public-domain",
    "pypdfium2": "BSD-3-Clause AND Apache-2.0",
    "python-dateutil": "Apache-2.0 AND BSD-3-Clause",
    "python-stdnum": "LGPL-2.1-or-later",
    "segno": "BSD-3-Clause",
}
"""Licences of packages that do not name theirs as SPDX does, read in their own files."""

_LICENCE_FILE = re.compile(r"(?i).*\.dist-info/licenses/|.*/(licen[cs]e|copying|notice|authors|ofl)[^/]*$")
_RULE = f"\n{'-' * 80}\n\n"


class LicenceUnknown(Exception):
    """A package names no licence that we know, or one that nobody has accepted; the message says what to do."""


@dataclass(frozen=True)
class Package:
    """`kind`: `pypi` or `npm`. `licence`: an SPDX expression. `texts`: its licence files, whole."""

    kind: str
    name: str
    version: str
    licence: str
    texts: Sequence[str] = ()


def layer_packages() -> Iterator[Package]:
    """Packages of the layers, as installed here. Raises LicenceUnknown."""
    for layer in LAYERS:
        for line in (layer / "requirements.txt").read_text("utf-8").splitlines():
            name, pinned, version = line.partition("==")
            if pinned:
                found = metadata.distribution(name)
                files = [
                    file for file in found.files or () if _LICENCE_FILE.match(file.as_posix()) and file.suffix != ".py"
                ]
                texts = [_text(file.read_binary()).strip() for file in files]
                yield Package("pypi", name, version, accepted(name, _stated(name, found)), texts)


def console_packages(lock: Mapping[str, Mapping[str, str]]) -> Iterator[Package]:
    """The packages of the console that are no tools; `lock`: `packages` of package-lock.json. Raises LicenceUnknown."""
    for path, said in lock.items():
        name = path.rpartition("node_modules/")[2]
        if name and not said.get("dev"):
            yield Package("npm", name, said["version"], accepted(name, said.get("license", "")))


def accepted(name: str, licence: str) -> str:
    """Return `licence`, an SPDX expression, if it or one of its alternatives is accepted. Raises LicenceUnknown."""
    alternatives = [set(each.split(" AND ")) for each in licence.split(" OR ")]
    if any(each <= ACCEPTED for each in alternatives):
        return licence
    raise LicenceUnknown(
        f"{name} is under {licence or 'a licence that it does not name'}, which nobody has accepted: read it, then "
        "name it in local/machine/licences.py, or take another package"
    )


def bill_of_materials(packages: Sequence[Package]) -> str:
    """CycloneDX 1.6 as JSON."""
    licences = LicenseFactory()
    components = [
        Component(
            type=ComponentType.LIBRARY,
            name=each.name,
            version=each.version,
            licenses=[licences.make_from_string(each.licence)],
            purl=PackageURL.from_string(f"pkg:{each.kind}/{each.name.replace('@', '%40')}@{each.version}"),
            bom_ref=f"{each.kind}/{each.name}@{each.version}",
        )
        for each in packages
    ]
    service = Component(type=ComponentType.APPLICATION, name="skolengo-sms", bom_ref="skolengo-sms")
    bom = Bom(components=components)
    bom.metadata.component = service
    bom.register_dependency(service, components)
    return JsonV1Dot6(bom).output_as_string(indent=1)


def notices(packages: Sequence[Package], of_console: str) -> str:
    """The licence texts of the layers' packages, then those that the console serves with its bundle."""
    parts = [f"{each.name} {each.version} ({each.licence})\n\n{_RULE.join(each.texts)}\n" for each in packages]
    return _RULE.join([*parts, of_console])


def main() -> int:
    """Write both files; the exit code."""
    try:
        layers = list(layer_packages())
        console = list(console_packages(json.loads(NPM_LOCK.read_text("utf-8"))["packages"]))
    except LicenceUnknown as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    TARGET.mkdir(parents=True, exist_ok=True)
    _write(TARGET / "bom.json", bill_of_materials([*layers, *console]))
    _write(TARGET / "third-party-notices.txt", notices(layers, NPM_NOTICES.read_text("utf-8")))
    print(f"{len(layers)} packages of the layers and {len(console)} of the console, all under accepted licences")
    return 0


def _stated(name: str, found: metadata.Distribution) -> str:
    """The SPDX expression of a package, as it states it or as we read it; "" if neither."""
    if name in READ_BY_US:
        return READ_BY_US[name]
    said = found.metadata.json
    return str(said.get("license_expression") or said.get("license") or "")


def _text(written: bytes) -> str:
    try:
        return written.decode()
    except UnicodeDecodeError:  # an older text
        return written.decode("latin-1")


def _write(path: Path, text: str) -> None:
    path.write_text(text, "utf-8")
    print(path.relative_to(ROOT))


if __name__ == "__main__":
    sys.exit(main())
