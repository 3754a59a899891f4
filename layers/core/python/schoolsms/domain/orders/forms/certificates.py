"""Certificates of trusted signers of order forms, or of their authorities, as the operator publishes them."""

import re
from base64 import b64decode

LONGEST = 8_000
"""Characters of one in PEM; twice what the largest key needs."""

MOST = 40
"""Together they fit into one item of the accounts table."""

_ARMOURED = re.compile(r"-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----", re.ASCII)


def certificate(written: str) -> str | None:
    """The one X.509 certificate written there in PEM, with nothing beside it, as OpenSSL would write it; else None."""
    import ssl  # imported here, because it loads the networking library and only publishing certificates needs it

    armoured = _ARMOURED.fullmatch(written.strip())
    if armoured is None:
        return None
    store = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        der = b64decode("".join(armoured[1].split()), validate=True)
        store.load_verify_locations(cadata=der)
    except (ValueError, ssl.SSLError):
        return None
    return ssl.DER_cert_to_PEM_cert(der) if store.cert_store_stats()["x509"] == 1 else None
