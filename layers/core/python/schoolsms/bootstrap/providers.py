"""The wiring of the SMS providers."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from schoolsms import settings
from schoolsms.bootstrap.clients import secret

if TYPE_CHECKING:
    from schoolsms.adapters.providers.registry import ProviderRegistry


def providers(told: settings.ProviderSettings) -> "ProviderRegistry":
    """All there are, and how messages are spread over them. Raises ValueError for weights that cannot be."""
    from schoolsms.adapters.providers import ovh
    from schoolsms.adapters.providers.catalogue import KINDS
    from schoolsms.adapters.providers.registry import ProviderRegistry
    from schoolsms.adapters.providers.simulated import SimulatedProvider

    network = None
    if told.simulated_network_url:
        network = ovh.make(_Surroundings("ovh", told), told.simulated_network_url, "simulated", "simulated")
    return ProviderRegistry(
        {name: kind.make(_Surroundings(name, told)) for name, kind in KINDS.items()},
        simulated=SimulatedProvider(network),
        weights=told.provider_weights,
    )


def receipt_secret(secret_id: str) -> Callable[[str, bool], str]:
    """What calls of a provider are known by: "" if it has none; with True as it is now, perhaps just rotated."""
    keys_and_secrets = secret(secret_id)

    def of(provider: str, fresh: bool) -> str:
        return str(keys_and_secrets.json(fresh=fresh).get(provider, {}).get("receipt_secret", ""))

    return of


class _Surroundings:
    """Implements `Surroundings` of one provider."""

    def __init__(self, name: str, told: settings.ProviderSettings) -> None:
        self._name = name
        self._told = told

    def keys(self, *names: str) -> tuple[str, ...]:
        # Asked for at the start and when the provider refused the last ones: they may just have been rotated.
        return secret(self._told.providers_secret).keys(self._name, *names)

    def setting(self, name: str) -> str:
        return str(getattr(self._told, name))

    def aws_client(self, service: str, endpoint: str) -> Any:
        import botocore.session

        return botocore.session.get_session().create_client(service, endpoint_url=endpoint or None)
