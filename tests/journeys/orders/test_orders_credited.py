"""Forms that are orders: credited, and once, whatever is mailed how often (R9-R11, R13)."""

from concurrent.futures import ThreadPoolExecutor
from email.policy import SMTP
from io import BytesIO

from PIL import Image

from local.players import paper
from local.players.certificates import certified, signed
from local.players.client import Person, eventually, mail_with
from local.players.school import SchoolPlayer
from tests.support.journeys.letters import ALREADY_RECEIVED, CREDITED, reply


def test_a_form_mailed_twice_at_once_and_once_more_is_credited_once(school: SchoolPlayer) -> None:
    signed = school.signed_form(P1000=2)
    message = mail_with(signed, sender=school.manager.email, headers=[("Message-ID", f"<{school.uai}@ecole.test>")])
    mail = message.as_bytes(policy=SMTP)  # once, because each writing that finds no boundary yet draws one
    with ThreadPoolExecutor(2) as together:
        for sent in [together.submit(school.client.mail, mail, school.manager.email) for _ in range(2)]:
            sent.result()
    school.mail(signed, subject="Relance")

    eventually(lambda: school.mails(ALREADY_RECEIVED))  # the reminder's; a mail delivered again has the same answer
    eventually(lambda: school.mails(CREDITED))
    assert [(entry["kind"], entry["amount"]) for entry in school.ledger()] == [("credit", 2000)]
    assert school.balance() == 2000
    assert [len(school.mails(each)) for each in (CREDITED, ALREADY_RECEIVED)] == [1, 1]
    assert [order["state"] for order in school.orders()] == ["credited"]


def test_a_form_digitally_signed_by_who_is_trusted_is_credited(school: SchoolPlayer, operator: Person) -> None:
    authority = certified("Autorité de l’académie", authority=True)
    assert operator.put("/v1/trusted-signers", [authority.pem]).status == 200
    head = certified("Proviseur du lycée", authority)
    school.mail(signed(school.complete(school.order_form(P500=1)), head))

    eventually(lambda: school.balance() == 500)


def test_a_stamped_form_is_credited(school: SchoolPlayer) -> None:
    school.mail(paper.stamp(school.complete(school.order_form(P500=1))))

    eventually(lambda: school.balance() == 500)


def test_a_form_signed_on_paper_and_scanned_is_credited(school: SchoolPlayer) -> None:
    school.mail(paper.scan(school.signed_form(P500=1), dpi=150, angle=1.5))

    eventually(lambda: school.balance() == 500)


def test_a_form_printed_to_pdf_is_credited(school: SchoolPlayer) -> None:
    school.mail(paper.flatten(school.signed_form(P500=1)))

    eventually(lambda: school.balance() == 500)


def test_quantities_changed_on_the_form_are_what_is_credited(school: SchoolPlayer) -> None:
    school.mail(school.signed_form({"qty_P1000": "1", "qty_P2500": "2"}, P1000=2))

    eventually(lambda: school.balance() == 6000)
    [order] = school.orders()
    assert order["packs"] == {"P1000": 1, "P2500": 2}


def test_two_forms_in_a_mail_are_both_credited(school: SchoolPlayer) -> None:
    school.mail(school.signed_form(P1000=2), school.signed_form(P500=1))

    eventually(lambda: school.balance() == 2500)
    assert eventually(lambda: len(school.mails(CREDITED)) == 2)
    assert sorted((order["state"], order["sms"]) for order in school.orders()) == [
        ("credited", 500),
        ("credited", 2000),
    ]


def test_beside_a_form_that_lacks_something_the_other_is_credited(school: SchoolPlayer) -> None:
    unsigned = school.complete(school.order_form(P1000=2))
    school.mail(unsigned, school.signed_form(P500=1))

    eventually(lambda: school.balance() == 500)
    assert "signature absente" in reply(school)
    assert sorted(order["state"] for order in school.orders()) == ["credited", "incomplete"]


def test_an_unsigned_form_signed_later_is_credited(school: SchoolPlayer) -> None:
    form = school.complete(school.order_form(P500=1))
    school.mail(form)
    eventually(lambda: [order["state"] for order in school.orders()] == ["incomplete"])
    school.mail(paper.ink(form))

    eventually(lambda: school.balance() == 500)


def test_every_manager_is_mailed_about_the_credit(school: SchoolPlayer) -> None:
    colleague = f"hugo.martin@{school.uai.lower()}.ecole.test"
    managers = [
        {"name": "Zoé Lefèvre", "email": school.manager.email},
        {"name": "Hugo Martin", "email": colleague},
    ]
    assert school.register(managers=managers).status == 200
    school.mail(school.signed_form(P500=1), sender=colleague)

    eventually(lambda: school.mails(CREDITED))
    eventually(lambda: CREDITED in [mail["subject"] for mail in school.client.outbox(colleague)])


def test_a_form_that_a_registered_address_mails_is_credited(school: SchoolPlayer) -> None:
    assert school.register(order_senders=["ce.<uai>@ac-paris.test"]).status == 200
    school.mail(school.signed_form(P500=1), sender=f"ce.{school.uai.lower()}@ac-paris.test")

    eventually(lambda: school.balance() == 500)


def test_a_mail_without_message_id_is_credited(school: SchoolPlayer) -> None:
    mail = mail_with(school.signed_form(P500=1), sender=school.manager.email)
    assert "Message-ID" not in mail
    school.client.mail(mail, school.manager.email)

    eventually(lambda: school.balance() == 500)


def test_a_logo_beside_the_form_is_no_second_form(school: SchoolPlayer) -> None:
    mail = mail_with(school.signed_form(P500=1), sender=school.manager.email)
    logo = BytesIO()
    Image.new("RGB", (120, 40), "navy").save(logo, "PNG")
    mail.add_attachment(logo.getvalue(), maintype="image", subtype="png", filename="logo.png")
    school.client.mail(mail, school.manager.email)

    eventually(lambda: school.balance() == 500)
