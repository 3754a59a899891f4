"""Plays who signs order forms digitally, and the authorities that certify them; see `paper.py` for the rest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class Holder:
    """A certificate, its key and who issued it, if another did."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
    issuer: Holder | None = None

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()


def certified(
    name: str, issuer: Holder | None = None, *, authority: bool = False, at: datetime | None = None, clock: bool = False
) -> Holder:
    """A certificate for `name` by `issuer`, or by itself; valid for a year around `at`. A `clock` has an RSA key."""
    at = at or datetime.now(UTC)
    key = rsa.generate_private_key(65537, 2048) if clock else ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    usage = x509.KeyUsage(not authority, not authority, False, False, False, authority, authority, False, False)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + timedelta(days=365))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(usage, critical=True)
    )
    return Holder(builder.sign(issuer.key if issuer else key, hashes.SHA256()), key, issuer)


def signed(
    pdf: bytes,
    holder: Holder,
    field: str = "signature",
    place: tuple[int, int, int, int] | None = None,
    words: str | None = None,
) -> bytes:
    """Sign the whole document into `field`; the signature holds the certificates up to the root's.

    A field that the document lacks is added, at `place` on the first page or where nobody sees it. The signature shows
    `words`, or what is usual.
    """
    from asn1crypto import keys  # type: ignore[import-untyped]
    from asn1crypto import x509 as asn1
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import PdfSignatureMetadata, signers
    from pyhanko.sign.fields import SigFieldSpec
    from pyhanko.stamp import TextStampStyle
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    der, plain = serialization.Encoding.DER, serialization.NoEncryption()
    key = holder.key.private_bytes(der, serialization.PrivateFormat.PKCS8, plain)
    issuers = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    between = holder.issuer
    while between and between.issuer:
        issuers.register(asn1.Certificate.load(between.certificate.public_bytes(der)))
        between = between.issuer
    signer = signers.SimpleSigner(
        signing_cert=asn1.Certificate.load(holder.certificate.public_bytes(der)),
        signing_key=keys.PrivateKeyInfo.load(key),
        cert_registry=issuers,
    )
    out = BytesIO()
    metadata = PdfSignatureMetadata(field_name=field, md_algorithm="sha256")
    spec = SigFieldSpec(field, box=place) if place else None
    writer = IncrementalPdfFileWriter(BytesIO(pdf), strict=False)
    style = TextStampStyle(stamp_text=words, timestamp_format="%d/%m/%Y") if words else None
    signing = signers.PdfSigner(metadata, signer=signer, new_field_spec=spec, stamp_style=style)
    signing.sign_pdf(writer, output=out)
    return out.getvalue()


def stamped(pdf: bytes, clock: Holder) -> bytes:
    """A time stamp of the whole document, as signing platforms append it."""
    from asn1crypto import keys
    from asn1crypto import x509 as asn1
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers
    from pyhanko.sign.timestamps import DummyTimeStamper

    der, plain = serialization.Encoding.DER, serialization.NoEncryption()
    key = clock.key.private_bytes(der, serialization.PrivateFormat.PKCS8, plain)
    certificate = asn1.Certificate.load(clock.certificate.public_bytes(der))
    stamper = signers.PdfTimeStamper(DummyTimeStamper(certificate, keys.PrivateKeyInfo.load(key)))
    out = BytesIO()
    stamper.timestamp_pdf(IncrementalPdfFileWriter(BytesIO(pdf), strict=False), "sha256", output=out)
    return out.getvalue()
