"""Give a school all its proofs of consent as one file (§8, R44)."""

from dataclasses import dataclass

from schoolsms.application.consents.consents_csv import heading, rows
from schoolsms.application.ports.consents import ConsentFiles, ConsentRecords
from schoolsms.application.ports.core import Schools
from schoolsms.application.schools.callers_school import require_callers_school
from schoolsms.domain.orders.documents import Document
from schoolsms.domain.schools.access import Caller
from schoolsms.domain.schools.school_years import zone

INLINE_BYTES = 3_000_000
"""The longest file answered at once; in base64 it is well under the 6 MB of a Lambda's answer."""

CONTENT_TYPE = "text/csv; charset=utf-8"
FILENAME = "consentements-sms.csv"


@dataclass(frozen=True)
class ExportConsents:
    """Managers do, also once the school's service is terminated or its subscription has ended: the proof is theirs."""

    schools: Schools
    consents: ConsentRecords
    files: ConsentFiles

    def download(self, caller: Caller) -> Document:
        """The file, or an address for five minutes if it is long. Erased numbers are in none."""
        school = require_callers_school(self.schools, caller, "sms_manager")
        local = zone(school.calendar)
        content = heading() + b"".join(rows(record, local) for record in self.consents.all_of_school(school.uai))
        if len(content) <= INLINE_BYTES:
            return Document(CONTENT_TYPE, FILENAME, content)
        return Document(CONTENT_TYPE, FILENAME, url=self.files.keep(school.uai, content, CONTENT_TYPE, FILENAME))
