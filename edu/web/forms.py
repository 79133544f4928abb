"""Forms: text in, domain value out; their own words come translated."""

from flask_babel import get_locale
from flask_wtf import FlaskForm


class BaseForm(FlaskForm):  # type: ignore[misc]
    """A form whose built-in messages are in the reader's language."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        @property
        def locales(self) -> list[str]:
            return ["en" if str(get_locale()) == "en" else "zh"]
