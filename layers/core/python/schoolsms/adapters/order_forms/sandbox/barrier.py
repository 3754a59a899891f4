"""Shuts a document's reader in, even when the document has taken it over (R47).

Lambda runs parent and child as one user, without a way to become another, and its kernel can only be asked to refuse
calls: so the parent hides from its own user, and the child gives up, for good, all calls but those of reading a file
and computing. Only on Linux on x86_64 and arm64; elsewhere, where the service runs for trial, nothing is refused.
"""

import ctypes
import os
import platform
import struct
import sys
from collections.abc import Iterator, Sequence
from functools import cache

# A seccomp filter, as linux/seccomp.h and linux/filter.h have it.
_LOAD, _JUMP_EQUAL, _JUMP_ABOVE, _JUMP_BITS, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _MACHINE = 0, 4  # where a call's number and its machine are, in bytes
_ARGUMENTS = (16, 24, 32, 40, 48)  # and where the words of its arguments begin, the lower one first
_ALLOW, _REFUSE, _UNKNOWN, _KILL = 0x7FFF0000, 0x00050000 | 1, 0x00050000 | 38, 0x80000000  # EPERM, ENOSYS
_SET_DUMPABLE, _SET_SECCOMP, _SET_NO_NEW_PRIVILEGES = 4, 22, 38
_WRITING = 0o1 | 0o2 | 0o100 | 0o1000  # O_WRONLY, O_RDWR, O_CREAT, O_TRUNC
_THREAD = 0x10000  # CLONE_THREAD: ends with its process, unlike a process that only shares its memory
_SIGNALLING = 8  # a bit of F_SETOWN, F_SETSIG and F_SETOWN_EX: a pipe would send any signal to any process

_MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
"""The column of `_REFUSED`, and how the kernel names the machine."""

_REFUSED = {
    # the network: the runtime's own address hands out what comes next, and credentials
    **{"socket": (41, 198), "connect": (42, 203), "bind": (49, 200), "listen": (50, 201)},
    **{"accept": (43, 202), "accept4": (288, 242), "sendmsg": (46, 211), "sendmmsg": (307, 269)},
    # other processes
    **{"ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kill": (62, 129)},
    **{"pidfd_open": (434, 434), "pidfd_getfd": (438, 438), "pidfd_send_signal": (424, 424), "kcmp": (312, 272)},
    **{"execve": (59, 221), "execveat": (322, 281), "fork": (57, None), "vfork": (58, None), "tkill": (200, 130)},
    **{"tgkill": (234, 131), "rt_sigqueueinfo": (129, 138), "rt_tgsigqueueinfo": (297, 240)},
    # how much of the machine they get
    **{
        "setpriority": (141, 140),
        "ioprio_set": (251, 30),
        "sched_setaffinity": (203, 122),
        "sched_setattr": (314, 274),
    },
    **{"sched_setscheduler": (144, 119), "sched_setparam": (142, 118), "process_madvise": (440, 440)},
    **{"migrate_pages": (256, 238), "move_pages": (279, 239), "process_mrelease": (448, 448)},
    # memory and queues that outlive the process
    **{"shmget": (29, 194), "shmat": (30, 196), "shmctl": (31, 195), "semget": (64, 190), "semctl": (66, 191)},
    **{"msgget": (68, 186), "msgctl": (71, 187), "mq_open": (240, 180), "mq_unlink": (241, 181)},
    # files, but for reading them
    **{"creat": (85, None), "truncate": (76, 45), "unlink": (87, None), "unlinkat": (263, 35), "rmdir": (84, None)},
    **{"rename": (82, None), "renameat": (264, 38), "renameat2": (316, 276), "mkdir": (83, None), "mkdirat": (258, 34)},
    **{"link": (86, None), "linkat": (265, 37), "symlink": (88, None), "symlinkat": (266, 36), "mknod": (133, None)},
    **{"mknodat": (259, 33), "chmod": (90, None), "fchmodat": (268, 53), "chown": (92, None), "fchownat": (260, 54)},
    **{"fchmod": (91, 52), "fchmodat2": (452, 452), "fchown": (93, 55), "lchown": (94, None), "utime": (132, None)},
    **{"utimes": (235, None), "futimesat": (261, None), "utimensat": (280, 88), "setxattr": (188, 5)},
    **{"lsetxattr": (189, 6), "fsetxattr": (190, 7), "removexattr": (197, 14), "lremovexattr": (198, 15)},
    **{"fremovexattr": (199, 16), "setxattrat": (463, 463), "removexattrat": (466, 466)},
    # the kernel's larger doors
    **{"unshare": (272, 97), "setns": (308, 268), "mount": (165, 40), "bpf": (321, 280), "keyctl": (250, 219)},
    **{"add_key": (248, 217), "request_key": (249, 218), "perf_event_open": (298, 241), "userfaultfd": (323, 282)},
}
"""Calls that are refused (EPERM), by their numbers on x86_64 and on arm64."""

_NOT_THERE = {"clone3": (435, 435), "openat2": (437, 437), "io_uring_setup": (425, 425)}
"""Calls whose arguments a filter does not see: programs do without, as on kernels that lack them (ENOSYS)."""


@cache
def hide() -> None:
    """Keep processes of this user from reading this process's memory and environment; for good. Not on macOS."""
    if sys.platform == "linux":
        _prctl(_SET_DUMPABLE, 0)


def shut_in() -> None:
    """Give up, for this process and for good: network, other processes, writing. Raises OSError where that fails."""
    if sys.platform != "linux" or platform.machine() not in _MACHINES:
        return
    _prctl(_SET_NO_NEW_PRIVILEGES, 1)
    if os.geteuid() == 0:
        _give_up_capabilities()
    steps = list(program(platform.machine()))
    kept = ctypes.create_string_buffer(b"".join(steps))
    header = struct.pack("HxxxxxxP", len(steps), ctypes.addressof(kept))
    _prctl(_SET_SECCOMP, 2, ctypes.c_char_p(header))


def _give_up_capabilities() -> None:
    """Root without any is a user like others, who may read what is root's own."""
    header = struct.pack("Ii", 0x20080522, 0)
    if _libc().capset(ctypes.c_char_p(header), ctypes.c_char_p(bytes(24))):
        raise OSError(ctypes.get_errno(), "capset")


def program(machine: str) -> Iterator[bytes]:
    """The filter, instruction by instruction: each call by its number, refused, looked at or allowed."""
    column, audited = _MACHINES[machine]
    yield _step(_LOAD, _MACHINE)
    yield _step(_JUMP_EQUAL, audited, then=1)
    yield _step(_RETURN, _KILL)
    yield _step(_LOAD, _NUMBER)
    yield _step(_JUMP_ABOVE, 0x40000000, otherwise=1)  # the same calls under other numbers, on x86_64
    yield _step(_RETURN, _REFUSE)
    for calls, answer in ((_REFUSED, _REFUSE), (_NOT_THERE, _UNKNOWN)):
        for number in (numbers[column] for numbers in calls.values()):
            if number is not None:
                yield _step(_JUMP_EQUAL, number, otherwise=1)
                yield _step(_RETURN, answer)
    yield from _looked_at((257, 56)[column], [_ARGUMENTS[2]], _WRITING, refused=True)  # openat
    if column == 0:
        yield from _looked_at(2, [_ARGUMENTS[1]], _WRITING, refused=True)  # open
    # sendto an address: without one it goes to the other end of a pair, which an event loop wakes itself by
    address = _ARGUMENTS[4]
    yield from _looked_at((44, 206)[column], [address, address + 4], 0xFFFFFFFF, refused=True)
    yield from _looked_at((56, 220)[column], [_ARGUMENTS[0]], _THREAD, refused=False)  # clone
    yield from _looked_at((72, 25)[column], [_ARGUMENTS[1]], _SIGNALLING, refused=True)  # fcntl
    yield from _looked_at((302, 261)[column], [_ARGUMENTS[0]], 0xFFFFFFFF, refused=True)  # prlimit64 of others
    yield _step(_RETURN, _ALLOW)


def _looked_at(number: int, words: Sequence[int], bits: int, *, refused: bool) -> Iterator[bytes]:
    """Refuse the call if one of these words of its arguments has any of the bits; without `refused`, if it has none."""
    yield _step(_JUMP_EQUAL, number, otherwise=3 * len(words) + 1)
    for word in words:
        yield _step(_LOAD, word)
        yield _step(_JUMP_BITS, bits, then=0 if refused else 1, otherwise=1 if refused else 0)
        yield _step(_RETURN, _REFUSE)
    yield _step(_RETURN, _ALLOW)


def _step(code: int, value: int, *, then: int = 0, otherwise: int = 0) -> bytes:
    """One instruction; `then` and `otherwise` are how many are passed over after a comparison."""
    return struct.pack("HBBI", code, then, otherwise, value)


def _prctl(option: int, *arguments: object) -> None:
    taken = [ctypes.c_ulong(each) if isinstance(each, int) else each for each in (*arguments, 0, 0, 0, 0)[:4]]
    if _libc().prctl(option, *taken):
        raise OSError(ctypes.get_errno(), "prctl", option)


@cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
