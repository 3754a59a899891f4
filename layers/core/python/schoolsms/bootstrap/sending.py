"""The wiring of send requests, their delivery and receipts, and of the templates and estimates before them."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING

from schoolsms import settings
from schoolsms.adapters.clock import FrenchHolidays, SystemClock
from schoolsms.bootstrap.history import keep_totals
from schoolsms.bootstrap.shared import stores
from schoolsms.bootstrap.shared.clients import client, map_concurrently
from schoolsms.bootstrap.shared.providers import providers, receipt_secret

if TYPE_CHECKING:
    from schoolsms.application.sending.accepting.accept_send_request import AcceptSendRequest
    from schoolsms.application.sending.accepting.cancel_send_request import CancelSendRequest
    from schoolsms.application.sending.accepting.estimate_cost import EstimateCost
    from schoolsms.application.sending.accepting.keep_templates import KeepTemplates
    from schoolsms.application.sending.accepting.recipient_lists import OpenRecipientList
    from schoolsms.application.sending.delivering.accept_receipts import AcceptReceipts
    from schoolsms.application.sending.delivering.count_outcomes import CountOutcomes
    from schoolsms.application.sending.delivering.dispatch_messages import DispatchMessages
    from schoolsms.application.sending.delivering.expire_messages import ExpireMessages
    from schoolsms.application.sending.delivering.queue_messages import QueueMessages
    from schoolsms.application.sending.delivering.record_receipts import RecordReceipts, SmsEvents
    from schoolsms.application.sending.delivering.start_delivery import StartDelivery


@cache
def keep_templates() -> KeepTemplates:
    from schoolsms.application.sending.accepting.keep_templates import KeepTemplates

    return KeepTemplates(stores.schools(), stores.templates(), SystemClock())


@cache
def open_recipient_list() -> OpenRecipientList:
    from schoolsms.application.sending.accepting.recipient_lists import OpenRecipientList

    config = settings.RecipientListsSettings()
    lists = stores.recipient_lists(config.recipient_lists_bucket)
    return OpenRecipientList(schools=stores.schools(), lists=lists, clock=SystemClock())


@cache
def estimate_cost() -> EstimateCost:
    from schoolsms.application.sending.accepting.estimate_cost import EstimateCost

    config = settings.EstimateCostSettings()
    return EstimateCost(
        schools=stores.schools(),
        consents=stores.consents(),
        templates=stores.templates(),
        lists=stores.recipient_lists(config.recipient_lists_bucket),
        holidays=FrenchHolidays(),
        clock=SystemClock(),
    )


@cache
def accept_send_request() -> AcceptSendRequest:
    from schoolsms.application.sending.accepting.accept_send_request import AcceptSendRequest

    config = settings.AcceptSendRequestSettings()
    return AcceptSendRequest(
        schools=stores.schools(),
        consents=stores.consents(),
        templates=stores.templates(),
        lists=stores.recipient_lists(config.recipient_lists_bucket),
        requests=stores.indexed_send_requests(),
        maintenance=stores.maintenance(),
        clock=SystemClock(),
        window=timedelta(seconds=config.delivery_window_seconds),
        default_daily_limit=config.default_daily_limit,
        key=stores.phones_key(),
    )


@cache
def cancel_send_request() -> CancelSendRequest:
    from schoolsms.application.sending.accepting.cancel_send_request import CancelSendRequest

    return CancelSendRequest(requests=stores.send_requests(), clock=SystemClock())


@cache
def start_delivery() -> StartDelivery:
    from schoolsms.adapters.step_functions import StepFunctionsDeliveries
    from schoolsms.application.sending.delivering.start_delivery import StartDelivery

    config = settings.StartDeliverySettings()
    return StartDelivery(
        requests=stores.send_requests(),
        deliveries=StepFunctionsDeliveries(client("stepfunctions"), config.delivery_machine_arn),
    )


@cache
def queue_messages() -> QueueMessages:
    from schoolsms.adapters.queues import SqsMessageQueue
    from schoolsms.application.sending.delivering.queue_messages import QueueMessages

    config = settings.QueueMessagesSettings()
    queue = SqsMessageQueue(client("sqs"), config.messages_queue_url)
    return QueueMessages(stores.send_requests(), queue, keep_totals())


@cache
def dispatch_messages() -> DispatchMessages:
    from schoolsms.adapters.queues import SqsMessageQueue
    from schoolsms.application.sending.delivering.dispatch_messages import DispatchMessages

    config = settings.DispatchMessagesSettings()
    return DispatchMessages(
        requests=stores.send_requests(),
        messages=stores.messages(),
        schools=stores.schools(),
        consents=stores.consents(),
        providers=providers(config),
        queue=SqsMessageQueue(client("sqs"), config.messages_queue_url),
        clock=SystemClock(),
        totals=keep_totals(),
        outcomes=_count_outcomes(),
        each=map_concurrently,
        turns=Lock,
    )


@cache
def expire_messages() -> ExpireMessages:
    from schoolsms.application.sending.delivering.expire_messages import ExpireMessages

    return ExpireMessages(
        requests=stores.send_requests(),
        messages=stores.messages(),
        providers=providers(settings.OutcomeSettings()),
        clock=SystemClock(),
        totals=keep_totals(),
        maintenance=stores.maintenance(),
    )


# ------------------------------------------------------------------ receipts


@cache
def accept_receipts() -> AcceptReceipts:
    from schoolsms.adapters.providers.registry import PARSERS
    from schoolsms.adapters.queues import SqsReceiptQueue
    from schoolsms.application.sending.delivering.accept_receipts import AcceptReceipts

    config = settings.AcceptReceiptsSettings()
    secret_of = receipt_secret(config.providers_secret)
    return AcceptReceipts(PARSERS, secret_of, SqsReceiptQueue(client("sqs"), config.receipts_queue_url))


@cache
def sms_events() -> SmsEvents:
    from schoolsms.adapters.providers.aws_codes import is_known, parse_event
    from schoolsms.application.sending.delivering.record_receipts import SmsEvents

    return SmsEvents(parse_event, is_known)


def _count_outcomes() -> CountOutcomes:
    from schoolsms.application.sending.delivering.count_outcomes import CountOutcomes

    return CountOutcomes(stores.provider_rates(), SystemClock())


@cache
def record_receipts() -> RecordReceipts:
    from schoolsms.application.sending.delivering.record_receipts import RecordReceipts

    return RecordReceipts(
        messages=stores.messages(),
        providers=providers(settings.OutcomeSettings()),
        clock=SystemClock(),
        totals=keep_totals(),
        outcomes=_count_outcomes(),
    )
