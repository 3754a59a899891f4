"""Find the same text to the same phone within ten minutes, which is a mistake unless it is confirmed (R25).

The instants at which they are due count, because the same reminder may be scheduled for several days at once.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from schoolsms.domain.sending.send_requests import Line

WITHIN = timedelta(minutes=10)
"""Distance of two due instants below which the same message is a mistake; at exactly ten minutes it is none."""

FINGERPRINT_BYTES = 8
"""Of 30,000 messages against a million others, one in a billion would be taken for another."""

_MOST_STARTED = 10


@dataclass(frozen=True)
class Fingerprints:
    """One for each line of a request, in order; `since`: none of them may be due after it, None: confirmed."""

    of_lines: Sequence[bytes]
    since: datetime | None


class AlreadySent(Exception):
    """Another request, due within ten minutes, has these fingerprints. Nothing was written."""

    def __init__(self, found: frozenset[bytes]) -> None:
        super().__init__(f"{len(found)} messages were sent a moment ago")
        self.found = found


def fingerprints(lines: Iterable[Line]) -> list[bytes]:
    """One hash for each line, of its text and its phone, which reveals neither."""
    started: dict[str, hashlib.blake2b] = {}
    made = []
    for line in lines:
        begun = started.get(line.text)
        if begun is None:
            if len(started) == _MOST_STARTED:
                text_and_phone = f"{line.text}\0{line.phone}".encode()
                made.append(hashlib.blake2b(text_and_phone, digest_size=FINGERPRINT_BYTES).digest())
                continue
            # A text of many is hashed once; one of each line would only fill the memory.
            begun = hashlib.blake2b(line.text.encode() + b"\0", digest_size=FINGERPRINT_BYTES)
            started[line.text] = begun
        each = begun.copy()
        each.update(line.phone.encode())
        made.append(each.digest())
    return made
