"""A document that takes its reader over reaches neither the parent, nor the network, nor a file to write (R47)."""

import json
import os
import platform
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from schoolsms.adapters.order_forms.sandbox import barrier
from schoolsms.domain.errors import TransientError
from tests.support.papers.form_reading import FormsReadApart
from tests.support.papers.forms import issued_form

pytestmark = pytest.mark.sandboxed

GUARDED = sys.platform == "linux" and platform.machine() in ("x86_64", "aarch64")
"""Whether the barrier is effective: on Lambda and in CI. Elsewhere the service runs for trial only."""

ATTEMPTS = {
    "read the environment of the parent": "open(f'/proc/{parent}/environ', 'rb').read()",
    "read the memory of the parent": "open(f'/proc/{parent}/mem', 'rb')",
    "follow the parent as a debugger": "called(libc.ptrace(16, parent, 0, 0))",
    "copy from the parent's memory": "called(libc.process_vm_readv(parent, None, 0, None, 0, 0))",
    "end the parent": "os.kill(parent, 0)",
    "end a thread of the parent": "called(libc.syscall(tgkill, parent, parent, 0))",
    "let a pipe end the parent": "fcntl.fcntl(0, 8, parent)",
    "limit the parent": "resource.prlimit(parent, resource.RLIMIT_CPU)",
    "slow the parent down": "os.setpriority(os.PRIO_PROCESS, parent, 10)",
    "live on beside the parent": "called(libc.syscall(clone, 0x100 | 17, 0, 0, 0, 0))",
    "leave memory behind": "called(libc.shmget(0, 4096, 0o1666))",
    "close a file to others": "os.fchmod(os.open(__file__, os.O_RDONLY), 0)",
    "date a file back": "os.utime(__file__, (0, 0))",
    "call the runtime that hands out what comes next": "socket.create_connection(('127.0.0.1', 9001), 1)",
    "open a socket by its path": "socket.socket(socket.AF_UNIX)",
    "write to a socket of somebody else's": "socket.socketpair()[0].sendto(b'x', '/dev/log')",
    "start a program": "subprocess.run(['true'])",
    "live on in a child": "os.fork() or os._exit(0)",
    "leave a file behind": "open(sys.argv[1], 'w')",
    "write over a file": "open(__file__, 'r+')",
    "take a file away": "os.unlink(__file__)",
}
HOSTILE = """
import ctypes, fcntl, json, os, platform, resource, socket, subprocess, sys
from schoolsms.adapters.order_forms.sandbox import barrier
parent, libc = os.getppid(), ctypes.CDLL(None, use_errno=True)
tgkill, clone = {"aarch64": (131, 220)}.get(platform.machine(), (234, 56))
def called(result):
    if result < 0:
        raise OSError(ctypes.get_errno(), "call")
def outcome(attempt):
    try:
        eval(attempt)
    except OSError as error:
        return type(error).__name__
    return "done"
barrier.shut_in()
json.dump({name: outcome(attempt) for name, attempt in json.load(sys.stdin).items()}, sys.stdout)
"""
HARMLESS = {
    "read a file": "open(__file__).read()",
    "list a folder": "os.listdir('/')",
    "start a thread": "(lambda one: (one.start(), one.join()))(__import__('threading').Thread(target=int))",
    "take memory": "bytearray(10_000_000)",
    "run an event loop": "__import__('asyncio').run(__import__('asyncio').sleep(0))",
}


def outcomes(folder: Path, attempts: dict[str, str]) -> dict[str, str]:
    """Outcome of each attempt in a process started as `sandbox` does: as this user, root too, and confined."""
    script = folder / "hostile.py"
    script.write_text(HOSTILE)
    barrier.hide()
    ran = subprocess.run(
        [sys.executable, str(script), str(folder / "left behind")],
        input=json.dumps(attempts),
        env={"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, str] = json.loads(ran.stdout)
    return found


def test_a_reader_that_was_taken_over_harms_nobody(tmp_path: Path) -> None:
    found = outcomes(tmp_path, ATTEMPTS)
    assert found.keys() == ATTEMPTS.keys()
    assert [name for name, outcome in found.items() if (outcome == "PermissionError") != GUARDED] == []


def test_a_reader_still_reads(tmp_path: Path) -> None:
    assert outcomes(tmp_path, HARMLESS) == dict.fromkeys(HARMLESS, "done")


def test_a_document_is_not_called_unreadable_because_its_reader_could_not_be_shut_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is given again, and becomes a dead letter with an alarm at last: nothing is read unguarded, nothing lost."""
    script = tmp_path / "python"
    worker = "from schoolsms.adapters.order_forms.sandbox import barrier, worker\n"
    failing = "def refuse():\n    raise OSError\nbarrier.shut_in = refuse\nworker.main()\n"
    script.write_text(f"#!{sys.executable}\n{worker}{failing}")
    script.chmod(0o755)
    forms = FormsReadApart(b"a key of thirty-two bytes, or so.", "commande-sms@skolengo.test")
    issued = forms.issue(issued_form())
    monkeypatch.setattr(sys, "executable", str(script))
    with pytest.raises(TransientError):
        forms.identify(issued)


# ---------------------------------------------------------------- the filter of both machines, wherever tests run

ALLOWED, REFUSED, NOT_THERE, KILLED = 0x7FFF0000, 0x00050001, 0x00050026, 0x80000000
X86, ARM = ("x86_64", 0xC000003E), ("aarch64", 0xC00000B7)


def verdict(machine: tuple[str, int], number: int, *arguments: int, said: int | None = None) -> int:
    """Run the filter on a system call step by step, as linux/filter.h defines it, and return its verdict."""
    name, audited = machine
    data = struct.pack("IIQ6Q", number, audited if said is None else said, 0, *arguments, *[0] * (6 - len(arguments)))
    steps = list(barrier.program(name))
    loaded = at = 0
    while True:
        code, then, otherwise, value = struct.unpack("HBBI", steps[at])
        at += 1
        if code == 0x06:
            return int(value)
        if code == 0x20:
            (loaded,) = struct.unpack_from("I", data, value)
        else:
            met = {0x15: loaded == value, 0x35: loaded >= value, 0x45: bool(loaded & value)}[code]
            at += then if met else otherwise


@pytest.mark.parametrize(
    ("machine", "number", "arguments", "expected"),
    [
        pytest.param(X86, 0, (), ALLOWED, id="read on x86_64"),
        pytest.param(ARM, 63, (), ALLOWED, id="read on arm64"),
        pytest.param(X86, 41, (2, 1), REFUSED, id="socket on x86_64"),
        pytest.param(ARM, 198, (2, 1), REFUSED, id="socket on arm64"),
        pytest.param(ARM, 203, (), REFUSED, id="connect on arm64"),
        pytest.param(ARM, 206, (3, 0, 1, 0, 0), ALLOWED, id="send to the other end of a pair, on arm64"),
        pytest.param(ARM, 206, (3, 0, 1, 0, 0x7FFE1000), REFUSED, id="send to an address, on arm64"),
        pytest.param(X86, 44, (3, 0, 1, 0, 1 << 32), REFUSED, id="send to an address whose lower half is 0"),
        pytest.param(ARM, 117, (), REFUSED, id="ptrace on arm64"),
        pytest.param(ARM, 270, (), REFUSED, id="process_vm_readv on arm64"),
        pytest.param(ARM, 221, (), REFUSED, id="execve on arm64"),
        pytest.param(X86, 257, (0, 0, 0o2000000), ALLOWED, id="openat to read, on x86_64"),
        pytest.param(ARM, 56, (0, 0, 0o2000000), ALLOWED, id="openat to read, on arm64"),
        pytest.param(ARM, 56, (0, 0, 0o1101), REFUSED, id="openat to write, on arm64"),
        pytest.param(X86, 2, (0, 0o2), REFUSED, id="open to write, on x86_64"),
        pytest.param(X86, 56, (0x100 | 17,), REFUSED, id="clone of a process in the same memory, on x86_64"),
        pytest.param(ARM, 220, (0x100 | 17,), REFUSED, id="clone of a process in the same memory, on arm64"),
        pytest.param(ARM, 131, (7, 7, 9), REFUSED, id="tgkill on arm64"),
        pytest.param(ARM, 138, (7, 9), REFUSED, id="rt_sigqueueinfo on arm64"),
        pytest.param(ARM, 261, (7, 0), REFUSED, id="prlimit64 of another process, on arm64"),
        pytest.param(ARM, 261, (0, 3), ALLOWED, id="prlimit64 of its own, on arm64"),
        pytest.param(ARM, 25, (0, 10, 9), REFUSED, id="fcntl with F_SETSIG on arm64"),
        pytest.param(X86, 72, (0, 15), REFUSED, id="fcntl with F_SETOWN_EX on x86_64"),
        pytest.param(X86, 72, (3, 1030, 0), ALLOWED, id="fcntl with F_DUPFD_CLOEXEC on x86_64"),
        pytest.param(ARM, 220, (0x3D0F00,), ALLOWED, id="clone of a thread on arm64"),
        pytest.param(ARM, 220, (17,), REFUSED, id="clone of a process on arm64"),
        pytest.param(X86, 56, (0x1200011,), REFUSED, id="clone of a process on x86_64"),
        pytest.param(ARM, 435, (), NOT_THERE, id="clone3 on arm64"),
        pytest.param(X86, 425, (), NOT_THERE, id="io_uring_setup on x86_64"),
        pytest.param(X86, 0x40000000 + 41, (), REFUSED, id="socket by its other number, on x86_64"),
    ],
)
def test_a_call_is_refused_on_the_machine_of_lambda_as_here(
    machine: tuple[str, int], number: int, arguments: tuple[int, ...], expected: int
) -> None:
    """The numbers are those of asm/unistd.h of either machine."""
    assert verdict(machine, number, *arguments) == expected


def test_a_call_in_the_manner_of_another_machine_ends_the_reader() -> None:
    i386 = 0x40000003
    assert verdict(X86, 0, said=i386) == KILLED
