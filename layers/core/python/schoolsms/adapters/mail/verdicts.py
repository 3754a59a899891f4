"""The verdicts of SES on a mail, read from the headers that SES wrote and from no others (R13).

SES puts its block on top of what the sender wrote, and ends it with X-SES-RECEIPT:
    Return-Path, Received, X-SES-Spam-Verdict, X-SES-Virus-Verdict, Received-SPF, Authentication-Results, X-SES-RECEIPT
The sender wrote everything below the first X-SES-RECEIPT. If the block has a name that SES does not write there, or a
name twice, it is not the block that we expect, and nothing in it counts.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from schoolsms.domain.orders.mails import Verdict
from schoolsms.domain.schools.mail_addresses import comparable

_SES_HEADERS = frozenset(
    (
        "return-path",
        "received",
        "x-ses-spam-verdict",
        "x-ses-virus-verdict",
        "received-spf",
        "authentication-results",
        "x-ses-receipt",
    )
)
_LAST = "x-ses-receipt"

# softfail: the domain says that this host is probably not its own
_VERDICTS: dict[str, Verdict] = {"pass": "pass", "fail": "fail", "softfail": "fail"}

_RESULT = re.compile(r"(?<![\w.-])(spf|dkim|dmarc)\s*=\s*(\w+)([^;]*)", re.IGNORECASE)
_ENVELOPE = re.compile(r"envelope-from=([^;\s]*)", re.IGNORECASE)
_SIGNER = re.compile(r"(?<![\w.-])header\.[id]=([^\s;]+)", re.IGNORECASE)
_AUTHOR = re.compile(r"header\.from=([^\s;]+)", re.IGNORECASE)
_LONGEST = 2_000
"""Characters of a header of the block. Longer values may be cut by our reader, and the cut may hide a failure."""


@dataclass(frozen=True)
class Verdicts:
    """`pass` of spf, dkim and dmarc speaks for the domain of the From address, not for some other domain's."""

    spf: Verdict = "none"
    dkim: Verdict = "none"
    dmarc: Verdict = "none"
    spam: Verdict = "none"
    virus: Verdict = "none"


def ses_verdicts(headers: Iterable[tuple[str, str]], sender: str, trusted_authserv_ids: Sequence[str]) -> Verdicts:
    """The verdicts in `headers` (from the top, unfolded) on a mail whose From address is `sender`."""
    block = _ses_block(headers)
    spam = _verdict(block.get("x-ses-spam-verdict", ""))
    virus = _verdict(block.get("x-ses-virus-verdict", ""))
    authentication, received_spf = block.get("authentication-results", ""), block.get("received-spf", "")
    authserv_id = authentication.partition(";")[0].split()[:1]
    if (
        not authserv_id
        or authserv_id[0].lower() not in trusted_authserv_ids
        or _RESULT.search(received_spf)  # HELO and MAIL FROM are copied into both headers: the client wrote these
        or '"' in authentication  # SES quotes nothing; a quoted local part of MAIL FROM or of `i=` may hold results
    ):
        return Verdicts(spam=spam, virus=virus)

    domain = _ascii(sender.rpartition("@")[2])
    results = [(found[1].lower(), _verdict(found[2]), found[3]) for found in _RESULT.finditer(authentication)]
    envelopes = _ENVELOPE.findall(authentication) + _ENVELOPE.findall(received_spf)
    spf = [verdict for method, verdict, _ in results if method == "spf"]
    if received_spf:
        spf.append(_verdict(received_spf))
    return Verdicts(
        spf=_about_sender(_worst(spf), [address.rpartition("@")[2] for address in envelopes], domain),
        dkim=_best_aligned(
            [(verdict, _signers(rest)) for method, verdict, rest in results if method == "dkim"], domain
        ),
        dmarc=_dmarc([(verdict, rest) for method, verdict, rest in results if method == "dmarc"], domain),
        spam=spam,
        virus=virus,
    )


def _ses_block(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    block: dict[str, str] = {}
    for name, value in headers:
        name = name.lower()
        if name not in _SES_HEADERS or name in block or len(value) > _LONGEST:
            return {}
        block[name] = value
        if name == _LAST:
            return block
    return {}


def _verdict(value: str) -> Verdict:
    word = re.match(r"\s*(\w+)", value)
    return _VERDICTS.get(word[1].lower(), "none") if word else "none"


def _worst(verdicts: Sequence[Verdict]) -> Verdict:
    """SES gives one result. If there are several, the client smuggled some in, and the worst counts."""
    if "fail" in verdicts:
        return "fail"
    return "none" if not verdicts or "none" in verdicts else "pass"


def _about_sender(verdict: Verdict, domains: Sequence[str], sender_domain: str) -> Verdict:
    aligned = bool(domains) and all(_aligned(domain, sender_domain) for domain in domains)
    return "none" if verdict == "pass" and not aligned else verdict


def _signers(properties: str) -> list[str]:
    """The domains in `header.i` and `header.d`: what follows the last @, because a signer chooses the local part."""
    return [identity.rpartition("@")[2] for identity in _SIGNER.findall(properties)]


def _best_aligned(signatures: Sequence[tuple[Verdict, list[str]]], sender_domain: str) -> Verdict:
    """A mail may bear several signatures; one of the sender's own domain is enough."""
    if any(_about_sender(verdict, signers, sender_domain) == "pass" for verdict, signers in signatures):
        return "pass"
    return "fail" if any(verdict == "fail" for verdict, _ in signatures) else "none"


def _dmarc(results: Sequence[tuple[Verdict, str]], sender_domain: str) -> Verdict:
    """DMARC was computed on the From domain that SES saw: it must be the one that we saw."""
    verdict = _worst([verdict for verdict, _ in results])
    authors = [author for _, rest in results for author in _AUTHOR.findall(rest)]
    same = all(_ascii(author) == sender_domain for author in authors) and sender_domain != ""
    return "none" if verdict == "pass" and not same else verdict


def _aligned(domain: str, sender_domain: str) -> bool:
    """The same domain, or one below the other (a relaxed alignment that needs no public suffix list)."""
    domain = _ascii(domain)
    shorter, longer = sorted((domain, sender_domain), key=len)
    return "." in shorter and (shorter == longer or longer.endswith(f".{shorter}"))


def _ascii(domain: str) -> str:
    """In the form in which addresses are compared."""
    return comparable(f"@{domain.strip('.')}").removeprefix("@")
