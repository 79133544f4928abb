"""Hangs the pages and the furniture on the application."""

from flask import Flask
from flask_wtf.csrf import CSRFProtect
from whitenoise import WhiteNoise

from edu.web import (
    account,
    bank,
    diagnose,
    errors,
    filters,
    frame,
    guard,
    home,
    inputs,
    learn,
    mistakes,
    people,
    plan,
    quiz,
    record,
    security,
    transaction,
    tree,
    units,
    write,
)

PAGES = (account, home, plan, diagnose, learn, quiz, record, mistakes, write, bank, units, people, tree)


def furnish(app: Flask) -> None:
    transaction.furnish(app)
    security.furnish(app)
    errors.furnish(app)
    filters.furnish(app)
    inputs.furnish(app)
    app.before_request(guard.refuse_unmarked)
    CSRFProtect(app)
    app.before_request(transaction.begin)
    frame.furnish(app)
    for page in PAGES:
        app.register_blueprint(page.bp)
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(filters.STATIC),
        prefix=app.config["STATIC_PREFIX"].lstrip("/"),
        immutable_file_test=lambda _path, _url: True,
    )
