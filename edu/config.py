"""Settings: one frozen value from the environment. What is set wrongly fails at the start, in words."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Settings:
    secret_key: str
    database_url: str
    instance: Path
    content: Path = field(default=ROOT / "content")
    host: str = "127.0.0.1"
    port: int = 8000
    #: Cookies only over TLS. Off by default: many intranets have none; put TLS in front and set SECURE_COOKIES=1.
    secure_cookies: bool = False
    testing: bool = False

    @property
    def is_default_database(self) -> bool:
        return self.database_url == default_database(self.instance)


def default_database(instance: Path) -> str:
    return f"sqlite:///{instance / 'buque.sqlite'}"


def kept_secret(instance: Path) -> str:
    """The secret in instance/secret, created on first need, readable by its owner only."""
    path = instance / "secret"
    if not path.exists():
        instance.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32))
    return path.read_text()


def port_number(text: str) -> int:
    """A TCP port from text. Raises ValueError in words."""
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise ValueError(f"PORT must be a number from 1 to 65535, not {text!r}.")
    return int(text)


def from_environment(environment: Mapping[str, str] = os.environ) -> Settings:
    """HOST, PORT, DATABASE_URL, SECRET_KEY, SECURE_COOKIES, INSTANCE, CONTENT; all optional. Raises ValueError."""
    instance = Path(environment.get("INSTANCE") or ROOT / "instance").resolve()
    url = environment.get("DATABASE_URL") or default_database(instance)
    # Hosting panels hand out postgres://; SQLAlchemy wants the driver named.
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            url = "postgresql+psycopg://" + url.removeprefix(prefix)
    return Settings(
        secret_key=environment.get("SECRET_KEY") or kept_secret(instance),
        database_url=url,
        instance=instance,
        content=Path(environment.get("CONTENT") or ROOT / "content").resolve(),
        host=environment.get("HOST") or "127.0.0.1",
        port=port_number(environment.get("PORT") or "8000"),
        secure_cookies=environment.get("SECURE_COOKIES", "") not in ("", "0"),
    )
