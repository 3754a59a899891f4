"""Only what SES put on top of a mail counts (R13)."""

import pytest

from schoolsms.adapters.mail.inbound import MimeMailReader
from schoolsms.domain.orders.mails import InboundMail, Verdict

AUTHENTICATION = (
    "amazonses.com;\r\n spf={spf} (spfCheck: domain of lycee.test designates 192.0.2.1 as permitted sender)"
    " client-ip=192.0.2.1; envelope-from={envelope}; helo=mx.lycee.test;\r\n"
    " dkim={dkim} header.i=@{signer};\r\n dmarc={dmarc} header.from={author};"
)


def block(
    *,
    spf: str = "pass",
    dkim: str = "pass",
    dmarc: str = "pass",
    spam: str = "PASS",
    virus: str = "PASS",
    envelope: str = "martin@lycee.test",
    signer: str = "lycee.test",
    author: str = "lycee.test",
    received_spf: str | None = None,
    authentication: str | None = None,
) -> list[str]:
    """Headers that SES adds on top, copied from a mail of 2025 in S3."""
    received_spf = received_spf or (
        f"{spf} (spfCheck: domain of lycee.test designates 192.0.2.1 as permitted sender)"
        f" client-ip=192.0.2.1; envelope-from={envelope}; helo=mx.lycee.test;"
    )
    authentication = authentication or AUTHENTICATION.format(
        spf=spf, dkim=dkim, dmarc=dmarc, envelope=envelope, signer=signer, author=author
    )
    return [
        f"Return-Path: <{envelope}>",
        "Received: from mx.lycee.test (mx.lycee.test [192.0.2.1])\r\n by inbound-smtp.eu-west-1.amazonaws.com"
        " with SMTP id k1\r\n for commande-sms@skolengo.test;\r\n Mon, 23 Nov 2026 15:30:00 +0000 (UTC)",
        f"X-SES-Spam-Verdict: {spam}",
        f"X-SES-Virus-Verdict: {virus}",
        f"Received-SPF: {received_spf}",
        f"Authentication-Results: {authentication}",
        "X-SES-RECEIPT: AEFBQUFBQUFBQUF",
    ]


def read(top: list[str], *below: str, author: str = "martin@lycee.test") -> InboundMail:
    lines = [*top, *below, f"From: Martin <{author}>", "Subject: Bon", "", "Bonjour", ""]
    return MimeMailReader().parse("\r\n".join(lines).encode())


def authenticity(mail: InboundMail) -> tuple[Verdict, Verdict, Verdict]:
    return mail.spf, mail.dkim, mail.dmarc


def test_what_ses_says_is_read() -> None:
    mail = read(block())
    assert authenticity(mail) == ("pass", "pass", "pass")
    assert (mail.spam, mail.virus) == ("pass", "pass")


@pytest.mark.parametrize(
    ("word", "verdict"),
    [("pass", "pass"), ("fail", "fail"), ("none", "none"), ("temperror", "none"), ("permerror", "none")],
)
def test_each_result_becomes_a_verdict(word: str, verdict: Verdict) -> None:
    assert authenticity(read(block(spf=word, dkim=word, dmarc=word))) == (verdict, verdict, verdict)


def test_a_soft_failure_of_spf_is_a_failure() -> None:
    assert read(block(spf="softfail")).spf == "fail"


@pytest.mark.parametrize(
    ("word", "verdict"), [("PASS", "pass"), ("FAIL", "fail"), ("GRAY", "none"), ("PROCESSING_FAILED", "none")]
)
def test_spam_and_virus_verdicts_are_read(word: str, verdict: Verdict) -> None:
    mail = read(block(spam=word, virus=word))
    assert (mail.spam, mail.virus) == (verdict, verdict)


def test_a_mail_without_the_headers_of_ses_has_no_verdict() -> None:
    mail = read([])
    assert (*authenticity(mail), mail.spam, mail.virus) == ("none",) * 5


def test_forged_headers_below_those_of_ses_do_not_count() -> None:
    failed = block(spf="fail", dkim="fail", dmarc="fail", spam="FAIL", virus="FAIL")
    mail = read(failed, *block())
    assert (*authenticity(mail), mail.spam, mail.virus) == ("fail",) * 5


def test_a_verdict_that_ses_did_not_give_is_not_taken_from_the_sender() -> None:
    without_verdicts = [line for line in block() if line.startswith(("Return-Path", "Received:", "X-SES-RECEIPT"))]
    mail = read(without_verdicts, *block()[2:])
    assert (*authenticity(mail), mail.spam, mail.virus) == ("none",) * 5


@pytest.mark.parametrize("name", ["Subject: x", "X-Mailer: x", "From: a@b.test", "X-SES-Spam-Verdict: PASS"])
def test_a_header_out_of_place_in_the_block_makes_nothing_of_it_count(name: str) -> None:
    top = block()
    mail = read([*top[:3], name, *top[3:]])
    assert (*authenticity(mail), mail.spam, mail.virus) == ("none",) * 5


def test_a_whole_forged_block_counts_only_where_ses_put_nothing_above_it() -> None:
    relayed = ["Received: from relay.test by mx.test; Mon, 23 Nov 2026 15:30:00 +0000", *block()]
    assert authenticity(read(relayed)) == ("none", "none", "none")


def test_results_of_another_server_do_not_count() -> None:
    other = AUTHENTICATION.replace("amazonses.com", "mx.evil.test").format(
        spf="pass", dkim="pass", dmarc="pass", envelope="martin@lycee.test", signer="lycee.test", author="lycee.test"
    )
    mail = read(block(authentication=other))
    assert authenticity(mail) == ("none", "none", "none")
    assert mail.virus == "pass"


def test_another_server_can_be_trusted_instead() -> None:
    raw = "\r\n".join([*block(authentication="MX.example; dmarc=pass header.from=lycee.test"), "From: a@lycee.test"])
    reader = MimeMailReader(trusted_authserv_ids=("mx.example",))
    assert reader.parse(raw.encode() + b"\r\n\r\n").dmarc == "pass"


@pytest.mark.parametrize(
    ("domain", "author", "verdict"),
    [
        ("lycee.test", "martin@lycee.test", "pass"),
        ("LYCEE.test", "martin@lycee.test", "pass"),
        ("mail.lycee.test", "martin@lycee.test", "pass"),
        ("lycee.test", "martin@ent.lycee.test", "pass"),
        ("evil.test", "martin@lycee.test", "none"),
        ("evil-lycee.test", "martin@lycee.test", "none"),
        ("test", "martin@lycee.test", "none"),
        ("xn--lyce-dpa.test", "martin@lycé.test", "none"),
        ("xn--lyc-dma.test", "martin@lycé.test", "pass"),
    ],
)
def test_spf_and_dkim_speak_only_for_the_domain_of_the_sender(domain: str, author: str, verdict: Verdict) -> None:
    mail = read(block(envelope=f"martin@{domain}", signer=domain), author=author)
    assert (mail.spf, mail.dkim) == (verdict, verdict)


def test_one_signature_of_the_sender_is_enough() -> None:
    results = (
        "amazonses.com; dkim=pass header.i=@relay.test; dkim=fail header.i=@x.test; dkim=pass header.i=@lycee.test"
    )
    assert read(block(authentication=results)).dkim == "pass"


@pytest.mark.parametrize(
    "identity",
    [
        "x@lycee.test@evil.test",
        '"x@lycee.test"@evil.test',
        '"x;dkim=pass header.i=@lycee.test"@evil.test',
        '"x; dkim=pass header.i=@lycee.test "@evil.test',
        "@evil.test header.b=a/header.i=@lycee.test",
    ],
)
def test_a_signature_speaks_for_the_domain_that_signed_whatever_its_local_part_says(identity: str) -> None:
    """The owner of evil.test signs with any local part in `i=`; a school's domain without DMARC denies nothing."""
    results = f"amazonses.com; spf=none; dkim=pass header.i={identity}; dmarc=none header.from=lycee.test"
    assert read(block(authentication=results)).dkim == "none"


@pytest.mark.parametrize("properties", ["header.d=lycee.test", "header.d=lycee.test header.i=@mail.lycee.test"])
def test_a_signature_may_be_named_by_its_domain(properties: str) -> None:
    assert read(block(authentication=f"amazonses.com; dkim=pass {properties};")).dkim == "pass"


def test_results_longer_than_those_of_ses_do_not_count() -> None:
    """A hundred signatures of a stranger would push the failure of DMARC beyond what is read of a header."""
    signatures = " dkim=pass header.i=@evil.test;" * 300
    results = f"amazonses.com; spf=pass; {signatures} dmarc=fail header.from=lycee.test;"
    assert authenticity(read(block(authentication=results))) == ("none", "none", "none")


def test_dmarc_of_another_author_than_the_one_we_read_does_not_count() -> None:
    assert read(block(author="evil.test")).dmarc == "none"


def test_a_mail_whose_author_is_unclear_is_authenticated_by_nothing() -> None:
    mail = read(block(), "From: autre@lycee.test")
    assert mail.sender == ""
    assert authenticity(mail) == ("none", "none", "none")


@pytest.mark.parametrize(
    "smuggled",
    [
        '"x; spf=pass; dkim=pass header.i=@lycee.test; dmarc=pass header.from=lycee.test"@evil.test',
        "evil.test;dkim=pass;dmarc=pass",
        "evil.test;dkim=passheader.i=@lycee.test;dmarc=pass",
        "evil.test;DMARC=pass(",
        "evil.test; spf = pass; dmarc = pass header.from=lycee.test",
    ],
)
def test_results_smuggled_in_through_the_envelope_do_not_count(smuggled: str) -> None:
    mail = read(block(spf="fail", dkim="none", dmarc="none", envelope=smuggled))
    assert "pass" not in authenticity(mail)


def test_two_answers_to_one_question_count_as_the_worse() -> None:
    results = "amazonses.com; spf=pass; dmarc=pass header.from=lycee.test; dmarc=fail header.from=lycee.test"
    assert read(block(authentication=results)).dmarc == "fail"
    assert read(block(received_spf="fail (spfCheck: no) envelope-from=martin@lycee.test;")).spf == "fail"
