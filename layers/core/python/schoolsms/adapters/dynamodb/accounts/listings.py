"""The lists of the accounts table: `listing` of all schools, and `school_listing` of one. Both are a moment behind.

Items have `list_pk`, `school_list_pk` or both, and one `list_sk`. It ends with an id and so is unique in a
list: it alone is the cursor.
"""

from collections.abc import Callable
from typing import TypeVar

from schoolsms.adapters.dynamodb.client.codec import Item
from schoolsms.adapters.dynamodb.client.table import Table, bounded
from schoolsms.application.ports.core import Slice

T = TypeVar("T")

PAGE = 50


def listed(table: Table, partition: str, cursor: str | None, make: Callable[[Item], T]) -> Slice[T]:
    """Return a page of a list of all schools, oldest first."""
    after = bounded("list_pk", partition, "list_sk >", cursor)
    return table.query(*after, PAGE, index="listing").slice(make, "list_sk")


def listed_of_school(table: Table, partition: str, cursor: str | None, make: Callable[[Item], T]) -> Slice[T]:
    """Return a page of a list of one school, newest first."""
    before = bounded("school_list_pk", partition, "list_sk <", cursor)
    return table.query(*before, PAGE, index="school_listing", descending=True).slice(make, "list_sk")


def listed_between(table: Table, partition: str, first: str, last: str, make: Callable[[Item], T]) -> Slice[T]:
    """Return a page of what a list of all schools has from `first` to `last`, oldest first."""
    values = {"partition": partition, "first": first, "last": last}
    condition = "list_pk = :partition AND list_sk BETWEEN :first AND :last"
    return table.query(condition, values, PAGE, index="listing").slice(make, "list_sk")
