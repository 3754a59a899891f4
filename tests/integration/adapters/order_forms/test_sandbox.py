"""Documents of strangers are read where they can do no harm."""

import logging
import re
import sys
from pathlib import Path

import pytest

from schoolsms.adapters.order_forms.order_forms import PdfOrderForms
from schoolsms.adapters.order_forms.sandbox import parent
from schoolsms.domain.errors import TransientError
from schoolsms.domain.orders.order_forms import FormIdentity
from tests.support.papers.forms import issued_form

FORMS = PdfOrderForms(b"a key of thirty-two bytes, or so.", "commande-sms@skolengo.test")
ISSUED = FORMS.issue(issued_form())


def worker(folder: Path, monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    """Put `program` in the place of the interpreter that would read documents."""
    script = folder / "worker"
    script.write_text(f"#!{sys.executable}\n{program}\n")
    script.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(script))


def test_the_reader_of_documents_sees_no_credentials(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "token")
    worker(tmp_path, monkeypatch, "import json, os; print(json.dumps(dict(os.environ)))")
    seen = parent.ask("identify", [ISSUED])
    assert seen is not None
    assert "PYTHONPATH" in seen
    assert not [name for name in seen if name.startswith("AWS_")]


@pytest.mark.parametrize(
    "program",
    [
        pytest.param("import os; os.abort()", id="crashes"),
        pytest.param("print('not json')", id="babbles"),
        pytest.param("print('[1]')", id="answers something else"),
        pytest.param("print('[' * 100_000)", id="answers without end, inwards"),
        pytest.param("import resource; resource.setrlimit(resource.RLIMIT_CPU, (1, 1))\nwhile True: pass", id="spins"),
    ],
)
def test_a_reader_that_fails_makes_a_document_unreadable(
    program: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker(tmp_path, monkeypatch, program)
    assert FORMS.identify(ISSUED) == FormIdentity("unreadable")


def test_a_reader_that_answers_without_end_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipe would have taken all of it into the memory of the function."""
    flood = "while True:\n    os.write(1, bytes(1 << 20))"
    worker(
        tmp_path,
        monkeypatch,
        f"import os\nfrom schoolsms.adapters.order_forms.sandbox import worker\nworker._limit()\n{flood}",
    )
    assert FORMS.identify(ISSUED) == FormIdentity("unreadable")


def test_a_reader_that_gets_no_processor_says_nothing_of_the_document(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A complete form must not be called unreadable because the machine was busy: the mail is given again."""
    monkeypatch.setattr(parent, "WALL_SECONDS", 1)
    worker(tmp_path, monkeypatch, "import time; time.sleep(600)")
    with pytest.raises(TransientError):
        FORMS.identify(ISSUED)


def test_a_machine_without_a_process_left_is_no_fault_of_the_document(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(TransientError):
        FORMS.identify(ISSUED)


def test_what_failed_is_logged_by_its_place_and_never_by_the_document(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        FORMS.read_form(b"%PDF-1.7 Lyc\xe9e C\x9cur", ISSUED)
    (record,) = caplog.records
    assert record.getMessage() == "document not readable"
    assert re.fullmatch(r"\w+ at \w+\.py:\d+", str(record.__dict__["failure"]))
