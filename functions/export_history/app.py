"""An export of the history is too long to be answered at once: make it."""

from collections.abc import Mapping
from typing import Any

from schoolsms import bootstrap
from schoolsms.observability import logger, process_batch
from schoolsms.queue_messages import ExportDue


def go_on(record: Mapping[str, Any]) -> None:
    due = ExportDue.from_json(record["body"])
    export = bootstrap.export_history().run(due.school, due.export_id)
    logger.info(
        "export went on",
        extra={
            "school": due.school,
            "export": due.export_id,
            "state": export.state if export else "gone",
            "rows": export.rows if export else 0,
        },
    )


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    return process_batch(event["Records"], go_on)
