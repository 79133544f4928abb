"""The WSGI application: `granian --interface wsgi app:app`, `flask --app app …`."""

from edu import create_app

app = create_app()
