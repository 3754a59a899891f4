"""A state of another version is refused in one line that says what to do."""

from pathlib import Path

import pytest

from local.machine.settings import Settings, read_settings
from local.machine.state_files import UnusableState
from local.stack.__main__ import hold_layout


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return read_settings({"STATE_DIR": str(tmp_path)})


def test_a_state_is_started_again_by_the_version_that_wrote_it(settings: Settings, tmp_path: Path) -> None:
    hold_layout(settings)
    (tmp_path / "deployed").write_text("digest")
    hold_layout(settings)


@pytest.mark.parametrize("layout", [None, "1"])
def test_a_state_whose_items_are_elsewhere_is_refused(settings: Settings, tmp_path: Path, layout: str | None) -> None:
    """Its schools would be there, and their balances not."""
    (tmp_path / "deployed").write_text("digest")
    if layout:
        (tmp_path / "layout").write_text(layout)
    with pytest.raises(UnusableState) as refused:
        hold_layout(settings)
    message = str(refused.value)
    assert str(tmp_path) in message
    assert "remove that folder" in message
    assert "\n" not in message
