"""The WSGI application: `granian --interface wsgi app:app`, `flask --app app …`."""

from sqlalchemy.exc import ArgumentError

from edu import create_app

try:
    app = create_app()
except (ValueError, ArgumentError) as fault:  # a setting that cannot be: say so, without a traceback
    raise SystemExit(f"Error: {fault}") from None
