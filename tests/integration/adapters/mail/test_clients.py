"""Whole mails in the shape in which common programs, phones and copiers send a form: each is read without a doubt."""

import pytest

from tests.support.papers.raw_mails import BASE64, PDF, PNG, contents, encoded, read

FORM = BASE64.decode()
PLAIN = "Content-Type: text/plain; charset=utf-8\n\nBonjour,\n"
HTML = "Content-Type: text/html; charset=utf-8\n\n<p>Bonjour</p>\n"
LOGO = encoded(PNG, "image/png", "image001.png", "inline").decode().replace("\r\n", "\n")

OUTLOOK = f"""From: DURAND Marie <marie@lycee.test>
To: commande-sms <commande-sms@skolengo.test>
Thread-Topic: Bon de commande
Content-Language: fr-FR
X-MS-Has-Attach: yes
x-ms-exchange-antispam-messagedata: {"ABCD" * 900}
Content-Type: multipart/mixed;
\tboundary="_005_PR3P264MB1234FRAP_"
MIME-Version: 1.0

--_005_PR3P264MB1234FRAP_
Content-Type: multipart/related;
\tboundary="_004_PR3P264MB1234FRAP_";
\ttype="multipart/alternative"

--_004_PR3P264MB1234FRAP_
Content-Type: multipart/alternative;
\tboundary="_000_PR3P264MB1234FRAP_"

--_000_PR3P264MB1234FRAP_
{PLAIN}
--_000_PR3P264MB1234FRAP_
{HTML}
--_000_PR3P264MB1234FRAP_--

--_004_PR3P264MB1234FRAP_
{LOGO}
--_004_PR3P264MB1234FRAP_--

--_005_PR3P264MB1234FRAP_
Content-Type: application/pdf; name="=?iso-8859-1?Q?bon_sign=E9.pdf?="
Content-Description: =?iso-8859-1?Q?bon_sign=E9.pdf?=
Content-Disposition: attachment; filename="=?iso-8859-1?Q?bon_sign=E9.pdf?=";
\tsize=18; creation-date="Mon, 23 Nov 2026 08:00:00 GMT"
Content-Transfer-Encoding: base64

{FORM}
--_005_PR3P264MB1234FRAP_--
"""
APPLE_MAIL = f"""From: =?utf-8?Q?Marie_Durand?= <marie@lycee.test>
Content-Type: multipart/alternative;
\tboundary="Apple-Mail=_0123-ABCD"
Mime-Version: 1.0 (Mac OS X Mail 16.0 \\(3774.600.62\\))
X-Mailer: Apple Mail (2.3774.600.62)

--Apple-Mail=_0123-ABCD
{PLAIN}
--Apple-Mail=_0123-ABCD
Content-Type: multipart/mixed;
\tboundary="Apple-Mail=_4567-EF"

--Apple-Mail=_4567-EF
{HTML}
--Apple-Mail=_4567-EF
Content-Disposition: inline;
\tfilename*=utf-8''bon%20sign%C3%A9.pdf
Content-Type: application/pdf;
\tx-unix-mode=0644;
\tname="=?utf-8?Q?bon_sign=C3=A9=2Epdf?="
Content-Transfer-Encoding: base64

{FORM}
--Apple-Mail=_4567-EF
{HTML}
--Apple-Mail=_4567-EF--

--Apple-Mail=_0123-ABCD--
"""
THUNDERBIRD = f"""Message-ID: <1@lycee.test>
MIME-Version: 1.0
User-Agent: Mozilla Thunderbird
Content-Language: fr
From: Marie Durand <marie@lycee.test>
Autocrypt: addr=marie@lycee.test; keydata=
 {"xsBNBF" * 60}
 {"xsBNBF" * 60}
Content-Type: multipart/mixed; boundary="------------0T8b1jwqBvHIn1"

This is a multi-part message in MIME format.
--------------0T8b1jwqBvHIn1
Content-Type: text/plain; charset=UTF-8; format=flowed
Content-Transfer-Encoding: 8bit

Voici le bon signé.
--------------0T8b1jwqBvHIn1
Content-Type: application/pdf; name="bon.pdf"
Content-Disposition: attachment;
 filename*0*=UTF-8''bon%20de%20commande%20sign%C3%A9%20;
 filename*1*=par%20Mme%20Durand.pdf
Content-Transfer-Encoding: base64

{FORM}
--------------0T8b1jwqBvHIn1
Content-Type: application/pgp-keys; name="OpenPGP_0xABCDEF.asc"
Content-Disposition: attachment; filename="OpenPGP_0xABCDEF.asc"

-----BEGIN PGP PUBLIC KEY BLOCK-----

--------------0T8b1jwqBvHIn1--
"""
GMAIL = f"""MIME-Version: 1.0
From: Marie Durand <marie@lycee.test>
Content-Type: multipart/mixed; boundary="000000000000a1b2c3"

--000000000000a1b2c3
Content-Type: multipart/alternative; boundary="000000000000a1b2c1"

--000000000000a1b2c1
{PLAIN}
--000000000000a1b2c1
{HTML}
--000000000000a1b2c1--
--000000000000a1b2c3
Content-Type: application/pdf; name="bon.pdf"
Content-Disposition: attachment; filename="bon.pdf"
Content-Transfer-Encoding: base64
Content-ID: <f_m1234>
X-Attachment-Id: f_m1234

{FORM}
--000000000000a1b2c3--
"""
ZIMBRA = f"""Date: Mon, 23 Nov 2026 09:00:00 +0100 (CET)
From: Marie Durand <marie@lycee.test>
X-Originating-IP: [192.0.2.30]
X-Mailer: Zimbra 8.8.15_GA_4545 (ZimbraWebClient - FF120 (Win)/8.8.15_GA_4545)
MIME-Version: 1.0
Content-Type: multipart/mixed;
\tboundary="----=_Part_123_456.789"

------=_Part_123_456.789
Content-Type: multipart/alternative;
\tboundary="=_d0a1-b2"

--=_d0a1-b2
{PLAIN}
--=_d0a1-b2
{HTML}
--=_d0a1-b2--

------=_Part_123_456.789
Content-Type: application/pdf; name=bon de commande.pdf
Content-Disposition: attachment; filename=bon de commande.pdf
Content-Transfer-Encoding: base64

{FORM}
------=_Part_123_456.789--
"""
ROUNDCUBE = f"""MIME-Version: 1.0
From: Marie Durand <marie@lycee.test>
User-Agent: Roundcube Webmail
X-Sender: marie@lycee.test
Content-Type: multipart/mixed;
 boundary="=_5f2c0a"
X-VR-SPAMSTATE: OK
X-Ovh-Tracer-Id: 1234

--=_5f2c0a
Content-Transfer-Encoding: 7bit
Content-Type: text/plain; charset=US-ASCII;
 format=flowed

Bonjour
--=_5f2c0a
Content-Transfer-Encoding: base64
Content-Type: application/pdf;
 name=bon.pdf
Content-Disposition: attachment;
 filename=bon.pdf;
 size=76

{FORM}
--=_5f2c0a--
"""
PHONE = f"""Content-Type: multipart/mixed; boundary=Apple-Mail-0A1B
Content-Transfer-Encoding: 7bit
From: Marie Durand <marie@lycee.test>
Mime-Version: 1.0 (1.0)
X-Mailer: iPhone Mail (21A329)

--Apple-Mail-0A1B
{PLAIN}
--Apple-Mail-0A1B
Content-Type: application/pdf;
\tname=Scan.pdf;
\tx-apple-part-url=0A1B
Content-Disposition: inline;
\tfilename=Scan.pdf
Content-Transfer-Encoding: base64

{FORM}
--Apple-Mail-0A1B
Content-Type: text/plain;
\tcharset=us-ascii
Content-Transfer-Encoding: 7bit


Envoye de mon iPhone
--Apple-Mail-0A1B--
"""
SAMSUNG = f"""Importance: normal
From: Marie Durand <marie@lycee.test>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="--_com.samsung.android.email_12345_67890"

----_com.samsung.android.email_12345_67890
{PLAIN}
----_com.samsung.android.email_12345_67890
Content-Type: application/octet-stream; name="bon.pdf"
Content-Transfer-Encoding: base64
Content-Disposition: attachment; filename="bon.pdf"; size=76

{FORM}
----_com.samsung.android.email_12345_67890--
"""
COPIER = f"""Date:Mon, 23 Nov 2026 09:00:00 +0100
From:"Copieur, salle des profs" <marie@lycee.test>
Subject:Message from "RNP002673"
MIME-Version:1.0
Content-Type:multipart/mixed;boundary="DC_BOUND_PRE_<1700000000.0026733a>"

--DC_BOUND_PRE_<1700000000.0026733a>
Content-Type:application/pdf;name="20261123090000.pdf"
Content-Transfer-Encoding:BASE64
Content-Disposition:attachment;filename="20261123090000.pdf"

{FORM}
--DC_BOUND_PRE_<1700000000.0026733a>--
"""
FORWARDED = f"""From: Marie Durand <marie@lycee.test>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="_002_X_"

--_002_X_
{PLAIN}
--_002_X_
Content-Type: message/rfc822
Content-Disposition: attachment;
\tcreation-date="Mon, 23 Nov 2026 08:00:00 GMT"

{GMAIL}
--_002_X_--
"""
MAILS = {
    "Outlook": OUTLOOK,
    "Apple Mail": APPLE_MAIL,
    "Thunderbird": THUNDERBIRD,
    "Gmail": GMAIL,
    "Zimbra": ZIMBRA,
    "Roundcube": ROUNDCUBE,
    "iPhone": PHONE,
    "Samsung": SAMSUNG,
    "copier": COPIER,
    "forwarded as a file": FORWARDED,
}


@pytest.mark.parametrize("line_end", [b"\r\n", b"\n"], ids=["CRLF", "LF"])
@pytest.mark.parametrize("program", MAILS)
def test_the_form_is_found_in_a_mail_of_each_program(program: str, line_end: bytes) -> None:
    got = read(MAILS[program].encode().replace(b"\n", line_end))
    documents = [content for content in contents(got) if content != PNG]
    assert (got.sender, documents, got.problems, got.unread) == ("marie@lycee.test", [PDF], (), ())
    assert not got.automatic
