from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from schoolsms.application.orders.issue_order_form import IssueOrderForm
from schoolsms.domain.errors import NotFoundError, RefusedError, SchoolClosed
from schoolsms.domain.orders.packs import Pack
from schoolsms.domain.schools.access import Caller, Forbidden
from schoolsms.domain.schools.schools import School
from tests.fakes.core import FakeIssuedForms, FakePriceList, FakeSchools, ManualClock
from tests.fakes.orders.order_forms import FakeOrderForms
from tests.support.builders import A_MANAGER, A_SENDER, MANAGER, NOW, OPERATOR, SCHOOL, SIRET, STRANGER, TEXTS, UAI
from tests.support.faults.fault_injection import Died, dies, interrupted

DECLARED = [f"{each.version} {each.sha256}" for each in TEXTS[1:]]


class Desk:
    def __init__(self, *schools: School, now: datetime = NOW) -> None:
        self.prices = FakePriceList()
        self.forms = FakeIssuedForms()
        self.use_case = IssueOrderForm(
            FakeSchools(*schools), self.prices, self.forms, FakeOrderForms(), ManualClock(now), *DECLARED
        )


def test_the_form_is_prefilled_for_the_school() -> None:
    """R6."""
    desk = Desk(SCHOOL)
    order_id, document = desk.use_case.issue(A_MANAGER, {"P1000": "2"})
    form = desk.forms.known[order_id]
    assert (form.uai, form.siret, form.school_name) == (UAI, SIRET, "Lycée Paul Valéry")
    assert form.address == "1 rue des Écoles\n75005 Paris"
    assert (form.contact_name, form.contact_email) == ("Marie Durand", MANAGER)
    assert form.quantities == {"P1000": 2}
    assert (form.vat_rate, form.school_year, form.conditions_version) == (Decimal("20"), "2026-27", "2026-09")
    assert document == desk.forms.documents[order_id]


def test_a_form_names_version_and_digest_of_the_three_texts_that_it_accepts() -> None:
    """R4, §2."""
    desk = Desk(SCHOOL)
    order_id, _ = desk.use_case.issue(A_MANAGER, {})
    assert desk.forms.known[order_id].texts == TEXTS
    assert [each.name for each in TEXTS] == ["conditions-particulieres", "conditions-generales", "annexe-rgpd"]


def test_each_form_has_a_number_of_its_own_with_the_school_year() -> None:
    desk = Desk(SCHOOL)
    ids = {desk.use_case.issue(A_MANAGER, {})[0] for _ in range(50)}
    assert len(ids) == 50
    assert all(order_id.startswith("BC26-") and len(order_id) == 15 for order_id in ids)


def test_a_southern_form_bears_its_own_school_year() -> None:
    """R37: January still belongs to the year that began in February."""
    southern = replace(SCHOOL, calendar="nouvelle-caledonie", subscription_end=date(2028, 2, 1))
    desk = Desk(southern, now=datetime(2027, 1, 15, tzinfo=UTC))
    order_id, _ = desk.use_case.issue(A_MANAGER, {})
    assert desk.forms.known[order_id].school_year == "2026"
    assert order_id.startswith("BC26-")


def test_the_prices_of_a_form_hold_when_the_list_changes() -> None:
    desk = Desk(SCHOOL)
    order_id, _ = desk.use_case.issue(A_MANAGER, {})
    desk.prices.current = (Pack("P1000", 1_000, 9_900),)
    assert Pack("P1000", 1_000, 8_500) in desk.forms.known[order_id].packs


def test_a_manager_whom_the_operator_did_not_name_is_the_contact_all_the_same() -> None:
    desk = Desk(SCHOOL)
    order_id, _ = desk.use_case.issue(replace(A_MANAGER, email="neuf@lycee.test"), {})
    assert desk.forms.known[order_id].contact_name == ""
    assert desk.forms.known[order_id].contact_email == "neuf@lycee.test"


def test_a_manager_is_known_however_the_address_is_written() -> None:
    desk = Desk(SCHOOL)
    order_id, _ = desk.use_case.issue(replace(A_MANAGER, email="Marie.DURAND@lycee.test"), {})
    assert desk.forms.known[order_id].contact_name == "Marie Durand"


@pytest.mark.parametrize("caller", [A_SENDER, OPERATOR, replace(A_MANAGER, school="")])
def test_only_a_manager_of_a_school_orders(caller: Caller) -> None:
    """R2."""
    desk = Desk(SCHOOL)
    with pytest.raises(Forbidden):
        desk.use_case.issue(caller, {})
    assert desk.forms.known == {}


def test_a_school_that_is_not_registered_cannot_order() -> None:
    with pytest.raises(NotFoundError):
        Desk(SCHOOL).use_case.issue(STRANGER, {})


def test_a_suspended_school_may_still_order() -> None:
    desk = Desk(replace(SCHOOL, state="suspended"))
    order_id, _ = desk.use_case.issue(A_MANAGER, {})
    assert order_id in desk.forms.known


@pytest.mark.parametrize(
    ("school", "code"),
    [
        (replace(SCHOOL, state="terminated"), "school-terminated"),
        (replace(SCHOOL, subscription_end=date(2026, 11, 22)), "subscription-ended"),
    ],
)
def test_a_closed_school_gets_no_form(school: School, code: str) -> None:
    """R1, R27."""
    desk = Desk(school)
    with pytest.raises(SchoolClosed) as refused:
        desk.use_case.issue(A_MANAGER, {})
    assert refused.value.code == code
    assert desk.forms.known == {}


@pytest.mark.parametrize("quantity", ["-1", "1e3", "", "²", "1.0", "٣", " 2 ", "1 000", "1000", "00001", "deux", "+2"])
def test_a_quantity_that_is_none_is_refused(quantity: str) -> None:
    desk = Desk(SCHOOL)
    with pytest.raises(RefusedError) as refused:
        desk.use_case.issue(A_MANAGER, {"P1000": quantity})
    assert refused.value.code == "invalid-quantity"
    assert desk.forms.known == {}


@pytest.mark.parametrize(("quantity", "read"), [("1", 1), ("999", 999), ("0002", 2)])
def test_a_quantity_is_a_whole_number_up_to_999(quantity: str, read: int) -> None:
    desk = Desk(SCHOOL)
    order_id, _ = desk.use_case.issue(A_MANAGER, {"P1000": quantity})
    assert desk.forms.known[order_id].quantities == {"P1000": read}


def test_zero_packs_are_left_blank() -> None:
    desk = Desk(SCHOOL)
    order_id, _ = desk.use_case.issue(A_MANAGER, {"P1000": "0", "P500": "1"})
    assert desk.forms.known[order_id].quantities == {"P500": 1}


@pytest.mark.parametrize("pack", ["P1", "p1000", "", "qty_P1000"])
def test_a_pack_that_is_not_on_offer_is_refused(pack: str) -> None:
    with pytest.raises(RefusedError) as refused:
        Desk(SCHOOL).use_case.issue(A_MANAGER, {pack: "1"})
    assert refused.value.code == "unknown-pack"


def test_no_form_is_handed_out_that_is_not_kept() -> None:
    desk = Desk(SCHOOL)
    use_case = replace(desk.use_case, forms=interrupted(desk.forms, before={"put": dies}))
    with pytest.raises(Died):
        use_case.issue(A_MANAGER, {})
