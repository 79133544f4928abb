"""Pages: the only package that knows Flask, Flask-WTF and Jinja."""
