"""Port of the store of templates."""

from typing import Protocol

from schoolsms.application.ports.core import Slice
from schoolsms.domain.sending.templates import StoredTemplate


class Templates(Protocol):
    """The templates of each school, by `StoredTemplate.key`."""

    def get(self, uai: str, key: str) -> StoredTemplate | None: ...

    def put(self, uai: str, template: StoredTemplate) -> bool:
        """Create or replace it; whether it is new."""

    def delete(self, uai: str, key: str) -> bool:
        """Remove it; whether there was one."""

    def of_school(self, uai: str, cursor: str | None) -> Slice[StoredTemplate]:
        """By name."""

    def count(self, uai: str) -> int:
        """Return how many the school keeps."""
