"""The wiring of schools, their accounts and the ends of their subscriptions."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from schoolsms import settings
from schoolsms.adapters.clock import SystemClock
from schoolsms.bootstrap import stores
from schoolsms.bootstrap.clients import client

if TYPE_CHECKING:
    from schoolsms.application.schools.audited_change import AuditedChange
    from schoolsms.application.schools.authorise_destinations import AuthoriseDestinations
    from schoolsms.application.schools.block_senders import BlockSenders
    from schoolsms.application.schools.forfeit_balances import ForfeitBalances
    from schoolsms.application.schools.give_formal_notice import GiveFormalNotice
    from schoolsms.application.schools.grant_integrations import GrantIntegrations
    from schoolsms.application.schools.keep_notified import KeepNotified
    from schoolsms.application.schools.read_accounts import ReadAccounts
    from schoolsms.application.schools.read_usage import ReadUsage
    from schoolsms.application.schools.register_school import RegisterSchool
    from schoolsms.application.schools.suspend_school import SuspendSchool
    from schoolsms.application.schools.view_school import ViewSchool
    from schoolsms.application.schools.warn_daily_limit import WarnDailyLimit
    from schoolsms.application.schools.warn_low_balance import WarnLowBalance


@cache
def register_school() -> RegisterSchool:
    from schoolsms.application.schools.register_school import RegisterSchool

    return RegisterSchool(stores.schools(), stores.school_acts(), SystemClock())


def _audited_change() -> AuditedChange:
    from schoolsms.application.schools.audited_change import AuditedChange

    return AuditedChange(stores.schools(), stores.school_acts(), SystemClock())


@cache
def suspend_school() -> SuspendSchool:
    from schoolsms.adapters.queues import SqsNoticeQueue
    from schoolsms.application.schools.suspend_school import SuspendSchool

    config = settings.OperatorApiSettings()
    return SuspendSchool(_audited_change(), SqsNoticeQueue(client("sqs"), config.notices_queue_url))


@cache
def give_formal_notice() -> GiveFormalNotice:
    from schoolsms.adapters.queues import SqsNoticeQueue
    from schoolsms.application.schools.give_formal_notice import GiveFormalNotice

    config = settings.OperatorApiSettings()
    return GiveFormalNotice(_audited_change(), SqsNoticeQueue(client("sqs"), config.notices_queue_url))


@cache
def authorise_destinations() -> AuthoriseDestinations:
    from schoolsms.application.schools.authorise_destinations import AuthoriseDestinations

    return AuthoriseDestinations(_audited_change())


@cache
def block_senders() -> BlockSenders:
    from schoolsms.application.schools.block_senders import BlockSenders

    return BlockSenders(_audited_change())


@cache
def keep_notified() -> KeepNotified:
    from schoolsms.adapters.queues import SqsNoticeQueue
    from schoolsms.application.schools.keep_notified import KeepNotified

    config = settings.KeepNotifiedSettings()
    return KeepNotified(_audited_change(), SqsNoticeQueue(client("sqs"), config.notices_queue_url))


@cache
def grant_integrations() -> GrantIntegrations:
    from schoolsms.application.schools.grant_integrations import GrantIntegrations

    return GrantIntegrations(_audited_change())


def integration_granted(uai: str, client_id: str) -> bool:
    """Return whether a machine client may act for a school now. Read each time, so that a revocation works at once."""
    return grant_integrations().granted(uai, client_id)


@cache
def read_accounts() -> ReadAccounts:
    from schoolsms.application.schools.read_accounts import ReadAccounts

    return ReadAccounts(stores.schools(), stores.ledger(), stores.orders(), SystemClock())


@cache
def view_school() -> ViewSchool:
    from schoolsms.application.schools.view_school import ViewSchool

    return ViewSchool(_audited_change())


@cache
def read_usage() -> ReadUsage:
    from schoolsms.application.schools.read_usage import ReadUsage

    return ReadUsage(stores.schools(), stores.ledger(), SystemClock())


@cache
def warn_low_balance() -> WarnLowBalance:
    from schoolsms.adapters.queues import SqsNoticeQueue
    from schoolsms.application.schools.warn_low_balance import WarnLowBalance

    config = settings.WarnLowBalanceSettings()
    return WarnLowBalance(
        requests=stores.send_requests(),
        schools=stores.schools(),
        ledger=stores.ledger(),
        notices=SqsNoticeQueue(client("sqs"), config.notices_queue_url),
    )


@cache
def warn_daily_limit() -> WarnDailyLimit:
    from schoolsms.adapters.queues import SqsNoticeQueue
    from schoolsms.application.schools.warn_daily_limit import WarnDailyLimit

    config = settings.WarnLowBalanceSettings()
    return WarnDailyLimit(
        requests=stores.send_requests(),
        schools=stores.schools(),
        ledger=stores.ledger(),
        notices=SqsNoticeQueue(client("sqs"), config.notices_queue_url),
        default_daily_limit=config.default_daily_limit,
    )


@cache
def forfeit_balances() -> ForfeitBalances:
    from schoolsms.adapters.queues import SqsNoticeQueue
    from schoolsms.application.schools.forfeit_balances import ForfeitBalances

    config = settings.ForfeitBalancesSettings()
    return ForfeitBalances(
        schools=stores.schools(),
        ledger=stores.ledger(),
        ends=stores.subscription_ends(),
        notices=SqsNoticeQueue(client("sqs"), config.notices_queue_url),
        clock=SystemClock(),
    )
