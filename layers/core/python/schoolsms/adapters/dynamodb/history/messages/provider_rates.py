"""Outcomes of handoffs and receipts by hour and provider in the history table: `RATES` / `<hour>#<provider>`."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import get_args

from schoolsms.adapters.dynamodb.client.codec import epoch, instant, iso
from schoolsms.adapters.dynamodb.client.table import TableStore
from schoolsms.application.ports.history.provider_rates import HourOfProvider, Outcome

KEPT = timedelta(days=3)


class DynamoProviderRates(TableStore):
    """Implements the port `ProviderRates`."""

    def count(self, at: datetime, provider: str, outcomes: Mapping[Outcome, int]) -> None:
        added = ", ".join(f"#{outcome} :{outcome}" for outcome in outcomes)
        hour = at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        self._table.update(
            {"pk": "RATES", "sk": f"{iso(hour)}#{provider}"},
            f"SET purge_at = :purge_at ADD {added}",
            values={"purge_at": epoch(hour + KEPT)} | {str(outcome): count for outcome, count in outcomes.items()},
        )

    def since(self, begin: datetime) -> Sequence[HourOfProvider]:
        found = self._table.query_all("pk = :pk AND sk >= :begin", {"pk": "RATES", "begin": iso(begin)})
        return [
            HourOfProvider(
                item["sk"].partition("#")[2],
                instant(item["sk"].partition("#")[0]),
                {outcome: item[outcome] for outcome in get_args(Outcome) if outcome in item},
            )
            for item in found
        ]
