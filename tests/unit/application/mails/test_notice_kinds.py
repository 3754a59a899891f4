from pathlib import Path
from typing import get_args

from schoolsms.application.mails.notify_managers import KINDS
from schoolsms.application.ports.notice_kinds import NoticeKind

CODE = Path(__file__).parents[4] / "layers" / "core" / "python" / "schoolsms"


def test_every_kind_that_may_be_queued_has_a_class() -> None:
    """`notice_due` takes no other kind, which mypy checks."""
    assert sorted(each.kind for each in KINDS) == sorted(get_args(NoticeKind))


def test_every_kind_is_written_out_where_it_is_queued() -> None:
    """So that a search for a kind finds its sender."""
    rooms = [CODE / "domain" / "schools", *(CODE / "application" / name for name in ("history", "orders", "schools"))]
    written = "".join(path.read_text("utf-8") for room in rooms for path in room.rglob("*.py"))
    assert [kind for kind in get_args(NoticeKind) if f'"{kind}"' not in written] == []
