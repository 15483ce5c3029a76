"""销号 Xiaohao. `create_app` is the bootstrap: the only place where clock, gateways and settings are chosen."""

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from config import Settings
from tracker import cli, scheduler, web
from tracker.domain.house.clock import Clock, SystemClock
from tracker.extensions import babel, csrf, login_manager, migrate
from tracker.gateways.evidence.blobs import BlobStore, open_blobs
from tracker.gateways.house.cipher import Cipher
from tracker.gateways.house.signing import SigningKey
from tracker.gateways.mail.sending import MailSender, mail_sender
from tracker.gateways.reports.pdf import find_office_suite
from tracker.gateways.upkeep.head_files import HeadFiles
from tracker.services.house import work
from tracker.services.mail.way_out import ChosenSender
from tracker.storage.cases.search import is_mapped
from tracker.storage.house.base import db, engine_options, set_up_engine
from tracker.web.house.drawing.speed.templates import TEMPLATES, Templates
from tracker.wiring import with_declarations

ROOT = Path(__file__).resolve().parent.parent


def create_app(settings: Settings, *, clock: Clock | None = None, mailer: MailSender | None = None,
               blobs: BlobStore | None = None, without: Collection[str] = (), outlines: Path | None = None) -> Flask:
    """The application. What is not handed in is made from the settings. `without` leaves pieces of the speed machinery out by
    their names in `bench/pieces.py`: the answers stay the same. `outlines` is where set-up put the lines of counties."""
    app = Flask(__name__, template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    if TEMPLATES not in without:
        app.jinja_environment = Templates
    app.config.update(
        SQLALCHEMY_DATABASE_URI=settings.database_url, SECRET_KEY=settings.secret_key, SETTINGS=settings,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url),
        MAX_CONTENT_LENGTH=settings.request_max_bytes, BABEL_DEFAULT_LOCALE=settings.locale,
        BABEL_DEFAULT_TIMEZONE=settings.timezone, WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_CHECK_DEFAULT=False,  # the guard checks, once it knows who is asking
    )
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    db.init_app(app)
    migrate.init_app(app, db, directory=str(ROOT / "tracker" / "migrations"), render_as_batch=True,
                     include_name=is_mapped)
    babel.init_app(app)
    csrf.init_app(app)
    login_manager.init_app(app)
    with app.app_context():
        set_up_engine(db.engine)
        work.bind(db.engine, with_declarations(
            replace(_app_wiring(settings, clock, mailer, blobs, without), outlines=outlines)))
    web.register(app)
    cli.register(app)
    scheduler.register(app)
    return app


def _app_wiring(settings: Settings, clock: Clock | None, mailer: MailSender | None, blobs: BlobStore | None,
                without: Collection[str]) -> work.Wiring:
    return work.Wiring(
        clock=clock or SystemClock(settings.timezone),
        blobs=blobs or open_blobs(settings.evidence_url, settings.s3_endpoint_url),
        cipher=Cipher(settings.identity_key),
        mail=mailer or _mail_sender(settings),
        mail_from=settings.mail_from,
        base_url=settings.base_url,
        zone=settings.zone,
        upload_max_bytes=settings.upload_max_bytes,
        signing=SigningKey(settings.ledger_key, settings.ledger_key_file),
        heads=HeadFiles(settings.ledger_heads),
        backups=settings.instance_dir / "backups",
        known_vkeys=settings.ledger_vkeys,
        witnesses=settings.ledger_witnesses,
        is_sso_only=settings.single_sign_on is not None and settings.single_sign_on.is_only,
        pdf=find_office_suite(),
        without=frozenset(without),
    )


def _mail_sender(settings: Settings) -> MailSender:
    """By the server that the settings name; where they name none, by the one that the office sets on its pages."""
    given = mail_sender(settings.mail_url, settings.mail_from)
    return given if settings.is_mail_given else ChosenSender(given)
