"""While the operator works on the service, what arrives waits and nothing is given up, forfeited or purged (R49)."""

import pytest

from schoolsms.domain.errors import UnderMaintenance
from tests.support.builders import UAI
from tests.support.sending import Sending, phones
from tests.support.worlds.school_year_world import YEAR, Year
from tests.support.worlds.subscription_world import Ending


def test_a_request_refused_during_maintenance_costs_nothing_and_its_key_stays_free() -> None:
    sending = Sending()
    sending.maintenance.on = True
    with pytest.raises(UnderMaintenance):
        sending.accept(key="sortie")
    assert (sending.balance(), sending.requests.known) == (100, {})

    sending.maintenance.on = False
    sending.accept(key="sortie")
    sending.accept(key="sortie")
    assert sending.balance() == 99


def test_a_request_accepted_before_is_answered_again_during_maintenance() -> None:
    sending = Sending()
    accepted = sending.accept(key="sortie").request
    sending.maintenance.on = True
    assert sending.accept(key="sortie").request == accepted
    assert sending.balance() == 99


def test_no_window_is_closed_while_receipts_wait() -> None:
    sending = Sending()
    request = sending.accepted(*phones(2))
    sending.clock.time = request.expires_at
    sending.maintenance.on = True
    with pytest.raises(UnderMaintenance):
        sending.expiring.expire(request.id)
    assert sending.balance() == 98

    sending.maintenance.on = False
    assert sending.expiring.expire(request.id) == {"failed": 2}
    assert sending.balance() == 100


def test_nothing_is_forfeited_until_it_is_over() -> None:
    world = Ending()
    world.maintenance.on = True
    assert world.run() == []
    world.maintenance.on = False
    assert len(world.run()) == 1


def test_nothing_is_purged_until_it_is_over() -> None:
    world = Year()
    world.maintenance.on = True
    with pytest.raises(UnderMaintenance):
        world.purging.step(UAI, YEAR)
    assert world.purges.known == {}
