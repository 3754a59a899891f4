"""The kinds of files in mails: a picture or a PDF that may be a form, something closed, sound or video, or another.

Its first bytes say more than its name, and its name more than its type: phones call HEIC pictures `IMG_0042.jpg`.
"""

import re

_SNIFFED_BYTES = 1024

_FORMS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
)
_FORM_TYPES = {
    "application/pdf": "application/pdf",
    "application/x-pdf": "application/pdf",
    "image/jpeg": "image/jpeg",
    "image/jpg": "image/jpeg",
    "image/pjpeg": "image/jpeg",
    "image/png": "image/png",
    "image/x-png": "image/png",
    "image/tiff": "image/tiff",
    "image/tif": "image/tiff",
}
_FORM_EXTENSIONS = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "tif": "image/tiff",
    "tiff": "image/tiff",
}
_BASE64_FORMS = (b"JVBERi0", b"/9j/", b"iVBORw0KGgo", b"SUkqA", b"TU0AK")
"""First characters of PDF, JPEG, PNG and TIFF in base64, which some devices write without saying so."""
_BASE64_FORM_LINE = re.compile(rb"\n(?:%s)[A-Za-z0-9+/]{40}" % b"|".join(map(re.escape, _BASE64_FORMS)))

# ------------------------------------------------------------------ closed: it may hold the form, and is not opened

_CLOSED_TYPES = frozenset(
    (
        "application/ms-tnef",
        "application/vnd.ms-tnef",
        "application/pkcs7-mime",
        "application/x-pkcs7-mime",
        "application/pgp-encrypted",
        "application/mac-binhex40",
        "application/x-microsoft-rpmsg-message",
        "message/partial",
        "message/external-body",
    )
)
_CLOSED_NAME = re.compile(r"winmail\.dat|.*\.(p7m|p7c|p7z|pgp|gpg|hqx|rpmsg)", re.IGNORECASE)
_CLOSED_BEGINNINGS = (
    b"\x78\x9f\x3e\x22",  # TNEF
    b"-----BEGIN PGP MESSAGE",
    b"-----BEGIN PKCS7",
    b"-----BEGIN CMS",
    b"(This file must be converted with BinHex",
)
_CMS = re.compile(rb"\x30.{1,8}\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07[\x02\x03]", re.DOTALL)
"""SignedData and EnvelopedData of RFC 5652, in DER or BER."""

# ------------------------------------------------------------------ harmless: no form, no terms

_HARMLESS_TYPES = frozenset(
    (
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
        "application/pgp-signature",
        "application/pgp-keys",
        "application/applefile",
        "text/calendar",
        "text/vcard",
        "text/x-vcard",
        "text/rfc822-headers",
        "message/delivery-status",
        "message/global-delivery-status",
        "message/global-headers",
        "message/disposition-notification",
        "message/global-disposition-notification",
        "message/feedback-report",
    )
)
_HARMLESS_NAME = re.compile(r"smime\.p7s|.*\.(vcf|ics)|OpenPGP_.*\.asc|ATT[0-9]{3,6}\.(txt|html?)", re.IGNORECASE)
"""Exchange calls `ATT00001.txt` what it puts below a mail, and text that Apple Mail writes between two files."""
_APPLE_DOUBLE = b"\x00\x05\x16\x07"
_HARMLESS_BEGINNINGS = (_APPLE_DOUBLE, b"-----BEGIN PGP PUBLIC KEY", b"-----BEGIN PGP SIGNATURE")

# ------------------------------------------------------------------ sound and video (R3)

_MEDIA_EXTENSIONS = frozenset(
    re.findall(r"\w+", "mp3 mp4 m4a m4v mov avi wav ogg oga ogv opus mkv webm wmv wma 3gp amr aac flac")
)
_MEDIA_BRANDS = (b"isom", b"iso2", b"mp41", b"mp42", b"M4A ", b"M4V ", b"qt  ", b"3gp4", b"3gp5", b"avc1")

# ------------------------------------------------------------------ other kinds, as the reply names them

_HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_KINDS = {
    "photo HEIC": "heic heif hif",
    "image AVIF": "avif",
    "image WebP": "webp",
    "image GIF": "gif",
    "image BMP": "bmp dib",
    "image SVG": "svg",
    "document Word": "doc docx docm dot dotx rtf",
    "document LibreOffice": "odt ott ods odp odg",
    "document Pages": "pages",
    "document XPS": "xps oxps",
    "classeur Excel": "xls xlsx xlsm csv",
    "présentation PowerPoint": "ppt pptx pps ppsx",
    "message Outlook": "msg",
    "archive": "zip rar 7z gz tgz tar",
    "page web": "htm html mht mhtml",
    "fichier texte": "txt",
    "fichier PostScript": "ps eps",
}
_KIND_BY_EXTENSION = {extension: kind for kind, extensions in _KINDS.items() for extension in extensions.split()}
_EXTENSION_BY_TYPE = {
    "image/heic": "heic",
    "image/heif": "heif",
    "image/heic-sequence": "heic",
    "image/heif-sequence": "heif",
    "image/avif": "avif",
    "image/webp": "webp",
    "image/gif": "gif",
    "image/bmp": "bmp",
    "image/x-ms-bmp": "bmp",
    "image/svg+xml": "svg",
    "application/msword": "doc",
    "application/rtf": "rtf",
    "text/rtf": "rtf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.ms-excel": "xls",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.ms-outlook": "msg",
    "application/zip": "zip",
    "application/x-zip-compressed": "zip",
    "text/html": "html",
    "text/plain": "txt",
}
_PICTURES = frozenset(["gif", "bmp", "svg", "webp", "ico"])


def form_by_content(content: bytes, *, is_prose: bool) -> str | None:
    """The type of what may be a form. Readers find `%PDF-` anywhere in the first 1024 bytes; prose may mention it.

    An archive keeps small files as they are, so that `%PDF-` is near its beginning too; nobody would see the others.
    """
    head = content[:_SNIFFED_BYTES]
    if head.lstrip().startswith(b"%PDF-") or (not is_prose and not _extension_by_content(head) and b"%PDF-" in head):
        return "application/pdf"
    return next((kind for magic, kind in _FORMS if head.startswith(magic)), None)


def declared_form(content: bytes, content_type: str, filename: str) -> str | None:
    """The type by its description, when that may be a form and the first bytes are of no other kind."""
    if _extension_by_content(content):
        return None
    return _FORM_TYPES.get(content_type) or _FORM_EXTENSIONS.get(extension_of(filename))


def is_closed(content: bytes, content_type: str, filename: str) -> bool:
    """TNEF, CMS, PGP and their like, under whatever name."""
    head = content[:_SNIFFED_BYTES].lstrip()
    return (
        content_type in _CLOSED_TYPES
        or _CLOSED_NAME.fullmatch(filename) is not None
        or head.startswith(_CLOSED_BEGINNINGS)
        or _CMS.match(content[:64]) is not None
    )


def is_harmless(content: bytes, content_type: str, filename: str) -> bool:
    """Signatures, keys, cards, dates, reports of delivery, what a Mac keeps beside a file; no document called so."""
    return not _extension_by_content(content) and (
        content_type in _HARMLESS_TYPES
        or _HARMLESS_NAME.fullmatch(filename) is not None
        or content[:64].lstrip().startswith(_HARMLESS_BEGINNINGS)
    )


def is_media(content: bytes, content_type: str, filename: str) -> bool:
    """Sound and video."""
    by_content = content[4:8] == b"ftyp" and content[8:12] in _MEDIA_BRANDS
    return content_type.startswith(("audio/", "video/")) or by_content or extension_of(filename) in _MEDIA_EXTENSIONS


def base64_without_saying_so(content: bytes) -> bool:
    """Whether it begins as a form does in base64."""
    return content[:_SNIFFED_BYTES].lstrip().startswith(_BASE64_FORMS)


def form_within_text(text: bytes) -> bool:
    """Whether a line of it begins as a form does in base64: parts of a mail whose headers say that it has none."""
    return _BASE64_FORM_LINE.search(text) is not None


def is_picture_of_a_signature(content: bytes, content_type: str, filename: str) -> bool:
    """Of a kind with which people sign their mails. HEIC is what phones photograph with."""
    extension = _extension(content, content_type, filename)
    return extension in _PICTURES or (content_type.startswith("image/") and extension not in ("heic", "heif", "avif"))


def kind_of(content: bytes, content_type: str, filename: str) -> str:
    """Its name in the reply, in French: "document Word (.docx)". Of the file's own name only the extension is used."""
    extension = _extension(content, content_type, filename)
    kind = _KIND_BY_EXTENSION.get(extension)
    if kind is None:
        return f"fichier .{extension}" if extension else "fichier d'un type inconnu"
    return kind if extension in kind.lower().split() else f"{kind} (.{extension})"


def extension_of(filename: str) -> str:
    """In lower case, "" when there is none that looks like one."""
    found = re.fullmatch(r".*\.([A-Za-z0-9]{1,5})", filename.strip())
    return found[1].lower() if found else ""


def _extension(content: bytes, content_type: str, filename: str) -> str:
    by_content, by_name = _extension_by_content(content), extension_of(filename)
    if by_name in _FORM_EXTENSIONS:
        by_name = ""
    if by_content in ("zip", "doc") and by_name:
        return by_name  # offices keep their documents in archives
    return by_content or by_name or _EXTENSION_BY_TYPE.get(content_type, "")


def _extension_by_content(content: bytes) -> str:
    head = content[:16]
    if head[4:8] == b"ftyp":
        return "avif" if head[8:12] in (b"avif", b"avis") else "heic" if head[8:12] in _HEIF_BRANDS else ""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    for magic, extension in (
        (b"PK\x03\x04", "zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "doc"),
        (b"GIF8", "gif"),
        (b"{\\rtf", "rtf"),
        (b"Rar!", "rar"),
        (b"7z\xbc\xaf\x27\x1c", "7z"),
        (b"\x1f\x8b", "gz"),
        (b"%!PS", "ps"),
    ):
        if head.startswith(magic):
            return extension
    return ""
