"""What is past its term is thrown away once, and only that; a text is kept once however many its readers."""

from datetime import timedelta

from sqlalchemy import func, select

from tests.support.makers import Town
from tests.support.post_office import worded
from tracker.domain.people.kinds import SignInOutcome
from tracker.services.house.work import Work, wiring
from tracker.services.mail import outbox
from tracker.services.mail.letters import Letter, put
from tracker.services.people.signing import sessions, trail
from tracker.services.people.signing.visits import Visit
from tracker.services.upkeep import integrity
from tracker.services.upkeep.running import growth, tidying
from tracker.storage.house.base import db
from tracker.storage.house.ledger import FactRow
from tracker.storage.mail.bodies import MailBody
from tracker.storage.mail.outbox import Message
from tracker.storage.people.sign_ins import SignIn, SignInSession


def count(table: type) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def facts(kind: str) -> int:
    return db.session.scalar(select(func.count()).where(FactRow.kind == kind)) or 0


def test_one_body_however_many_its_readers(town: Town) -> None:
    words = {"login": "clerk", "word": "密码已重置", "by": "系统管理员"}
    with Work(wiring()) as work:
        put(work, [Letter(person, "account_changed", f"k{person}", words) for person in town.people.values()])
    assert count(Message) == len(town.people)
    assert count(MailBody) == 1
    assert {message.text for message in db.session.scalars(select(Message))} != {""}


def old_mail(town: Town, key: str, state: str, text: str) -> None:
    sent = town.clock.now() if state == "sent" else None
    db.session.add(Message(dedupe_key=key, person_id=town.people["lead"], mail="n", subject="主题", body=worded(text, "<p>"),
                           sent_at=sent,
                           message_id=key, state=state, due_at=town.clock.now()))
    db.session.commit()


def test_only_words_of_what_was_sent_long_ago_go_and_once(town: Town) -> None:
    for state in ("sent", "waiting", "held", "given_up"):
        old_mail(town, state, state, f"正文 {state}")
    town.clock.advance(timedelta(days=181))
    old_mail(town, "new", "sent", "新的")
    assert "整理邮件正文 1 封" in str(tidying.tidy(town.clock.today()))
    texts = {row.dedupe_key: row.text for row in db.session.scalars(select(Message))}
    assert texts == {"sent": "", "waiting": "正文 waiting", "held": "正文 held", "given_up": "正文 given_up", "new": "新的"}
    assert count(MailBody) == 4
    assert "整理邮件正文 0 封" in str(tidying.tidy(town.clock.today()))
    assert facts("outbox:tidied") == 1


def test_the_trail_of_sign_ins_goes_after_its_term_with_its_sessions(town: Town) -> None:
    sessions.begin(town.people["clerk"], Visit("10.0.0.1", "Firefox", ""))
    trail.note_failure("clerk", town.people["clerk"], SignInOutcome.wrong_password, Visit("10.0.0.1", "Firefox", ""))
    town.clock.advance(timedelta(days=396))
    sessions.begin(town.people["lead"], Visit("10.0.0.2", "Firefox", ""))
    assert "登录记录 2 条" in str(tidying.tidy(town.clock.today()))
    assert (count(SignIn), count(SignInSession)) == (1, 1)
    assert "登录记录 0 条" in str(tidying.tidy(town.clock.today()))
    assert facts("sign_ins:tidied") == 1
    assert [str(each) for each in integrity.verify().troubles] == []


def test_a_secret_that_was_sent_leaves_no_words(town: Town, mailer: object) -> None:
    old_mail(town, "link", "waiting", "https://x/set-password#SECRET")
    db.session.execute(Message.__table__.update().values(mail="password_link"))  # type: ignore[attr-defined]
    db.session.commit()
    assert outbox.send_due().sent == 1
    assert count(MailBody) == 0


def test_the_room_of_what_was_thrown_away_is_given_back(town: Town) -> None:
    if db.engine.dialect.name != "sqlite":
        assert growth.shrink()[1] > 0, "PostgreSQL sees to it by itself"
        return
    old_mail(town, "long", "sent", "".join(f"{n}号点位油烟扰民。" for n in range(200_000)))
    town.clock.advance(timedelta(days=181))
    before = growth.shrink()[1]
    tidying.tidy(town.clock.today())
    assert growth.shrink()[1] < before
    assert [str(each) for each in integrity.verify().troubles] == []
