"""The report of a soak, as it is printed and kept."""

import statistics
from collections.abc import Iterator, Mapping, Sequence

from tests.soak.gauge import CLOUD, FUNCTION, LAUNCHER, Sample

ROWS = 12


def table(samples: Sequence[Sample]) -> Iterator[str]:
    """Yield a dozen of the samples, evenly over time."""
    yield "   min     SMS  functions  MiB each  launcher MiB  cloud MiB  files  data MiB  logs MiB"
    step = max(1, len(samples) // ROWS)
    for each in samples[::step]:
        mib = {kind: each.kib.get(kind, 0) / 1024 for kind in (FUNCTION, LAUNCHER, CLOUD)}
        yield (
            f"{each.seconds / 60:6.1f}  {each.messages:6}  {each.functions:9}  {mib[FUNCTION]:8.1f}"
            f"  {mib[LAUNCHER]:12.1f}  {mib[CLOUD]:9.1f}  {max(each.files.values(), default=0):5}"
            f"  {each.data_kib / 1024:8.1f}  {each.other_kib / 1024:8.1f}"
        )


def growth(samples: Sequence[Sample], warm_seconds: float) -> Iterator[str]:
    """Yield what the later half has more than the first, once the stack is warm."""
    warm = [each for each in samples if each.seconds >= warm_seconds]
    first, last = warm[: len(warm) // 2], warm[len(warm) // 2 :]
    if not first:
        return
    medians = [statistics.median(each.kib.get(FUNCTION, 0) for each in half) / 1024 for half in (first, last)]
    yield f"largest function, each half after {warm_seconds / 60:g} min: {medians[0]:.1f}, {medians[1]:.1f} MiB"
    sent = max(1, last[-1].messages - first[0].messages)
    for kind in (LAUNCHER, CLOUD):
        grown = last[-1].kib.get(kind, 0) - first[0].kib.get(kind, 0)
        yield f"{kind}, for each SMS that it keeps: {grown / sent:.1f} KiB of memory"
    yield f"data on disk for each SMS: {(last[-1].data_kib - first[0].data_kib) / sent:.1f} KiB"


def counted(counts: Mapping[object, int]) -> str:
    """Counts on one line, by name."""
    return (
        ", ".join(f"{name} {count}" for name, count in sorted(counts.items(), key=lambda each: str(each[0]))) or "none"
    )
