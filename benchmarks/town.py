"""What is measured: the demo world, and beside it a town of forty branches with 25 people each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

from edu import create_app
from edu.base.actor import Actor
from edu.base.clock import day_of, now
from edu.base.db import begin_write, db
from edu.cli import demo_world, ready
from edu.config import Settings, default_database, kept_secret
from edu.courses import queries as courses
from edu.people import actions as people
from edu.quizzes import actions as quizzes
from edu.quizzes import queries as attempts
from edu.records import actions as records

BRANCHES, PEOPLE = 40, 25
MODULE = "law-1-fraud"
#: Studied by everyone in the first branch, so that its figures have something to tell.
STUDIED = ("data-1-personal", "digital-1-phone", "emergency-1-golden-minutes")
CSRF = "a token that a form would bear"


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it goes over the wire, and what a form in it says."""

    method: str
    path: str
    cookie: str
    form: tuple[tuple[str, str], ...] = ()

    def body(self) -> str:
        return urlencode(self.form)

    def raw(self, host: str) -> str:
        lines = [f"{self.method} {self.path} HTTP/1.1", f"Host: {host}", f"Cookie: buque={self.cookie}"]
        if self.method == "POST":
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(self.body())}"]
        return "\r\n".join([*lines, "", self.body()])


def stock(app: Flask) -> None:
    """Bring an empty database to its newest form and load the shipped courses. Inside the application's context."""
    ready.compile_catalogues()
    ready.migrate()
    loaded = app.test_cli_runner().invoke(args=["content", "load"])
    assert loaded.exit_code == 0, loaded.output
    ready.note_content_loaded()


class Town:
    """An instance of the site, filled; hands out what a load is made of."""

    def __init__(self, instance: Path) -> None:
        self.settings = Settings(kept_secret(instance), default_database(instance), instance)
        self.app = create_app(self.settings)
        self.at = now()
        with self.app.app_context():
            stock(self.app)
            begin_write()
            world = demo_world.fill(at=self.at - timedelta(days=1))
            self.branches = list(self._branches(world.units["hexi"]))
            self.members = [list(self._people(number, branch)) for number, branch in enumerate(self.branches)]
            self._study(self.members[0])
            self.secretary = self.members[0][0]
            on = day_of(self.at)
            people.appoint(self.secretary, "secretary", self.branches[0], by=None, on=on, at=self.at)
            db.session.commit()

    def _branches(self, above: int) -> Iterator[int]:
        for number in range(BRANCHES):
            code = f"town-{number}"
            yield people.add_unit(
                code=code, name=f"{number} 号支部", name_en=None, kind="branch", parent_id=above, by=None, at=self.at
            )

    def _people(self, number: int, branch: int) -> Iterator[int]:
        role = next(role.id for role in courses.roles() if role.key == "member")
        on = day_of(self.at)
        for place in range(PEOPLE):
            member_id = people.add_member(
                login=f"town-{number}-{place}",
                name=f"居民{number}-{place}",
                name_en=None,
                unit_id=branch,
                password_hash=None,
                must_change=False,
                by=None,
                on=on,
                at=self.at,
            )
            records.give_role(member_id, role, by=None, on=on, at=self.at)
            yield member_id

    def _study(self, members: list[int]) -> None:
        for place, member_id in enumerate(members):
            for turn, key in enumerate(STUDIED[: 1 + place % 3]):
                at = self.at - timedelta(days=1, minutes=-10 * turn)
                demo_world.take_quiz(Actor(member_id, ()), key, "+~-"[place % 3], at=at)

    def cookie(self, member_id: int) -> str:
        """The session cookie of a member who has signed in, with a form's token in it."""
        token = people.open_sign_in(member_id, device="bench", at=self.at)
        serializer = SecureCookieSessionInterface().get_signing_serializer(self.app)
        assert serializer is not None
        return str(serializer.dumps({"token": token, "csrf_token": CSRF}))

    def _token(self) -> tuple[str, str]:
        return "csrf_token", str(URLSafeTimedSerializer(self.settings.secret_key, salt="wtf-csrf-token").dumps(CSRF))

    def pages(self) -> dict[str, list[Request]]:
        """What is loaded, by name. Submissions can be sent once each; everything else again and again."""
        readers = [member_id for members in self.members[1:3] for member_id in members]
        with self.app.app_context():
            begin_write()
            cookies = {member_id: self.cookie(member_id) for member_id in readers}
            quizzes_open = {member_id: self._start(member_id) for member_id in readers}
            secretary = self.cookie(self.secretary)
            pages = {
                "home": [Request("GET", "/", cookie) for cookie in cookies.values()],
                "module page": [Request("GET", f"/modules/{MODULE}", cookie) for cookie in cookies.values()],
                "quiz page": [Request("GET", f"/quiz/{quizzes_open[m]}", cookies[m]) for m in readers],
                "saving an answer": [self._save(quizzes_open[m], cookies[m]) for m in readers],
                "submitting": [self._submit(m) for members in self.members[3:] for m in members],
                "a branch's statistics": [Request("GET", f"/units/{self.branches[0]}", secretary)],
            }
            db.session.commit()
        return pages

    def _start(self, member_id: int) -> int:
        return quizzes.start_attempt(Actor(member_id, ()), MODULE, demo_world.LANGUAGE, at=self.at)

    def _save(self, attempt_id: int, cookie: str) -> Request:
        question = attempts.keyed(attempt_id)[0]
        answer = [(f"q{question.position}", value) for value in demo_world.right_values(question)]
        return Request("POST", f"/quiz/{attempt_id}/answers/{question.position}", cookie, (self._token(), *answer))

    def _submit(self, member_id: int) -> Request:
        """Three right answers: saved, graded, evidence observed, the module completed, tallies kept."""
        attempt_id = self._start(member_id)
        answers = [(f"q{q.position}", v) for q in attempts.keyed(attempt_id) for v in demo_world.right_values(q)]
        return Request("POST", f"/quiz/{attempt_id}", self.cookie(member_id), (self._token(), *answers))
