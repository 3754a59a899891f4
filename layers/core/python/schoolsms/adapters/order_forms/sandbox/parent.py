"""Read documents of strangers in a process of its own.

PDF readers are large and partly native: what makes one crash, swell or spin costs a child process with little
memory, little time and none of the function's credentials, and the document counts as unreadable. `barrier` keeps
what takes the child over from the parent, from the network and from writing. The answer goes to a file without a name,
because a pipe would let the child fill the memory of the parent.
"""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Sequence
from tempfile import TemporaryFile
from typing import Any, Literal

from schoolsms.adapters.order_forms.sandbox import barrier
from schoolsms.domain.errors import TransientError

MAX_BYTES = 15 * 1024 * 1024
"""The largest document that is looked at."""

MEMORY_BYTES = 400 * 1024 * 1024
CPU_SECONDS = 20
ANSWER_BYTES = 8 * 1024 * 1024
"""The largest answer: four pictures of 900 by 900 pixels and the texts of the fields are 3 MB at most."""

WALL_SECONDS = 90  # far more than the processor time, which ends first unless the machine is busy with other things
_KEPT_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "TZ", "SYSTEMROOT")
_log = logging.getLogger(__name__)

Verb = Literal["identify", "read", "read_page"]


def ask(verb: Verb, documents: Sequence[bytes]) -> dict[str, Any] | None:
    """Return the worker's answer, or None when it could not cope with the documents.

    Raises TransientError when no process can be started or shut in, or when it got too little of a processor: that says
    nothing of the documents, and whoever sent them must not get a mail that they are unreadable.
    """
    if any(len(document) > MAX_BYTES for document in documents):
        return None
    head = json.dumps({"verb": verb, "sizes": [len(document) for document in documents]})
    environment = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
    environment["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    command = [sys.executable, "-m", "schoolsms.adapters.order_forms.sandbox.worker"]
    question = b"".join((head.encode(), b"\n", *documents))
    try:
        barrier.hide()
        with TemporaryFile() as out:
            done = subprocess.run(  # noqa: S603  nothing of the command comes from outside
                command,
                input=question,
                stdout=out,
                stderr=subprocess.DEVNULL,
                env=environment,
                timeout=WALL_SECONDS,
                check=False,
            )
            out.seek(0)
            answer = _parsed(out.read(ANSWER_BYTES + 1), done.returncode)
    except subprocess.TimeoutExpired as exc:
        raise TransientError("too little processor time for a document") from exc
    except OSError as exc:
        raise TransientError("no process for a document") from exc
    if answer.get("unguarded"):
        raise TransientError("no barrier for a document")
    if "failure" in answer:
        _log.warning("document not readable", extra={"verb": verb, "failure": answer["failure"]})
        return None
    return answer


def _parsed(said: bytes, exit_code: int) -> dict[str, Any]:
    """The JSON object in `said`, or a failure: a worker that was taken over says what it likes."""
    try:
        answer = json.loads(said) if len(said) <= ANSWER_BYTES else None
    except (ValueError, RecursionError):
        answer = None
    return answer if isinstance(answer, dict) else {"failure": f"exit {exit_code}"}
