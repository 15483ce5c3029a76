"""Mail through a real server with STARTTLS and AUTH, into a folder, and the faults that a server may answer with."""

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from tests.support.post_office import CUT, HANG, Inbox, open_office
from tracker.gateways.mail.sending import MOST_ON_ONE_LINE, MailFault, MemorySender, build_message, mail_sender

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
FROM = "销号平台 <xiaohao@example.org>"


def letter(to: str = "officer@example.org", subject: str = "案件 XH-2026-000123 已交办") -> EmailMessage:
    return build_message(subject, "请于 3 月 5 日前办理。\n", to, "outbox-7@example.org", mail_from=FROM, date=NOW)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Key and self-signed certificate of `localhost`, good for a day."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "server.pem"
    file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + made.public_bytes(Encoding.PEM))
    return file


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def plain(inbox: Inbox) -> Iterator[str]:
    with open_office(inbox) as port:
        yield f"smtp://127.0.0.1:{port}"


@pytest.fixture
def secured(inbox: Inbox, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    def sign_in(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (b"user@example.org", b"pass/1#"), handled=False)

    with open_office(inbox, tls_context=context, require_starttls=True, auth_required=True, authenticator=sign_in) as port:
        yield f"smtp://user%40example.org:{{password}}@localhost:{port}?starttls=1"


def send(url: str, *messages: EmailMessage) -> None:
    with mail_sender(url, FROM).connection() as hand_over:
        for message in messages:
            hand_over(message)


def test_chinese_subject_name_and_text_arrive_whole(plain: str, inbox: Inbox) -> None:
    send(plain, letter())
    (_, got), *_ = inbox.received
    assert got["Subject"] == "案件 XH-2026-000123 已交办"
    assert got["From"].addresses[0].display_name == "销号平台"
    assert got["Message-ID"] == "<outbox-7@example.org>"
    assert got["Date"].datetime == NOW
    assert got["Auto-Submitted"] == "auto-generated"
    assert got.get_content().replace("\r\n", "\n") == "请于 3 月 5 日前办理。\n"


def test_a_batch_goes_through_one_connection(plain: str, inbox: Inbox) -> None:
    send(plain, letter(), letter("lead@example.org"))
    assert len({id(session) for session, _ in inbox.received}) == 1
    assert [message["To"] for _, message in inbox.received] == ["officer@example.org", "lead@example.org"]


def test_starttls_and_sign_in_work(secured: str, inbox: Inbox) -> None:
    send(secured.replace("{password}", "pass%2F1%23"), letter())
    assert inbox.received[0][0].ssl is not None
    assert inbox.received[0][0].authenticated


def test_a_wrong_password_is_a_fault_that_may_pass(secured: str) -> None:
    with pytest.raises(MailFault, match="535") as fault:
        send(secured.replace("{password}", "wrong"), letter())
    assert not fault.value.is_final


def test_a_certificate_nobody_vouches_for_is_refused(secured: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(MailFault, match="certificate"):
        send(secured.replace("{password}", "x"), letter())


@pytest.mark.parametrize(("answer", "is_final"), [("550 no such user", True), ("451 later", False)])
def test_a_refused_recipient_is_final_only_with_5xx(plain: str, inbox: Inbox, answer: str, is_final: bool) -> None:
    inbox.answers["officer@example.org"] = answer
    with pytest.raises(MailFault, match=r"officer@example\.org") as fault:
        send(plain, letter())
    assert fault.value.is_final is is_final


@pytest.mark.parametrize(("answer", "is_final"), [("554 looks like spam", True), ("452 disk full", False)])
def test_refused_content_is_final_only_with_5xx(plain: str, inbox: Inbox, answer: str, is_final: bool) -> None:
    inbox.on_data = answer
    with pytest.raises(MailFault, match=answer) as fault:
        send(plain, letter())
    assert fault.value.is_final is is_final


def test_one_refused_mail_does_not_stop_the_next(plain: str, inbox: Inbox) -> None:
    inbox.answers["gone@example.org"] = "550 gone"
    with mail_sender(plain, FROM).connection() as hand_over:
        with pytest.raises(MailFault):
            hand_over(letter("gone@example.org"))
        hand_over(letter())
    assert len(inbox.received) == 1


def test_a_server_that_is_down_is_a_fault_that_may_pass() -> None:
    with pytest.raises(MailFault, match="无法连接") as fault:
        send("smtp://127.0.0.1:1", letter())
    assert not fault.value.is_final


def test_a_connection_cut_after_the_message_may_have_delivered_it(plain: str, inbox: Inbox) -> None:
    inbox.on_data = CUT
    with mail_sender(plain, FROM).connection() as hand_over:
        with pytest.raises(MailFault) as broken:
            hand_over(letter())
        with pytest.raises(MailFault, match="已断开") as after:
            hand_over(letter("lead@example.org"))
    assert (broken.value.is_final, broken.value.is_unsure) == (False, True)
    assert (after.value.is_final, after.value.is_unsure) == (False, False)
    assert len(inbox.received) == 1


def test_a_server_that_says_nothing_is_left_in_time_and_may_have_taken_it(plain: str, inbox: Inbox) -> None:
    inbox.on_data = HANG
    with mail_sender(plain, FROM, seconds=0.5).connection() as hand_over, pytest.raises(MailFault) as fault:
        hand_over(letter())
    assert (fault.value.is_final, fault.value.is_unsure) == (False, True)


class Impatient(Inbox):
    """Hangs up when a connection asks for more than so many mails, as servers do that limit them."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        session.begun = getattr(session, "begun", 0) + 1
        if session.begun > self.most:
            await server.push("421 too many messages in this connection")
            server.transport.close()
        envelope.mail_from = address
        return "250 OK"


def test_a_server_that_limits_the_mails_of_a_connection_gets_the_rest_over_new_ones() -> None:
    inbox = Impatient(2)
    with open_office(inbox) as port:
        send(f"smtp://127.0.0.1:{port}", *(letter(f"p{n}@example.org") for n in range(5)))
    assert [message["To"] for message in inbox.messages] == [f"p{n}@example.org" for n in range(5)]


def test_a_server_that_hangs_up_at_every_envelope_has_taken_nothing_and_is_left() -> None:
    with open_office(Impatient(0)) as port, pytest.raises(MailFault, match="421") as fault:
        send(f"smtp://127.0.0.1:{port}", letter())
    assert (fault.value.is_final, fault.value.is_unsure, fault.value.is_cut) == (False, False, True)


def test_a_connection_is_renewed_after_many_mails(plain: str, inbox: Inbox) -> None:
    send(plain, *(letter(f"p{n}@example.org") for n in range(MOST_ON_ONE_LINE + 1)))
    assert len({id(session) for session, _ in inbox.received}) == 2
    assert len(inbox.received) == MOST_ON_ONE_LINE + 1


def test_a_refusal_is_sure(plain: str, inbox: Inbox) -> None:
    inbox.on_data = "451 later"
    with pytest.raises(MailFault) as fault:
        send(plain, letter())
    assert not fault.value.is_unsure


def test_a_page_arrives_with_its_text_and_its_pictures(plain: str, inbox: Inbox) -> None:
    send(plain, build_message("周调度", "正文\n", "lead@example.org", "r-1@example.org", mail_from=FROM, date=NOW,
                              html='<p>图</p><img src="cid:chart1" alt="一"><img src="cid:chart2" alt="二">',
                              pictures={"chart1": b"\x89PNG one", "chart2": b"\x89PNG two"}))
    (got,) = inbox.messages
    assert [part.get_content_type() for part in got.walk()] == [
        "multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png", "image/png"]
    assert got.get_body(("plain",)).get_content().strip() == "正文"
    assert 'src="cid:chart1"' in got.get_body(("html",)).get_content()
    pictures = [part for part in got.walk() if part.get_content_maintype() == "image"]
    assert [(p["Content-ID"], p.get_content_disposition(), p.get_content()) for p in pictures] == [
        ("<chart1>", "inline", b"\x89PNG one"), ("<chart2>", "inline", b"\x89PNG two")]


def test_mail_to_a_folder_is_written_whole_and_once(tmp_path: Path) -> None:
    folder = tmp_path / "发件 箱"
    send(folder.as_uri(), letter(), letter())
    (file,) = folder.iterdir()
    assert file.suffix == ".eml"
    assert message_from_bytes(file.read_bytes(), policy=default)["Subject"] == "案件 XH-2026-000123 已交办"


def test_a_subject_cannot_smuggle_a_header() -> None:
    message = letter(subject="你好\r\nBcc: all@example.org")
    assert message["Bcc"] is None
    assert message["Subject"] == "你好 Bcc: all@example.org"


@pytest.mark.parametrize("to", ["", "nobody", "a@b\r\nBcc: c@d"])
def test_what_is_no_address_is_a_final_fault(to: str) -> None:
    with pytest.raises(MailFault) as fault:
        letter(to)
    assert fault.value.is_final


def test_the_memory_sender_keeps_and_fails_on_demand() -> None:
    sender = MemorySender()
    with sender.connection() as hand_over:
        hand_over(letter())
        sender.fault = MailFault("满了", is_final=False)
        with pytest.raises(MailFault):
            hand_over(letter())
    assert len(sender.messages) == 1
