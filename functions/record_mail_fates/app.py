"""SES says what became of a mail: record it, and raise an alarm for an address that takes no mail any more."""

from collections.abc import Mapping
from typing import Any

from schoolsms import bootstrap
from schoolsms.observability import logger, process_batch, warn_with_metric


def record(record: Mapping[str, Any]) -> None:
    fate = bootstrap.mail_fate(record["body"])
    if fate is None:
        return
    marked = bootstrap.record_mail_fates().record(fate)
    logger.info("mail fate recorded", extra={"mail": fate.mail_id, "state": fate.state, "code": fate.code})
    if marked:
        warn_with_metric("an address takes no mail any more", "AddressesUnreachable", mail=fate.mail_id, code=fate.code)


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    return process_batch(event["Records"], record)
