"""Employees of the operator who have an order before them that is to be decided (R12)."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Opening:
    """When a person last opened an order in review or a question. `by_email` is "" where the token had none."""

    by: str
    by_email: str
    at: datetime
