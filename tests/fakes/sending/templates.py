"""In-memory store of templates, under the conditions of `adapters/dynamodb/accounts/schools/templates.py`."""

from schoolsms.application.ports.core import Slice
from schoolsms.domain.sending.templates import StoredTemplate
from tests.fakes.slices import sliced


class FakeTemplates:
    def __init__(self, uai: str = "", *templates: StoredTemplate) -> None:
        self.known = {(uai, template.key): template for template in templates}

    def get(self, uai: str, key: str) -> StoredTemplate | None:
        return self.known.get((uai, key))

    def put(self, uai: str, template: StoredTemplate) -> bool:
        is_new = (uai, template.key) not in self.known
        self.known[uai, template.key] = template
        return is_new

    def delete(self, uai: str, key: str) -> bool:
        return self.known.pop((uai, key), None) is not None

    def of_school(self, uai: str, cursor: str | None) -> Slice[StoredTemplate]:
        found = [template for (school, _), template in sorted(self.known.items()) if school == uai]
        return sliced(found, lambda template: template.key, cursor)

    def count(self, uai: str) -> int:
        return sum(school == uai for school, _ in self.known)
