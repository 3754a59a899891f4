"""Whom the clients of AWS trust: Amazon's roots, and all others once a server shows another one.

botocore reads all 118 roots for each new connection, which costs 190 million instructions; Amazon's five cost 10.
"""

import os
import ssl
from pathlib import Path
from typing import Any

from botocore.exceptions import SSLError

AMAZON_ROOTS = str(Path(__file__).with_name("amazon_roots.pem"))
"""Amazon Root CA 1 to 4 and Starfield Services G2, as https://www.amazontrust.com/repository/ publishes them."""


def roots() -> str | None:
    """Return the file of roots that a new client shall trust; None where the environment names a bundle of its own."""
    named = os.environ.get("AWS_CA_BUNDLE") or os.environ.get("REQUESTS_CA_BUNDLE")
    return None if named else AMAZON_ROOTS


def trust_others_if_needed(client: Any) -> None:
    """Let `client` try again with all roots where a server's certificate leads to none of Amazon's."""
    # Under the service's own name and first, because botocore's handler is asked there, and would say no.
    service = client.meta.service_model.service_id.hyphenize()
    client.meta.events.register_first(f"needs-retry.{service}", _trust_others)


def _trust_others(caught_exception: BaseException | None, endpoint: Any, **_: object) -> int | None:
    """Return 0, try again now, at the first certificate that Amazon's roots do not prove. Nothing was sent then."""
    session = endpoint.http_session
    if isinstance(caught_exception, SSLError) and _is_about_trust(caught_exception) and session._verify == AMAZON_ROOTS:
        session._verify = True  # read at each request; no setting of a client changes it later
        session.close()  # a connection that failed would try again with the roots it had
        return 0
    return None


def _is_about_trust(exc: BaseException | None) -> bool:
    while exc is not None:
        if isinstance(exc, ssl.SSLCertVerificationError):
            return True
        exc = exc.__cause__ or exc.__context__
    return False
