"""The wiring of the SMS providers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from schoolsms import settings
from schoolsms.bootstrap.shared.clients import make_client, secret

if TYPE_CHECKING:
    from schoolsms.adapters.providers.router import ProviderRouter


def providers(config: settings.ProviderSettings) -> ProviderRouter:
    """Build every provider and the weighted router. Raises ValueError if PROVIDER_WEIGHTS is malformed."""
    from schoolsms.adapters.providers import ovh
    from schoolsms.adapters.providers.registry import PROVIDERS
    from schoolsms.adapters.providers.router import ProviderRouter
    from schoolsms.adapters.providers.simulated import SimulatedProvider

    network = None
    if config.simulated_network_url:
        network = ovh.build(_Context("ovh", config), config.simulated_network_url, "simulated", "simulated")
    return ProviderRouter(
        {name: spec.build(_Context(name, config)) for name, spec in PROVIDERS.items()},
        simulated=SimulatedProvider(network),
        weights=config.provider_weights,
    )


def receipt_secret(secret_id: str) -> Callable[[str, bool], str]:
    """Return a lookup of webhook secrets ("" if a provider has none).

    `fresh=True` bypasses the cache, for a secret just rotated.
    """
    keys_and_secrets = secret(secret_id)

    def secret_of(provider: str, fresh: bool) -> str:
        return str(keys_and_secrets.json(fresh=fresh).get(provider, {}).get("receipt_secret", ""))

    return secret_of


class _Context:
    """Implements `ProviderContext` of one provider."""

    def __init__(self, name: str, config: settings.ProviderSettings) -> None:
        self._name = name
        self._config = config

    def keys(self, *names: str) -> tuple[str, ...]:
        # Read at the start, and again when the provider refused the last keys, because they may just have been rotated.
        return secret(self._config.providers_secret).keys(self._name, *names)

    def setting(self, name: str) -> str:
        return str(getattr(self._config, name))

    def aws_client(self, service: str, endpoint: str) -> Any:
        return make_client(service, endpoint_url=endpoint or None)
