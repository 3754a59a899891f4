"""Records of the operator's looks at a school: append-only, each with who, when and why (R2, R46).

They are not decisions: they change nothing of the school, and are many more, because each page of a list is one.
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Reading:
    """`id` sorts by time; `by` is the subject of the token. `searched`: names of the filters used, never their values,
    because the record outlives the numbers."""

    id: str
    at: datetime
    by: str
    by_email: str
    reason: str
    looked_at: str
    numbers_whole: bool = False
    searched: tuple[str, ...] = ()
