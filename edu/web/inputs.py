"""What no page has to expect: numbers that no row has, and characters that no text column holds."""

from flask import Flask, request
from werkzeug.exceptions import BadRequest
from werkzeug.routing import IntegerConverter, ValidationError

#: The largest INTEGER of PostgreSQL.
LARGEST = 2**31 - 1


class RowNumber(IntegerConverter):
    """`<int:…>` in an address. A larger number than any row can have is no such page, not an error of the database."""

    def to_python(self, value: str) -> int:
        number: int = super().to_python(value)
        if number > LARGEST:
            raise ValidationError
        return number


def refuse_nul() -> None:
    """PostgreSQL's text holds no NUL character, and no honest form sends one."""
    texts = [request.path, *request.args.values(), *request.form.values()]
    if any("\0" in text for text in texts):
        raise BadRequest


def furnish(app: Flask) -> None:
    app.url_map.converters["int"] = RowNumber
    app.before_request(refuse_nul)
