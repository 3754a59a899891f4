"""Documents of strangers are read where they can do no harm."""

import json
import logging
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from local.players import paper
from schoolsms.adapters.order_forms import qr
from schoolsms.adapters.order_forms.sandbox import parent
from schoolsms.domain.errors import TransientError
from schoolsms.domain.orders.forms.order_forms import FormIdentity
from tests.support.papers.form_reading import FormsReadApart
from tests.support.papers.forms import issued_form

pytestmark = pytest.mark.sandboxed

KEY = b"a key of thirty-two bytes, or so."
FORMS = FormsReadApart(KEY, "commande-sms@skolengo.test")
FORM = issued_form()
ISSUED = FORMS.issue(FORM)
SCANNED = paper.scan(ISSUED, dpi=150)
QR = qr.text_of(qr.QrIdentity(FORM.uai, FORM.school_year, FORM.order_id), KEY)


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
    child = parent.Child(ISSUED)
    seen = child.ask("identify")
    child.close()
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


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """Every process that was started to read a document."""
    processes = []
    start = parent._started

    def noted() -> subprocess.Popen[bytes]:
        processes.append(start())
        return processes[-1]

    monkeypatch.setattr(parent, "_started", noted)
    return processes


def test_a_form_is_identified_and_read_by_one_process(started: list[subprocess.Popen[bytes]]) -> None:
    logo = b"\x89PNG\r\n no picture"
    with FORMS.reader() as reader:
        identity = reader.identify(SCANNED)
        assert reader.identify(logo) == FormIdentity("unreadable")
        assert [process.poll() for process in started] == [None, 0 - signal.SIGKILL]
        reading = reader.read_form(SCANNED, ISSUED, identity.way)
    assert reading == FORMS.read_form(SCANNED, ISSUED, "scanned")
    assert len(started) == 3


def test_no_process_stays_after_a_mail(started: list[subprocess.Popen[bytes]]) -> None:
    with FORMS.reader() as reader:
        assert reader.identify(ISSUED).order_id
        assert reader.identify(SCANNED).order_id
        assert [process.poll() is None for process in started] == [True, False]
    assert [process.poll() is None for process in started] == [False, False]


def test_a_form_that_does_harm_when_it_is_read_is_unreadable_though_it_was_identified(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    identified = json.dumps({"way": "filled", "qr": [QR]})
    worker(tmp_path, monkeypatch, f"import os, sys\nprint({identified!r}, flush=True)\nos.read(0, 1)\nos.abort()")
    with FORMS.reader() as reader:
        assert reader.identify(ISSUED).order_id == FORM.order_id
        assert reader.read_form(ISSUED, ISSUED).alterations == ("document illisible",)


def test_each_question_about_a_document_has_its_own_processor_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A document that took long to identify would else be cut off while it is read."""
    program = """
import json, resource
from schoolsms.adapters.order_forms.sandbox import worker
worker._limit()
limits = [resource.getrlimit(resource.RLIMIT_CPU)]
worker._grant_time(1)
limits.append(resource.getrlimit(resource.RLIMIT_CPU))
print(json.dumps({"limits": limits}))
"""
    worker(tmp_path, monkeypatch, program)
    child = parent.Child(ISSUED)
    try:
        said = child.ask("identify")
    finally:
        child.close()
    assert said
    (first, most), (second, most_still) = said["limits"]
    assert (first, most, most_still) == (20, 40, 40)
    assert 20 < second <= 40
