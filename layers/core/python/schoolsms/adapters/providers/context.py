"""The surroundings that a provider is built from."""

from typing import Any, Protocol


class ProviderContext(Protocol):
    """Gives a provider its own keys, settings and AWS clients."""

    def keys(self, *names: str) -> tuple[str, ...]:
        """Values of its section of the providers' secret, read afresh. Raises TransientError when one is missing."""

    def setting(self, name: str) -> str:
        """A setting of the function, from the template."""

    def aws_client(self, service: str, endpoint: str) -> Any:
        """A botocore client, of the region's own endpoint when `endpoint` is empty."""
