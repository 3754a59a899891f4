"""The providers there are, and which one takes a message (R32)."""

from schoolsms.application.ports import SmsProvider
from schoolsms.domain.send_requests import Line


class ProviderRegistry:
    """Implements the port `Providers`: test numbers are always simulated, everything else goes to `primary`."""

    def __init__(self, primary: SmsProvider, simulated: SmsProvider) -> None:
        self._primary = primary
        self._simulated = simulated

    def choose(self, line: Line) -> SmsProvider:
        return self._simulated if line.is_test else self._primary

    def named(self, name: str) -> SmsProvider | None:
        return next((each for each in (self._primary, self._simulated) if each.name == name), None)
