"""What managers were told about the end of their subscription: attributes of `SCHOOL#<uai>` / `PROFILE` (R17).

`warned_end` and `warned_days` name the last warning; `untold_forfeiture` is the id of an entry, written with it in one
transaction and taken away once its mail is queued. A registration leaves all of them as they are.
"""

from datetime import date
from typing import TYPE_CHECKING, Any

from schoolsms.adapters.dynamodb.client.items import ConditionFailed, Item, to_wire, translated
from schoolsms.domain.schools.schools import School
from schoolsms.domain.schools.subscription_ends import Warned

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef


class DynamoSubscriptionEnds:
    """Implements the port `SubscriptionEnds`."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def warned(self, uai: str, warned: Warned) -> None:
        with translated():
            self._client.update_item(
                TableName=self._table,
                Key=to_wire(_profile(uai)),
                UpdateExpression="SET warned_end = :end, warned_days = :days",
                ConditionExpression="attribute_exists(pk)",
                ExpressionAttributeValues=to_wire({":end": warned.end.isoformat(), ":days": warned.days}),
            )

    def told(self, uai: str, entry_id: str) -> None:
        try:
            with translated():
                self._client.update_item(
                    TableName=self._table,
                    Key=to_wire(_profile(uai)),
                    UpdateExpression="REMOVE untold_forfeiture",
                    ConditionExpression="untold_forfeiture = :entry",
                    ExpressionAttributeValues=to_wire({":entry": entry_id}),
                )
        except ConditionFailed:
            return  # another run told it


def ended_as_read(table: str, school: School, entry_id: str) -> "TransactWriteItemTypeDef":
    """Beside the entry of a forfeiture: the end still stands, and managers are to be told."""
    return {
        "Update": {
            "TableName": table,
            "Key": to_wire(_profile(school.uai)),
            "UpdateExpression": "SET untold_forfeiture = :entry",
            "ConditionExpression": (
                "subscription_end = :end AND calendar = :calendar AND attribute_not_exists(untold_forfeiture)"
            ),
            "ExpressionAttributeValues": to_wire(
                {":entry": entry_id, ":end": school.subscription_end.isoformat(), ":calendar": school.calendar}
            ),
        }
    }


def ends_from(item: Item) -> dict[str, Any]:
    """What was written here, as arguments of a School."""
    end = item.get("warned_end")
    return {
        "warned": Warned(date.fromisoformat(end), item["warned_days"]) if end else None,
        "untold_forfeiture": item.get("untold_forfeiture", ""),
    }


def _profile(uai: str) -> Item:
    return {"pk": f"SCHOOL#{uai}", "sk": "PROFILE"}
