"""Settings read from environment variables."""

import pytest

from schoolsms.settings import Claims, FromEnvironment, SettingsError


class Basic(FromEnvironment):
    table: str
    seconds: int = 5


class Strict(Basic):
    strict: bool


def test_variables_are_read_by_their_names_in_upper_case(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TABLE", "x")
    monkeypatch.setenv("SECONDS", "60")
    monkeypatch.setenv("STRICT", "true")
    settings = Strict()
    assert (settings.table, settings.seconds, settings.strict) == ("x", 60, True)


def test_variables_with_a_default_may_be_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SCHOOL_CLAIM", "ROLES_CLAIM", "CLIENT_CLAIM"):
        monkeypatch.delenv(name, raising=False)
    assert (Claims().school_claim, Claims().roles_claim, Claims().client_claim) == ("school", "roles", "client_id")


def test_they_are_read_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TABLE", "x")
    first = Basic()
    monkeypatch.setenv("TABLE", "y")
    assert (first.table, Basic().table) == ("x", "y")


@pytest.mark.parametrize(("seconds", "strict"), [("a minute", "true"), ("60", "perhaps")])
def test_what_is_missing_or_unreadable_is_named_and_never_quoted(
    monkeypatch: pytest.MonkeyPatch, seconds: str, strict: str
) -> None:
    monkeypatch.delenv("TABLE", raising=False)
    monkeypatch.setenv("SECONDS", seconds)
    monkeypatch.setenv("STRICT", strict)
    with pytest.raises(SettingsError) as caught:
        Strict()
    wrong = "SECONDS" if seconds == "a minute" else "STRICT"
    assert set(str(caught.value).split(", ")) == {"TABLE", wrong}
