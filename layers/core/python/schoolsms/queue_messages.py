"""What crosses a queue, checked where it comes in."""

from pydantic import BaseModel, ConfigDict

from schoolsms.domain.sending.handoffs import Receipt
from schoolsms.domain.sending.statuses import Final


class Queued(BaseModel):
    """What a queue carries."""

    model_config = ConfigDict(defer_build=True)


class OrderAccepted(Queued):
    order_id: str


class OrderCredited(Queued):
    order_id: str


class NoticeDue(Queued):
    kind: str
    ids: dict[str, str]


class PageDue(Queued):
    request_id: str
    page: int
    attempt: int


class ExportDue(Queued):
    school: str
    export_id: str


class ReplyDue(Queued):
    reply_id: str


class ReceiptDue(Queued):
    provider: str
    provider_message_id: str
    status: Final | None
    code: str
    message_id: str | None

    def receipt(self) -> Receipt:
        return Receipt(self.provider, self.provider_message_id, self.status, self.code, self.message_id)
