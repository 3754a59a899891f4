import pytest

from schoolsms.domain.texts.masked_numbers import masked


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("+33612345650", "+336••••••50"),
        ("+687751234", "+687••••34"),
        ("+68775123", "•••••••••"),  # too short to hide four signs
        ("112", "•••"),
        ("", ""),
    ],
)
def test_a_masked_number_shows_its_beginning_and_its_end(phone: str, shown: str) -> None:
    assert masked(phone) == shown
