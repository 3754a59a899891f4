"""The lists that the operator publishes, in the accounts table: apart from schools, which every function reads."""

from collections.abc import Sequence
from datetime import date

from schoolsms.adapters.dynamodb.accounts.orders.form_rows import pack_rows, packs_from_rows
from schoolsms.adapters.dynamodb.client.codec import Item
from schoolsms.adapters.dynamodb.client.table import TableStore
from schoolsms.domain.orders.packs import DEFAULT_PRICE_LIST, Pack


class DynamoPriceList(TableStore):
    """Implements the port `PriceList`: `PRICES` / `CURRENT`, else the price list that the service ships with."""

    def packs(self) -> tuple[Pack, ...]:
        item = self._table.get(_current("PRICES"))
        return packs_from_rows(item["packs"]) if item else DEFAULT_PRICE_LIST

    def publish(self, packs: tuple[Pack, ...]) -> None:
        self._table.put({**_current("PRICES"), "packs": pack_rows(packs)})


class DynamoClosures(TableStore):
    """Implements the port `Closures`: `CLOSURES` / `CURRENT`."""

    def days(self) -> frozenset[date]:
        item = self._table.get(_current("CLOSURES"))
        return frozenset(map(date.fromisoformat, item["days"])) if item else frozenset()

    def publish(self, days: frozenset[date]) -> None:
        self._table.put({**_current("CLOSURES"), "days": [day.isoformat() for day in sorted(days)]})


class DynamoTrustedSigners(TableStore):
    """Implements the port `TrustedSigners`: `TRUSTED_SIGNERS` / `CURRENT`; nobody until a list is published."""

    def certificates(self) -> tuple[str, ...]:
        item = self._table.get(_current("TRUSTED_SIGNERS"))
        return tuple(item["certificates"]) if item else ()

    def publish(self, certificates: Sequence[str]) -> None:
        self._table.put({**_current("TRUSTED_SIGNERS"), "certificates": list(certificates)})


def _current(name: str) -> Item:
    return {"pk": name, "sk": "CURRENT"}
