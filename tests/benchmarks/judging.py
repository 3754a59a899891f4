"""The processor time of an order form, from the document of a mail to its verdict, in the process that reads it."""

import resource
from compileall import compile_dir
from importlib.util import find_spec

from local.players import paper
from schoolsms.adapters.order_forms.order_forms import PdfOrderForms
from schoolsms.domain.orders.forms.order_forms import FormReading
from tests.benchmarks.measuring.instructions import CORE
from tests.benchmarks.measuring.tables import aim, table
from tests.support.papers.forms import issued_form

MOST_SECONDS = 1.6
TIMES = 2
READ_BY = ("pypdf", "PIL", "pypdfium2", "pypdfium2_raw", "zxingcpp", "fontTools", "cryptography")
"""Packages that the layer has with their bytecode; the process that reads may write none."""


def run() -> bool:
    """Print the table; whether the aim was held."""
    _compile()
    forms = PdfOrderForms(b"a key of thirty-two bytes, or so.", "commande-sms@skolengo.test")
    issued = forms.issue(issued_form())
    signed = paper.ink(paper.fill(issued, {"place_and_date": "Privas, le 3 septembre 2026"}))
    documents = {"a scanned page": paper.scan(signed), "with its fields": signed}
    seconds = {name: min(_seconds(forms, each, issued) for _ in range(TIMES)) for name, each in documents.items()}
    table("Judging an order form", ("came back", "processor s"), list(seconds.items()))
    scanned = seconds["a scanned page"]
    return aim(f"≤ {MOST_SECONDS} s of a processor for a scanned page: {scanned:.2f}", held=scanned <= MOST_SECONDS)


def _seconds(forms: PdfOrderForms, document: bytes, issued: bytes) -> float:
    before = _used()
    with forms.reader() as reader:
        reading: FormReading = reader.read_form(document, issued, reader.identify(document).way)
    assert (reading.signature, reading.alterations) == ("ink", ())
    return _used() - before


def _used() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return children.ru_utime + children.ru_stime


def _compile() -> None:
    for name in READ_BY:
        found = find_spec(name)
        for folder in (found and found.submodule_search_locations) or ():
            compile_dir(folder, quiet=2)
    compile_dir(CORE, quiet=2)
