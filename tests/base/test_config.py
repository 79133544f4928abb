"""Settings come from the environment, and what is set wrongly is said in words."""

import stat
from pathlib import Path

import pytest

from edu.config import from_environment, kept_secret, port_number


def test_nothing_need_be_set(tmp_path: Path) -> None:
    settings = from_environment({"INSTANCE": str(tmp_path)})
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.database_url == f"sqlite:///{tmp_path}/buque.sqlite"
    assert settings.is_default_database
    assert not settings.secure_cookies


def test_a_secret_is_made_once_and_kept_for_its_owner_only(tmp_path: Path) -> None:
    first = kept_secret(tmp_path / "instance")
    assert len(first) == 64
    assert kept_secret(tmp_path / "instance") == first
    assert stat.S_IMODE((tmp_path / "instance" / "secret").stat().st_mode) == 0o600


def test_a_given_secret_leaves_no_file(tmp_path: Path) -> None:
    assert from_environment({"INSTANCE": str(tmp_path), "SECRET_KEY": "ours"}).secret_key == "ours"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("prefix", ["postgres://", "postgresql://", "postgresql+psycopg://"])
def test_postgresql_is_reached_through_psycopg_however_it_is_written(tmp_path: Path, prefix: str) -> None:
    settings = from_environment({"INSTANCE": str(tmp_path), "DATABASE_URL": f"{prefix}u:p@db.example/buque"})
    assert settings.database_url == "postgresql+psycopg://u:p@db.example/buque"
    assert not settings.is_default_database


@pytest.mark.parametrize("port", ["", "0", "65536", "http", "80 ", "-1"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    with pytest.raises(ValueError, match="PORT must be a number from 1 to 65535"):
        port_number(port)


@pytest.mark.parametrize(("text", "secure"), [("1", True), ("true", True), ("0", False), ("", False)])
def test_secure_cookies_are_switched_on(tmp_path: Path, text: str, secure: bool) -> None:
    assert from_environment({"INSTANCE": str(tmp_path), "SECURE_COOKIES": text}).secure_cookies is secure
