import pytest

from schoolsms.domain.sending.sender_names import is_valid_sender_name


@pytest.mark.parametrize("name", ["COLLEGE", "LyceeHugo", "ABCDEFGHIJK", "3ePrepa", "a", "12345678A"])
def test_letters_with_or_without_digits_are_valid(name: str) -> None:
    assert is_valid_sender_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "ABCDEFGHIJKL",
        "12345",
        "36180",
        "LYCEE HUGO",
        "Lycée",
        "COL-LEGE",
        "COLLEGE\n",
        "A_B",
        "０１A",
        "Ａ",
        "+336",
    ],
)
def test_anything_else_is_not(name: str) -> None:
    assert not is_valid_sender_name(name)
