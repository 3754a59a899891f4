"""Schools as the journeys and the browser play them."""

from local.players.client import Client
from local.players.school import SchoolPlayer


def registered(client: Client, number: int) -> SchoolPlayer:
    """A registered school without SMS, another one for each `number`."""
    school = SchoolPlayer(client, number)
    answer = school.register()
    assert answer.status == 201, answer.body
    return school
