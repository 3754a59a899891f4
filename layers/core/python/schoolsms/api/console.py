"""The console in the browser: its page and the files that the page loads, as HTTP answers (R50).

Loaded without pydantic and boto3, because whoever opens the console waits for this function to start.
"""

import base64
import gzip
import hashlib
import html
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from schoolsms.settings import Claims, ConsoleSettings

Response = dict[str, Any]

_KINDS = {
    ".js": "text/javascript; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
}
_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,80}(\.[a-z0-9]+)")
_YEAR_SECONDS = 31_536_000
_ON_ALL = {
    "strict-transport-security": f"max-age={_YEAR_SECONDS}",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
}


@dataclass(frozen=True)
class Console:
    """The console as built into `folder`, for the issuer and the frames that the environment names."""

    folder: Path

    def answer(self, event: Mapping[str, Any]) -> Response:
        """The page on every address, and a file on `/assets/{file}`."""
        headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
        name = (event.get("pathParameters") or {}).get("file")
        return self._page(headers) if name is None else self._file(name, headers.get("accept-encoding", ""))

    def _page(self, headers: Mapping[str, str]) -> Response:
        body, tag, policy = self._written
        common = {**_ON_ALL, "cache-control": "no-cache", "etag": tag}
        if tag in headers.get("if-none-match", ""):
            return {"statusCode": 304, "headers": common}
        page = {"content-type": "text/html; charset=utf-8", "content-security-policy": policy}
        return {"statusCode": 200, "headers": {**common, **page}, "body": body}

    @cached_property
    def _written(self) -> tuple[str, str, str]:
        """The page with its settings, its ETag and its Content-Security-Policy."""
        config, names = ConsoleSettings(), Claims()
        settings = {
            "issuer": config.jwt_issuer,
            "client_id": config.console_client_id,
            "scopes": config.console_scopes,
            "claims": {
                "school": names.school_claim,
                "roles": names.roles_claim,
                "operator": names.operator_role,
                "sms_manager": names.manager_role,
                "sms_sender": names.sender_role,
            },
            "support": {"email": config.support_email, "phone": config.support_phone, "page": config.support_page},
            "order_inbox": config.order_inbox,
            "large_request": config.large_request,
            "embedded": config.embedded,
        }
        escaped = html.escape(json.dumps(settings, ensure_ascii=False, separators=(",", ":")))
        body = (self.folder / "index.html").read_text("utf-8").replace("{settings}", escaped)
        policy = content_security_policy(config.jwt_issuer, config.console_frame_ancestors, _file_origins(config))
        tag = f'"{hashlib.sha256((body + policy).encode()).hexdigest()[:32]}"'
        return body, tag, policy

    def _file(self, name: str, accepted: str) -> Response:
        """Answer 404 for a file of an older build: the page loads itself anew then."""
        found = _FILE.fullmatch(name)
        kind = _KINDS.get(found[1]) if found else None
        content, encoding = self._content(name, accepted) if kind else (None, "")
        if content is None or kind is None:
            return {"statusCode": 404, "headers": {**_ON_ALL, "cache-control": "no-store"}, "body": ""}
        hashed = not name.endswith(".txt")
        headers = {
            **_ON_ALL,
            "content-type": kind,
            "cache-control": f"public, max-age={_YEAR_SECONDS}, immutable" if hashed else "no-cache",
            "vary": "accept-encoding",
            **({"content-encoding": encoding} if encoding else {}),
        }
        body = base64.b64encode(content).decode()
        return {"statusCode": 200, "headers": headers, "isBase64Encoded": True, "body": body}

    def _content(self, name: str, accepted: str) -> tuple[bytes | None, str]:
        """The bytes of a file as the browser takes them, and how they are encoded."""
        whole, brotli, zipped = (self.folder / f"{name}{ending}" for ending in ("", ".br", ".gz"))
        if whole.is_file():
            return whole.read_bytes(), ""
        if not zipped.is_file():
            return None, ""
        offers = [each.replace(" ", "").partition(";") for each in accepted.split(",")]
        offered = {name for name, _, quality in offers if quality != "q=0"}
        if "br" in offered:
            return brotli.read_bytes(), "br"
        if "gzip" in offered:
            return zipped.read_bytes(), "gzip"
        return gzip.decompress(zipped.read_bytes()), ""


def _file_origins(config: ConsoleSettings) -> tuple[str, ...]:
    """Where the API sends a browser for large files and uploads. S3 may redirect to the address of its region."""
    if config.aws_endpoint_url:
        return (config.aws_endpoint_url,)
    hosts = ("s3.amazonaws.com", f"s3.{config.aws_region}.amazonaws.com")
    return tuple(f"https://{bucket}.{host}" for bucket in config.file_buckets.split(",") if bucket for host in hosts)


def content_security_policy(issuer: str, frame_ancestors: str, file_origins: Sequence[str] = ()) -> str:
    """Nothing but the console's own files; tokens come from `issuer`, in a frame when they are renewed silently.

    Large files come from `file_origins`. `data:` is for the signs that the style sheet draws in form fields, `blob:`
    for documents that the API answered.
    """
    url = urlsplit(issuer)
    sign_in = f"{url.scheme}://{url.netloc}"
    directives = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "font-src": "'self'",
        "img-src": "'self' data: blob:",
        "connect-src": " ".join(("'self'", sign_in, *file_origins)),
        "frame-src": f"'self' blob: {sign_in}",
        "worker-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": f"'self' {frame_ancestors}".strip(),
    }
    return "; ".join(f"{name} {sources}" for name, sources in directives.items())
