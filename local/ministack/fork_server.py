"""Starts functions by forking, with all of botocore imported before: half of the cost of a start.

The `bootstrap` of a function runs this file in place of the runtime client when `STARTED_BY` names it. So this process
has the interpreter, the settings and the layers of every function with the same `bootstrap`. Its standard input is a
socket: a request names a function's folder and environment and brings its output; the answer is its process.

Nothing of the product is imported here, and nothing that only some functions import: an import that a function lacks
must fail as it does on AWS.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import runpy
import socket
import sys
import time
from collections.abc import Mapping
from contextlib import suppress

IMPORTED = ("botocore.session", "simplejson")
"""A function that calls AWS imports one, the runtime client the other; in the layers, or beside that client."""

READ = ("HOME",)
"""All that is read of the environment while `IMPORTED` are imported."""

EXPORTED = ("PYTHONPATH", "PYTHONNOUSERSITE", "PYTHONDONTWRITEBYTECODE", "TZ")
"""A `bootstrap` sets these; its shell adds the folder."""

TASK = "/task"
"""The folder of a function, where there is none yet."""

MOST_BYTES = 1 << 17
"""Of a request. A longer one would be cut."""


def main() -> None:
    """Start functions until nobody asks any more; each goes on from here in a process of its own."""
    del sys.path[0]  # the folder of this file
    for name in IMPORTED:
        with suppress(ImportError):  # for the functions to find out
            importlib.import_module(name)
    gc.collect()
    gc.freeze()
    requests = socket.socket(fileno=0)
    while True:
        request, outputs, _, _ = socket.recv_fds(requests, MOST_BYTES, 1)
        if not request:
            return
        _reap()
        function = os.fork()
        if function == 0:
            requests.detach()
            run(outputs[0], **json.loads(request))
            return
        os.close(outputs[0])
        process = os.pidfd_open(function)
        socket.send_fds(requests, [b"started"], [process])
        os.close(process)


def run(output: int, folder: str, environ: Mapping[str, str]) -> None:
    """Become the function of `folder`, as its `bootstrap` would."""
    for number, taken in enumerate((os.open(os.devnull, os.O_RDONLY), output, output)):
        os.dup2(taken, number)
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))
    os.chdir(folder)
    if _differs(folder, environ):
        os.execve(os.path.join(folder, "bootstrap"), ["bootstrap"], environ)  # noqa: S606 - what MiniStack would run
    exported = {name: os.environ[name].replace(TASK, folder) for name in EXPORTED if name in os.environ}
    os.environ.clear()
    os.environ.update({**environ, **exported, "PWD": folder})
    time.tzset()
    sys.path[:] = [os.getcwd(), *(folder if each == TASK else each for each in sys.path)]
    sys.argv = ["awslambdaric", environ["_HANDLER"]]
    runpy.run_module("awslambdaric", run_name="__main__", alter_sys=True)


def _reap() -> None:
    """Take away functions that ended, but not before the next one starts.

    Whoever asked waits for them. One that ended at once must still be there when it gets its handle.
    """
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _differs(folder: str, environ: Mapping[str, str]) -> bool:
    """Whether what is imported may not be what the function would import."""
    own = {name.partition(".")[0] for name in os.listdir(folder)}
    return bool(own & set(sys.modules)) or any(os.environ.get(name) != environ.get(name) for name in READ)


if __name__ == "__main__":
    main()
