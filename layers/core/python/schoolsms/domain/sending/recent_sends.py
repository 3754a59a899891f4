"""Find the same text to the same phone within ten minutes, which is a mistake unless it is confirmed (R25).

The instants at which they are due count, because the same reminder may be scheduled for several days at once.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from schoolsms.domain.sending.send_requests import Line

WITHIN = timedelta(minutes=10)
"""Distance of two due instants below which the same message is a mistake; at exactly ten minutes it is none."""

FINGERPRINT_BYTES = 8
"""Of 30,000 messages against a million others, one in a billion would be taken for another."""


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


def fingerprints(lines: Sequence[Line]) -> list[bytes]:
    """One hash for each line, of its text and its phone, which reveals neither."""
    blank = hashlib.blake2b(digest_size=FINGERPRINT_BYTES)
    # Without variables all lines have one text, which is hashed once.
    shared = lines[0].text if lines else ""
    begun = blank.copy()
    begun.update(f"{shared}\0".encode())
    made = []
    for line in lines:
        if line.text == shared:
            each = begun.copy()
            each.update(line.phone.encode())
        else:
            each = blank.copy()
            each.update(f"{line.text}\0{line.phone}".encode())
        made.append(each.digest())
    return made
