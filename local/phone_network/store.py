"""Storage of the simulated phone network over a restart: two append-only files of JSON lines.

`network.jsonl` has every SMS taken and how many of its receipts went out, `phones.jsonl` what reached a
phone. A line is flushed, not synced: a crash of the machine may lose some, a crash of the process does not.
"""

import json
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from local.machine.state_files import refusing
from local.phone_network.rules import count, rule_for

ADVICE = "move it away to go on with a phone network that has forgotten what it took"


@dataclass
class Sms:
    """One SMS that the network took. `tag` is the sender's own id; `provider` who handed it over."""

    id: int
    provider: str
    phone: str
    text: str
    sender: str | None
    coding: str | None
    tag: str
    taken_at: str
    context: dict[str, str] = field(default_factory=dict)
    arrived: bool = False
    receipts_sent: int = 0

    @property
    def is_settled(self) -> bool:
        rule = rule_for(self.phone)
        return self.arrived == rule.arrives and self.receipts_sent >= len(rule.receipts)


class Store:
    """Reads the files of `state_dir` when made. For one process and one thread."""

    def __init__(self, state_dir: Path) -> None:
        state_dir.mkdir(parents=True, exist_ok=True)
        self._sms: dict[int, Sms] = {}
        self._by_tag: defaultdict[str, list[int]] = defaultdict(list)
        self._phones: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
        self._load(state_dir)
        # Ids start from the time: a network that forgot its past repeats none that a database still has.
        self._next_id = max([int(time.time() * 1000), *self._sms]) + 1
        self._network_file = _Lines(state_dir / "network.jsonl")
        self._phones_file = _Lines(state_dir / "phones.jsonl")

    def close(self) -> None:
        self._network_file.close()
        self._phones_file.close()

    def take(
        self,
        provider: str,
        phone: str,
        text: str,
        sender: str | None,
        coding: str | None,
        tag: str,
        context: dict[str, str] | None = None,
    ) -> Sms:
        sms = Sms(self._next_id, provider, phone, text, sender, coding, tag, utc_now(), context or {})
        self._next_id += 1
        self._remember(sms)
        self._network_file.append(asdict(sms))
        return sms

    def arrive(self, sms: Sms) -> None:
        """`sms` reached its phone."""
        encoding, parts = count(sms.text, sms.coding)
        sms.arrived = True
        shown = {
            "text": sms.text,
            "sender": sms.sender,
            "provider": sms.provider,
            "encoding": encoding,
            "parts": parts,
            "received_at": utc_now(),
        }
        self._phones[sms.phone].append(shown)
        self._phones_file.append({"id": sms.id, "phone": sms.phone} | shown)

    def receipt_sent(self, sms: Sms) -> None:
        """One more receipt of `sms` went out, or was given up."""
        sms.receipts_sent += 1
        self._network_file.append({"id": sms.id, "receipts_sent": sms.receipts_sent})

    def find(self, identity: int) -> Sms | None:
        return self._sms.get(identity)

    def find_by_tag(self, tag: str) -> list[Sms]:
        return [self._sms[identity] for identity in self._by_tag.get(tag, ())]

    def phone(self, phone: str) -> list[dict[str, Any]]:
        return [dict(shown) for shown in self._phones.get(phone, ())]

    def phones(self) -> dict[str, list[dict[str, Any]]]:
        """Return the messages of every phone that something reached."""
        return {phone: self.phone(phone) for phone, shown in self._phones.items() if shown}

    def unsettled(self) -> list[Sms]:
        """Return the SMS that still have to arrive or to be reported."""
        return [sms for sms in self._sms.values() if not sms.is_settled]

    def _remember(self, sms: Sms) -> None:
        self._sms[sms.id] = sms
        self._by_tag[sms.tag].append(sms.id)

    def _load(self, state_dir: Path) -> None:
        path = state_dir / "network.jsonl"
        with refusing(path, ADVICE):
            for line in _read(path):
                if "text" in line:
                    self._remember(Sms(**line))
                elif line["id"] in self._sms:
                    self._sms[line["id"]].receipts_sent = line["receipts_sent"]
        path = state_dir / "phones.jsonl"
        with refusing(path, ADVICE):
            for line in _read(path):
                phone, identity = line.pop("phone"), line.pop("id")
                self._phones[phone].append(line)
                if identity in self._sms:
                    self._sms[identity].arrived = True


class _Lines:
    def __init__(self, path: Path) -> None:
        torn = path.exists() and not path.read_bytes().endswith(b"\n") and path.stat().st_size > 0
        self._file = path.open("a", encoding="utf-8")
        if torn:
            self._file.write("\n")

    def append(self, line: dict[str, Any]) -> None:
        self._file.write(json.dumps(line) + "\n")
        self._file.flush()

    def close(self) -> None:
        self._file.close()


def _read(path: Path) -> Iterator[dict[str, Any]]:
    lines: Iterable[str] = path.read_text(encoding="utf-8").splitlines() if path.exists() else ()
    for line in lines:
        try:
            yield json.loads(line)
        except ValueError:
            continue  # torn by a kill in the middle of a write


def utc_now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
