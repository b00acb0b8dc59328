"""Mail: one for one reason, claimed before it is sent, tried again, stopped by its reader; against a real server."""

import email
import email.policy
import smtplib
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from io import StringIO

import pytest
from aiosmtpd.controller import Controller
from django.core import signing
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from core import mail
from core.models import AuditEvent, Mail, MailStop
from tests.client import CheckingClient
from tests.processes import free_port

Status = Mail.Status
ADDRESS = "ylva@algras.example"


class FaultyMailServer:
    """What aiosmtpd asks: the replies can be ordered, what arrives is kept with its row's state at that moment."""

    def __init__(self) -> None:
        self.arrived: list[EmailMessage] = []
        self.states_meanwhile: list[list[str]] = []
        self.on_recipient = "250 OK"
        self.on_data = "250 OK"
        self.watch_rows = False

    async def handle_RCPT(self, _server, _session, envelope, address, _options) -> str:  # noqa: N802 - aiosmtpd's name
        if self.on_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.on_recipient

    async def handle_DATA(self, server, _session, envelope) -> str:  # noqa: N802
        if self.watch_rows:
            self.states_meanwhile.append(await server.loop.run_in_executor(None, states))
        if self.on_data.startswith("250"):
            self.arrived.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return self.on_data


def states() -> list[str]:
    """Every row's state as another connection sees it."""
    try:
        return list(Mail.objects.order_by("pk").values_list("status", flat=True))
    finally:
        connection.close()


@pytest.fixture
def server(settings) -> Iterator[FaultyMailServer]:
    handler = FaultyMailServer()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = controller.hostname, controller.port
    yield handler
    controller.stop()


@pytest.fixture
def nobody_listens(settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()


@pytest.fixture
def sent_tasks(monkeypatch) -> list[tuple[str, list[int]]]:
    """What would have been told to the workers."""
    told: list[tuple[str, list[int]]] = []
    monkeypatch.setattr(mail.current_app, "send_task", lambda name, args: told.append((name, args)))
    return told


def queue(key: str = "test:1", *, to: str = ADDRESS) -> Mail | None:
    return mail.queue(
        to=to, kind="test", key=key, template="test_message", context={"cluster": {"name": "Havsbris Cluster"}}
    )


def made(status: str = Status.QUEUED, *, key: str = "test:1", **values: object) -> Mail:
    return Mail.objects.create(
        kind="test", key=key, to=ADDRESS, subject="Hej", text="Text", html="<p>Text</p>", status=status, **values
    )


def ago(**time: float):
    return timezone.now() - timedelta(**time)


# --- queueing --------------------------------------------------------------------------------------------------------


def test_queue_tells_a_worker_after_the_commit(db, sent_tasks, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        row = queue()
        assert sent_tasks == []

    assert sent_tasks == [("core.send_mail", [row.pk])]


def test_second_mail_of_a_key_is_not_made(db, sent_tasks, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        assert queue() is not None
        assert queue() is None
        assert queue("test:2") is not None

    assert Mail.objects.count() == len(sent_tasks) == 2


@pytest.mark.django_db(transaction=True)
def test_queue_goes_on_when_the_broker_is_away(monkeypatch, caplog):
    def away(*_args: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(mail.current_app, "send_task", away)
    with transaction.atomic():
        queue()

    assert Mail.objects.get().status == Status.QUEUED
    assert "on_commit" in caplog.text


def test_mail_to_an_address_that_stopped_its_kind_is_kept_unsent(db, sent_tasks, django_capture_on_commit_callbacks):
    MailStop.objects.create(address=ADDRESS, kind="test")
    with django_capture_on_commit_callbacks(execute=True):
        row = queue(to="Ylva@Algras.example ")

    assert (row.status, sent_tasks) == (Status.STOPPED, [])


# --- sending ---------------------------------------------------------------------------------------------------------


def test_mail_has_its_subject_as_title(db):
    row = queue()
    assert row.subject
    assert f"<title>{row.subject}</title>" in row.html


def test_mail_arrives_with_both_texts_and_a_link_to_stop_its_kind(db, server, settings):
    row = queue()
    mail.send(row.pk)
    row.refresh_from_db()

    (message,) = server.arrived
    assert (row.status, row.attempts, row.error) == (Status.SENT, 1, "")
    assert row.sent_at is not None
    assert (message["To"], message["Subject"]) == (ADDRESS, "Mail from Havsbris Cluster works")
    assert message["List-Unsubscribe"].strip() == f"<{mail.stop_url(ADDRESS, 'test')}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


def test_mail_is_sent_once_however_often_it_is_asked_for(db, server):
    row = made()
    mail.send(row.pk)
    mail.send(row.pk)

    assert len(server.arrived) == 1


@pytest.mark.django_db(transaction=True)
def test_claim_is_committed_before_the_server_is_spoken_to(server):
    server.watch_rows = True
    mail.send(made().pk)

    assert server.states_meanwhile == [[Status.SENDING]]


def test_crash_while_sending_leaves_the_row_for_an_operator_and_sends_nothing_twice(db, server, monkeypatch):
    row = made()

    def killed(*_args: object, **_kwargs: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(smtplib.SMTP, "sendmail", killed)
        with pytest.raises(SystemExit):
            mail.send(row.pk)
    mail.send(row.pk)
    mail.send_queued()

    row.refresh_from_db()
    assert (row.status, server.arrived) == (Status.SENDING, [])


@pytest.mark.parametrize(
    ("reply", "value", "status", "server_is_well"),
    [
        ("on_recipient", "550 No such user", Status.FAILED, True),
        ("on_recipient", "451 Try later", Status.QUEUED, True),
        ("on_data", "554 Not wanted here", Status.FAILED, True),
        ("on_data", "452 Disk full", Status.QUEUED, True),
        ("on_data", "421 Closing", Status.QUEUED, True),
    ],
)
def test_refused_mail(db, server, reply, value, status, server_is_well):
    setattr(server, reply, value)
    row = made()

    assert mail.send(row.pk) is server_is_well
    row.refresh_from_db()
    assert (row.status, row.attempts) == (status, 1)
    assert value[4:] in row.error


def test_mail_waits_while_no_server_answers(db, nobody_listens):
    row = made()

    assert mail.send(row.pk) is False
    row.refresh_from_db()
    assert (row.status, row.attempts) == (Status.QUEUED, 1)
    assert row.error.startswith("ConnectionRefusedError")


def test_last_attempt_fails_the_mail(db, nobody_listens):
    row = made(attempts=mail.MAX_ATTEMPTS - 1)
    mail.send(row.pk)

    row.refresh_from_db()
    assert (row.status, row.attempts) == (Status.FAILED, mail.MAX_ATTEMPTS)


def test_mail_goes_out_when_the_server_is_back(db, server):
    server.on_data = "451 Try later"
    row = made(created_at=ago(hours=1))
    mail.send_queued()
    server.on_data = "250 OK"
    mail.send_queued()

    row.refresh_from_db()
    assert (row.status, row.attempts, row.error) == (Status.SENT, 2, "")
    assert len(server.arrived) == 1


@pytest.mark.parametrize(
    ("attempts", "age", "is_due"),
    [
        (0, {"seconds": 20}, False),
        (0, {"seconds": 40}, True),
        (1, {"seconds": 90}, False),
        (1, {"minutes": 3}, True),
        (4, {"minutes": 100}, False),
        (4, {"minutes": 150}, True),
        (6, {"hours": 30}, False),
        (6, {"hours": 36}, True),
    ],
)
def test_attempts_lie_further_and_further_apart(db, attempts, age, is_due):
    row = made(attempts=attempts, created_at=ago(**age))

    assert list(mail.due()) == ([row] if is_due else [])


def test_round_ends_when_the_server_fails(db, nobody_listens):
    for number in range(3):
        made(key=f"test:{number}", created_at=ago(hours=1))
    mail.send_queued()

    assert sorted(Mail.objects.values_list("attempts", flat=True)) == [0, 0, 1]


def test_round_goes_on_after_a_refused_address(db, server):
    server.on_recipient = "550 No such user"
    for number in range(3):
        made(key=f"test:{number}", created_at=ago(hours=1))
    mail.send_queued()

    assert set(Mail.objects.values_list("status", flat=True)) == {Status.FAILED}


# --- what an operator sees -------------------------------------------------------------------------------------------


def run_command(**options: object) -> str:
    out = StringIO()
    call_command("mail", stdout=out, **options)
    return out.getvalue()


def test_mail_hangs_when_its_worker_has_been_gone_for_a_while(db):
    made(Status.SENDING, key="fresh", claimed_at=ago(minutes=5))
    made(Status.SENT, key="sent", claimed_at=ago(hours=1))
    hanging = made(Status.SENDING, key="old", claimed_at=ago(minutes=20))

    assert list(mail.stuck()) == [hanging]


def test_command_lists_what_hangs_failed_and_waits(db):
    hanging = made(Status.SENDING, key="hangs", claimed_at=ago(hours=1))
    failed = made(Status.FAILED, key="failed", error="SMTPDataError: 554")
    waiting = made(key="waits", created_at=ago(hours=1))
    made(Status.SENT, key="sent")

    lines = [line.split("\t") for line in run_command().splitlines()]

    assert [(int(line[0]), line[1]) for line in lines] == [
        (hanging.pk, "being sent"),
        (failed.pk, "failed"),
        (waiting.pk, "waiting"),
    ]
    assert lines[1][4] == "SMTPDataError: 554"


@pytest.mark.parametrize(
    ("option", "status", "action"),
    [("send_again", Status.QUEUED, "core.mail_sent_again"), ("give_up", Status.FAILED, "core.mail_given_up")],
)
def test_operator_decides_about_a_mail_that_hangs(
    db, sent_tasks, django_capture_on_commit_callbacks, option, status, action
):
    row = made(Status.SENDING, claimed_at=ago(hours=1), attempts=1)
    with django_capture_on_commit_callbacks(execute=True):
        run_command(**{option: row.pk})

    row.refresh_from_db()
    event = AuditEvent.objects.get()
    assert row.status == status
    assert (event.action, event.object_id, event.actor_id) == (action, row.pk, None)
    assert sent_tasks == ([("core.send_mail", [row.pk])] if option == "send_again" else [])


def test_failed_mail_is_sent_again_with_all_its_attempts(db, server, sent_tasks):
    row = made(Status.FAILED, attempts=mail.MAX_ATTEMPTS, created_at=ago(hours=1))
    run_command(send_again=row.pk)
    run_command(send_due=True)

    row.refresh_from_db()
    assert (row.status, row.attempts) == (Status.SENT, 1)


@pytest.mark.parametrize("option", ["send_again", "give_up"])
@pytest.mark.parametrize("status", [Status.SENT, Status.QUEUED, Status.SENDING])
def test_operator_cannot_decide_about_a_mail_that_is_on_its_way(db, option, status):
    row = made(status, claimed_at=timezone.now())

    with pytest.raises(CommandError, match="neither hangs nor failed"):
        run_command(**{option: row.pk})

    row.refresh_from_db()
    assert row.status == status


# --- stopping --------------------------------------------------------------------------------------------------------


def stop_path() -> str:
    return mail.stop_url(ADDRESS, "test").removeprefix(mail.absolute(""))


def test_link_asks_before_it_stops(client, db):
    """Mail scanners open every link."""
    response = client.get(stop_path())

    assert ADDRESS in response.content.decode()
    assert not MailStop.objects.exists()


def test_post_stops_the_kind_and_what_still_waits(client, db):
    waiting, other = made(), made(key="other")
    Mail.objects.filter(pk=other.pk).update(kind="invitation")
    response = client.post(stop_path())

    assert "You get no more of these mails" in response.content.decode()
    assert list(MailStop.objects.values_list("address", "kind")) == [(ADDRESS, "test")]
    assert Mail.objects.get(pk=waiting.pk).status == Status.STOPPED
    assert Mail.objects.get(pk=other.pk).status == Status.QUEUED


def test_second_post_changes_nothing(client, db):
    client.post(stop_path())
    client.post(stop_path())

    assert MailStop.objects.count() == 1


def test_mail_program_posts_without_a_form_of_ours(db):
    strict = CheckingClient(enforce_csrf_checks=True)
    strict.post(stop_path(), {"List-Unsubscribe": "One-Click"})

    assert MailStop.objects.filter(address=ADDRESS, kind="test").exists()


@pytest.mark.parametrize(
    "token",
    [
        "anything",
        signing.dumps([ADDRESS, "test"]),
        signing.dumps([ADDRESS, "test"], salt=mail.STOP_SALT)[:-1],
        signing.dumps([ADDRESS, "test"], salt=mail.STOP_SALT, key="another key of another portal"),
    ],
    ids=["no token", "of another purpose", "cut off", "of another portal"],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_forged_link_leads_nowhere(client, db, token, method):
    response = getattr(client, method)(reverse("mail_stop", args=[token]))

    assert response.status_code == 404
    assert "This link stops nothing" in response.content.decode()
    assert not MailStop.objects.exists()


def test_other_methods_are_refused(client, db):
    response = client.delete(stop_path())

    assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD, POST")
    assert not MailStop.objects.exists()


def test_link_leads_to_the_site_and_not_to_the_host_that_was_asked(settings):
    settings.SITE_URL = "https://portal.havsbris.example/"

    assert mail.stop_url(ADDRESS, "test").startswith("https://portal.havsbris.example/mail/stop/")
