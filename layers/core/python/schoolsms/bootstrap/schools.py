"""The wiring of schools, their accounts and the ends of their subscriptions."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from schoolsms import settings
from schoolsms.adapters.clock import SystemClock
from schoolsms.bootstrap.shared import stores

if TYPE_CHECKING:
    from schoolsms.application.schools.decisions.audited_change import AuditedChange
    from schoolsms.application.schools.decisions.authorise_destinations import AuthoriseDestinations
    from schoolsms.application.schools.decisions.block_senders import BlockSenders
    from schoolsms.application.schools.decisions.give_formal_notice import GiveFormalNotice
    from schoolsms.application.schools.decisions.grant_integrations import GrantIntegrations
    from schoolsms.application.schools.decisions.read_acts import ReadActs
    from schoolsms.application.schools.decisions.suspend_school import SuspendSchool
    from schoolsms.application.schools.decisions.view_school import ViewSchool
    from schoolsms.application.schools.keep_notified import KeepNotified
    from schoolsms.application.schools.register_school import RegisterSchool
    from schoolsms.application.schools.stock.correct_stock import CorrectStock
    from schoolsms.application.schools.stock.find_packs import FindPacks
    from schoolsms.application.schools.stock.forfeit_balances import ForfeitBalances
    from schoolsms.application.schools.stock.read_accounts import ReadAccounts
    from schoolsms.application.schools.stock.read_outlook import ReadOutlook
    from schoolsms.application.schools.stock.read_packs import ReadPacks
    from schoolsms.application.schools.stock.read_usage import ReadUsage
    from schoolsms.application.schools.stock.warn_daily_limit import WarnDailyLimit
    from schoolsms.application.schools.stock.warn_low_balance import WarnLowBalance


@cache
def register_school() -> RegisterSchool:
    from schoolsms.application.schools.register_school import RegisterSchool

    return RegisterSchool(stores.schools(), stores.school_acts(), SystemClock())


def _audited_change() -> AuditedChange:
    from schoolsms.application.schools.decisions.audited_change import AuditedChange

    return AuditedChange(stores.schools(), stores.school_acts(), SystemClock())


@cache
def suspend_school() -> SuspendSchool:
    from schoolsms.application.schools.decisions.suspend_school import SuspendSchool

    return SuspendSchool(_audited_change(), stores.notice_queue())


@cache
def give_formal_notice() -> GiveFormalNotice:
    from schoolsms.application.schools.decisions.give_formal_notice import GiveFormalNotice

    return GiveFormalNotice(_audited_change(), stores.notice_queue())


@cache
def correct_stock() -> CorrectStock:
    from schoolsms.application.schools.stock.correct_stock import CorrectStock

    return CorrectStock(stores.schools(), stores.ledger(), stores.corrections(), stores.notice_queue(), SystemClock())


@cache
def authorise_destinations() -> AuthoriseDestinations:
    from schoolsms.application.schools.decisions.authorise_destinations import AuthoriseDestinations

    return AuthoriseDestinations(_audited_change())


@cache
def block_senders() -> BlockSenders:
    from schoolsms.application.schools.decisions.block_senders import BlockSenders

    return BlockSenders(_audited_change())


@cache
def keep_notified() -> KeepNotified:
    from schoolsms.application.schools.keep_notified import KeepNotified

    return KeepNotified(_audited_change(), stores.notice_queue(), stores.notices(), stores.sent_mails())


@cache
def grant_integrations() -> GrantIntegrations:
    from schoolsms.application.schools.decisions.grant_integrations import GrantIntegrations

    return GrantIntegrations(_audited_change())


def integration_granted(uai: str, client_id: str) -> bool:
    """Return whether a machine client may act for a school now. Read each time, so that a revocation works at once."""
    return grant_integrations().granted(uai, client_id)


@cache
def read_accounts() -> ReadAccounts:
    from schoolsms.application.schools.stock.read_accounts import ReadAccounts

    return ReadAccounts(
        schools=stores.schools(),
        ledger=stores.ledger(),
        orders=stores.orders(),
        clock=SystemClock(),
        packs=_find_packs(),
        maintenance=stores.maintenance(),
    )


@cache
def read_packs() -> ReadPacks:
    from schoolsms.application.schools.stock.read_packs import ReadPacks

    return ReadPacks(stores.schools(), stores.ledger(), _find_packs(), SystemClock())


@cache
def read_outlook() -> ReadOutlook:
    from schoolsms.adapters.clock import FrenchHolidays
    from schoolsms.application.schools.stock.read_outlook import ReadOutlook

    return ReadOutlook(stores.schools(), stores.ledger(), read_usage(), FrenchHolidays(), SystemClock())


def _find_packs() -> FindPacks:
    from schoolsms.application.schools.stock.find_packs import FindPacks

    return FindPacks(stores.ledger(), stores.orders(), stores.pack_checkpoints())


@cache
def view_school() -> ViewSchool:
    from schoolsms.application.schools.decisions.view_school import ViewSchool

    return ViewSchool(stores.schools(), stores.school_readings(), SystemClock())


@cache
def read_acts() -> ReadActs:
    from schoolsms.application.schools.decisions.read_acts import ReadActs

    return ReadActs(stores.schools(), stores.school_acts(), stores.school_readings())


@cache
def read_usage() -> ReadUsage:
    from schoolsms.application.schools.stock.read_usage import ReadUsage

    return ReadUsage(stores.schools(), stores.ledger(), SystemClock())


@cache
def warn_low_balance() -> WarnLowBalance:
    from schoolsms.application.schools.stock.warn_low_balance import WarnLowBalance

    return WarnLowBalance(
        requests=stores.send_requests(),
        schools=stores.schools(),
        ledger=stores.ledger(),
        notices=stores.notice_queue(),
    )


@cache
def warn_daily_limit() -> WarnDailyLimit:
    from schoolsms.application.schools.stock.warn_daily_limit import WarnDailyLimit

    config = settings.DailyLimitSettings()
    return WarnDailyLimit(
        requests=stores.send_requests(),
        schools=stores.schools(),
        ledger=stores.ledger(),
        notices=stores.notice_queue(),
        default_daily_limit=config.default_daily_limit,
    )


@cache
def forfeit_balances() -> ForfeitBalances:
    from schoolsms.application.schools.stock.forfeit_balances import ForfeitBalances

    return ForfeitBalances(
        schools=stores.schools(),
        ledger=stores.ledger(),
        ends=stores.subscription_ends(),
        notices=stores.notice_queue(),
        clock=SystemClock(),
        maintenance=stores.maintenance(),
    )
