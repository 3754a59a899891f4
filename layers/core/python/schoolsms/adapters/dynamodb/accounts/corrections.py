"""Corrections of stocks in the accounts table (R18).

`CORRECTION#<id>` / `CORRECTION` holds one, with its state. It is written in one transaction with the school's act, and
when it is confirmed with the ledger entry as well, on the condition that nobody decided it before.
"""

import re

from schoolsms.adapters.dynamodb.accounts.ledger import DynamoLedger
from schoolsms.adapters.dynamodb.accounts.listings import listed, listed_of_school
from schoolsms.adapters.dynamodb.accounts.schools.school_changes import act_writes
from schoolsms.adapters.dynamodb.client.codec import Item, instant, iso
from schoolsms.adapters.dynamodb.client.table import NEW, Table, TableStore, Write, assignments, validated_cursor
from schoolsms.application.ports.core import Slice
from schoolsms.domain.schools.decisions.school_acts import Act
from schoolsms.domain.schools.schools import School
from schoolsms.domain.schools.stock.corrections import Correction, Proposal, Step
from schoolsms.domain.schools.stock.ledger import Balance, Entry, Posting
from schoolsms.domain.schools.stock.ledger_causes import Cause

_CURSOR = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z#[A-Z2-7]{14}")


class DynamoCorrections(TableStore):
    """Implements the port `Corrections`."""

    def __init__(self, table: Table, ledger: DynamoLedger) -> None:
        super().__init__(table)
        self._ledger = ledger

    def get(self, correction_id: str) -> Correction | None:
        item = self._table.get(_key(correction_id))
        return _correction(item) if item else None

    def propose(self, correction: Correction, school: School, act: Act) -> bool:
        writes = [self._table.to_put(_item(correction), NEW), *act_writes(self._table, school, act)]
        return self._table.try_transaction(writes) is None

    def confirm(self, correction: Correction, step: Step, school: School, act: Act) -> Correction | None:
        def posting(balance: Balance) -> Posting:
            return correction.confirmed(balance, step).posting()

        def beside(before: Balance) -> list[Write]:
            return [self._decide(correction.confirmed(before, step)), *act_writes(self._table, school, act)]

        entry: Entry | None = self._ledger.correct(school.uai, posting, beside)
        return self.get(correction.id) if entry else None

    def refuse(self, correction: Correction, school: School, act: Act) -> bool:
        writes = [self._decide(correction), *act_writes(self._table, school, act)]
        return self._table.try_transaction(writes) is None

    def of_school(self, uai: str, cursor: str | None) -> Slice[Correction]:
        return listed_of_school(self._table, f"CORRECTIONS#{uai}", validated_cursor(cursor, _CURSOR), _correction)

    def waiting(self, cursor: str | None) -> Slice[Correction]:
        return listed(self._table, "CORRECTIONS#proposed", validated_cursor(cursor, _CURSOR), _correction)

    def _decide(self, correction: Correction) -> Write:
        changes: Item = {
            "state": correction.state,
            "list_pk": f"CORRECTIONS#{correction.state}",
            "decided": _step_item(correction.decided) if correction.decided else None,
            "applied_sms": correction.applied_sms,
        }
        values = changes | {"before": "proposed"}
        return self._table.to_update(_key(correction.id), assignments(changes), "#state = :before", values)


def _key(correction_id: str) -> Item:
    return {"pk": f"CORRECTION#{correction_id}", "sk": "CORRECTION"}


def _item(correction: Correction) -> Item:
    corrects = correction.proposal.corrects
    return {
        **_key(correction.id),
        "list_pk": f"CORRECTIONS#{correction.state}",
        "list_sk": f"{iso(correction.proposed.at)}#{correction.id}",
        "school_list_pk": f"CORRECTIONS#{correction.school}",
        "school": correction.school,
        "sms": correction.proposal.sms,
        "reason": correction.proposal.reason,
        "corrects": {"type": corrects.type, "id": corrects.id} if corrects else None,
        "proposed": _step_item(correction.proposed),
        "state": correction.state,
    }


def _correction(item: Item) -> Correction:
    corrects, decided = item["corrects"], item.get("decided")
    return Correction(
        id=item["pk"].removeprefix("CORRECTION#"),
        school=item["school"],
        proposal=Proposal(item["sms"], item["reason"], Cause(corrects["type"], corrects["id"]) if corrects else None),
        proposed=_step(item["proposed"]),
        state=item["state"],
        decided=_step(decided) if decided else None,
        applied_sms=item.get("applied_sms", 0),
    )


def _step_item(step: Step) -> Item:
    return {"by": step.by, "by_email": step.by_email, "at": iso(step.at), "act": step.act, "reason": step.reason}


def _step(item: Item) -> Step:
    return Step(item["by"], item["by_email"], instant(item["at"]), item["act"], item["reason"])
