"""Every night, in steps: what the ledgers, requests, invoices and numbers of all schools say against each other."""

from typing import Any

from schoolsms import bootstrap
from schoolsms.observability import logger, publish_metrics, redact_exceptions

MOST_LOGGED = 100
"""Findings that one step names; `make audit` names all."""


@redact_exceptions
def handler(event: dict[str, Any], context: object) -> None:
    audited = bootstrap.audit_accounts().continue_tonight()
    publish_metrics(AuditFindings=len(audited.findings))
    for found in audited.findings[:MOST_LOGGED]:
        logger.error("something does not add up", extra={"code": found.code, "school": found.school, "id": found.id})
    logger.info(
        "accounts audited",
        extra={
            "schools": audited.schools,
            "findings": len(audited.findings),
            "failed": audited.failed,
            "done": audited.done,
        },
    )
    audited.check()
