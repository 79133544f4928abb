"""补缺 (Buque): supply what is lacking."""

from flask import Flask
from flask_migrate import Migrate

from edu.base.db import db
from edu.cli import commands
from edu.config import ROOT, Settings, from_environment
from edu.web import site


def create_app(settings: Settings | None = None) -> Flask:
    """The site, wired from its settings; nothing is computed here."""
    settings = settings or from_environment()
    app = Flask(
        "edu",
        template_folder=str(ROOT / "templates"),
        static_folder=None,
        instance_path=str(settings.instance),
    )
    app.config.from_mapping(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS={"pool_pre_ping": not settings.database_url.startswith("sqlite")},
        TESTING=settings.testing,
        # A page's source may be 256 KB (docs/content-format.md); the form around it needs a little more.
        MAX_FORM_MEMORY_SIZE=1_000_000,
        MAX_CONTENT_LENGTH=16_000_000,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_NAME="buque",
        # The token lives as long as the sign-in it belongs to: a slow reader loses nothing.
        WTF_CSRF_TIME_LIMIT=None,
        BABEL_DEFAULT_LOCALE="zh_Hans_CN",
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "edu" / "translations"),
        BABEL_DEFAULT_TIMEZONE="Asia/Shanghai",
    )
    db.init_app(app)
    Migrate(app, db, directory=str(ROOT / "edu" / "migrations"), render_as_batch=True)
    site.furnish(app)
    commands.furnish(app)
    return app
