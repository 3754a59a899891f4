"""In-memory stand-in for the store of recipient lists."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from schoolsms.application.ports.recipient_lists import Upload


@dataclass
class FakeRecipientLists:
    stored: dict[tuple[str, str], bytes] = field(default_factory=dict)
    opened: int = 0

    def open(self, uai: str, now: datetime) -> Upload:
        self.opened += 1
        list_id = f"LIST{self.opened:010d}".translate(str.maketrans("0189", "ABCD"))
        return Upload(list_id, f"https://lists.test/{uai}/{list_id}", {}, now + timedelta(minutes=15))

    def put(self, uai: str, content: bytes, list_id: str = "LISTAAAAAAAAAA") -> str:
        """As the school uploads it; its id."""
        self.stored[uai, list_id] = content
        return list_id

    def read(self, uai: str, list_id: str) -> bytes | None:
        return self.stored.get((uai, list_id))

    def discard(self, uai: str, list_id: str) -> None:
        self.stored.pop((uai, list_id), None)
