"""Four words for what cannot be done. Domains raise them; the web makes numbers of them, the command line text."""


class Refusal(Exception):
    """A request that cannot be met for a reason the person can understand.

    `message` is an English sentence marked with `i18n.mark`; `values` fill its %(placeholders)s.
    Whoever shows it translates it.
    """

    def __init__(self, message: str = "", **values: object) -> None:
        super().__init__(message % values if values else message)
        self.message = message
        self.values = values


class NotFound(Refusal):
    """It does not exist, or this actor may not know that it does."""


class NotAllowed(Refusal):
    """The actor is known, the duty is not enough."""


class Conflict(Refusal):
    """The state has moved on: closed, taken, already done."""


class Invalid(Refusal):
    """The value breaks a rule that no form could check."""
