"""Export the history as a file: at once while it is small, otherwise made in parts and fetched later (R36).

A part is some mebibytes, whatever the history contains. After each part the export stores its position, so that the
next run continues there if a function dies. Of two runs at once, each makes its own file or begins again.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from schoolsms.application.history.history_csv import heading, rows
from schoolsms.application.history.read_send_requests import Look, Place, ReadSendRequests
from schoolsms.application.ports.core import Clock
from schoolsms.application.ports.history.exports import Export, ExportQueue, Exports, ExportSpoiled
from schoolsms.domain.errors import NotFoundError, TransientError
from schoolsms.domain.history.history_messages import HistorySearch
from schoolsms.domain.ids import random_id
from schoolsms.domain.schools.access import Caller
from schoolsms.domain.schools.school_years import zone
from schoolsms.domain.schools.schools import School
from schoolsms.domain.schools.support_contact import SupportContact

INLINE_BYTES = 3_000_000
"""The longest file answered at once; in base64 it is well under the 6 MB of a Lambda's answer."""

INLINE_LOOKS = 100
"""Most steps of the search: some seconds of the 29 that API Gateway waits."""

PART_BYTES = 6 * 1024 * 1024
RUN_FOR = timedelta(minutes=10)
"""Time of one run, of the 15 minutes that Lambda gives it."""


class _Gone(Exception):
    """The export was removed while it was made, because its year ended or a number was erased from the history."""


class _YearOver(Exception):
    """Its year ended meanwhile, and what is purged must not be handed out, not even half of it."""


@dataclass(frozen=True)
class ExportHistory:
    reading: ReadSendRequests
    exports: Exports
    queue: ExportQueue
    clock: Clock
    contact: SupportContact = SupportContact()

    def download(self, caller: Caller, search: HistorySearch) -> bytes | Export:
        """The whole file, or the export that was begun because there is more. Raises RefusedError."""
        uai = caller.require_school("sms_manager")
        school = self.reading.school(uai)
        content = bytearray(heading())
        looks = 0
        for look in self.reading.walk(uai, search, Place()):
            content += rows(look.found, zone(school.calendar), self.contact)
            looks += look.looks
            if len(content) > INLINE_BYTES or looks > INLINE_LOOKS:
                return self._begin(uai, self.reading.current_year(school), search)
        return bytes(content)

    def show(self, caller: Caller, export_id: str) -> tuple[Export, str | None]:
        """An export of the caller's school, and where its file is once it is ready."""
        uai = caller.require_school("sms_manager")
        export = self.exports.get(uai, export_id)
        if export is None or export.school_year != self.reading.current_year(self.reading.school(uai)):
            raise NotFoundError("Cet export n'existe pas, ou n'est plus gardé : demandez-en un nouveau.")
        if export.state != "ready":
            return export, None
        return export, self.exports.link(export, f"historique-sms-{export.school_year}.csv")

    def run(self, uai: str, export_id: str) -> Export | None:
        """Go on with an export; None if it is not there any more. Raises TransientError: to be run again."""
        export = self.exports.get(uai, export_id)
        if export is None or export.state != "running":
            return export
        try:
            return self._run(export)
        except _Gone:
            return None
        except _YearOver:
            # Remove the search too, which may name a number, because the purge may have been here already.
            failed = Export(export.id, uai, export.school_year, HistorySearch(), "failed")
            self.exports.save(failed)
            return failed
        except ExportSpoiled:
            if self.exports.get(uai, export_id) is None:
                return None  # removed with its upload
            self.exports.save(Export(export.id, uai, export.school_year, export.search))
            raise TransientError("an export is begun again") from None

    def _begin(self, uai: str, year: str, search: HistorySearch) -> Export:
        export = Export(random_id(), uai, year, search)
        self.exports.save(export)
        self.queue.export_due(uai, export.id)
        return export

    def _run(self, export: Export) -> Export:
        until = self.clock.now() + RUN_FOR
        school = self.reading.school(export.school)
        self._check_year(export, school)
        if not export.upload:
            export = replace(export, upload=self.exports.begin(export))
        content = bytearray(b"" if export.cursor else heading())
        rest, written = Place.read(export.cursor), export.rows
        for look in self._looks(export):
            content += rows(look.found, zone(school.calendar), self.contact)
            rest, written = look.after, written + len(look.found)
            if len(content) >= PART_BYTES:
                self._check_year(export, school)
                export = self._saved(export, content, rest, written)
                content.clear()
                if self.clock.now() >= until:
                    self.queue.export_due(export.school, export.id)
                    return export
        self._check_year(export, school)
        # Otherwise a run that died before the end left its small last part, after which S3 takes none, not even an
        # empty one.
        if content or not export.parts:
            export = self._saved(export, content, rest, written)
        self.exports.finish(export)
        export = replace(export, state="ready")
        self.exports.save(export)
        return export

    def _check_year(self, export: Export, school: School) -> None:
        if self.reading.current_year(school) != export.school_year:
            raise _YearOver

    def _looks(self, export: Export) -> Iterator[Look]:
        return self.reading.walk(export.school, export.search, Place.read(export.cursor), export.school_year)

    def _saved(self, export: Export, content: bytearray, rest: Place, written: int) -> Export:
        """One part more."""
        part = self.exports.add(export, bytes(content))
        if self.exports.get(export.school, export.id) is None:
            raise _Gone
        export = replace(export, parts=(*export.parts, part), cursor=str(rest), rows=written)
        self.exports.save(export)
        return export
