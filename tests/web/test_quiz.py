"""Taking a quiz: every answer saved, nothing told too early, nothing lost."""

import re

import pytest
from sqlalchemy import select

from edu.base.db import db
from edu.cli.demo_world import right_values, wrong_values
from edu.courses import queries as courses
from edu.quizzes import queries
from edu.quizzes.models import Attempt, AttemptQuestion, QuestionVersion


@pytest.fixture
def zhou(world, browser):
    return browser.as_(world.members["zhou.ming"])


def begin(person, key="digital-1-phone"):
    answer = person.post("quiz.start", key=key, expect=303)
    return int(re.search(r"/quiz/(\d+)", answer.location).group(1))


def save(person, attempt_id, position, values, **more):
    return person.post(
        "quiz.save",
        {f"q{position}": values},
        attempt_id=attempt_id,
        position=position,
        headers={"Accept": "application/json"},
        **more,
    )


def everything(attempt_id, choose):
    return {f"q{asked.position}": choose(asked) for asked in queries.keyed(attempt_id)}


def test_starting_twice_leads_to_the_same_attempt(zhou):
    assert begin(zhou) == begin(zhou)


def test_an_answer_is_on_disk_when_the_page_says_saved(zhou):
    attempt_id = begin(zhou)
    asked = queries.keyed(attempt_id)[0]
    said = save(zhou, attempt_id, 1, right_values(asked), expect=200)
    assert said.json["saved"].startswith("Saved at ")
    stored = db.session.scalar(
        select(AttemptQuestion.answer).where(AttemptQuestion.attempt_id == attempt_id, AttemptQuestion.position == 1)
    )
    assert stored is not None


def test_another_device_shows_what_was_answered(world, browser):
    phone, desk = browser.as_(world.members["zhou.ming"]), browser.as_(world.members["zhou.ming"])
    attempt_id = begin(phone)
    for asked in queries.keyed(attempt_id):
        save(phone, attempt_id, asked.position, right_values(asked), expect=200)
    page = desk.get("quiz.show", attempt_id=attempt_id)
    assert page.html.count('class="save saved"') == 3


def test_keys_and_explanations_stay_on_the_server_until_submission(zhou):
    attempt_id = begin(zhou)
    page = zhou.get("quiz.show", attempt_id=attempt_id)
    rows = db.session.execute(
        select(QuestionVersion.lessons)
        .join(AttemptQuestion, AttemptQuestion.question_version_id == QuestionVersion.id)
        .where(AttemptQuestion.attempt_id == attempt_id)
    )
    for (lessons,) in rows:
        assert lessons["en"]["explanation"] not in page.html
        assert not any(text in page.html for text in lessons["en"]["feedback"].values())
    assert "right" not in re.sub(r"<[^>]+>", "", page.html).lower().split()
    redirect = zhou.get("quiz.result", attempt_id=attempt_id, expect=302)
    assert redirect.location.endswith(f"/quiz/{attempt_id}")


def test_submitting_shows_each_question_with_explanation_and_source_and_the_ladder(zhou):
    attempt_id = begin(zhou)
    answer = zhou.post("quiz.submit", everything(attempt_id, right_values), attempt_id=attempt_id, expect=303)
    page = zhou.get(answer.location)
    assert "Passed: 3 of 3 right" in page.text
    assert page.html.count("<h3>Explanation</h3>") == 3
    assert page.text.count("Source: ") >= 3
    assert "What changed on the ladder: Digital skills" in page.text


def test_submitting_twice_gives_the_first_grade(zhou):
    attempt_id = begin(zhou)
    right, wrong = everything(attempt_id, right_values), everything(attempt_id, wrong_values)
    zhou.post("quiz.submit", right, attempt_id=attempt_id, expect=303)
    again = zhou.post("quiz.submit", wrong, attempt_id=attempt_id, expect=303)
    assert "Passed: 3 of 3 right" in zhou.get(again.location).text


def test_two_of_three_asks_two_more_and_shows_nothing_of_the_first(zhou):
    attempt_id = begin(zhou)
    given = everything(attempt_id, right_values)
    given["q2"] = wrong_values(queries.keyed(attempt_id)[1])
    answer = zhou.post("quiz.submit", given, attempt_id=attempt_id, expect=303)
    page = zhou.get(answer.location)
    assert "Two of three are right. Two more questions decide." in page.text
    assert "2 questions" in page.text
    assert "<h3>Explanation</h3>" not in page.html
    given = everything(attempt_id, right_values)
    assert sorted(given) == ["q4", "q5"]
    answer = zhou.post("quiz.submit", given, attempt_id=attempt_id, expect=303)
    assert "Passed: 4 of 5 right" in zhou.get(answer.location).text


def test_a_blank_is_asked_about_once_and_the_rest_is_kept(zhou):
    attempt_id = begin(zhou)
    given = everything(attempt_id, right_values)
    del given["q3"]
    answer = zhou.post("quiz.submit", given, attempt_id=attempt_id, expect=303)
    page = zhou.get(answer.location)
    assert "Not every question has an answer yet." in page.text
    assert page.html.count('class="save saved"') == 2
    answer = zhou.post("quiz.submit", {**given, "confirmed": "yes"}, attempt_id=attempt_id, expect=303)
    assert "Two more questions decide." in zhou.get(answer.location).text


def two_of_three(person):
    """An attempt whose first round left the matter open, and what its page posted."""
    attempt_id = begin(person)
    given = {**everything(attempt_id, right_values), "shown": 3}
    given["q2"] = wrong_values(queries.keyed(attempt_id)[1])
    person.post("quiz.submit", given, attempt_id=attempt_id, expect=303)
    return attempt_id, given


def test_a_second_click_does_not_submit_the_questions_that_it_has_not_seen(zhou):
    attempt_id, given = two_of_three(zhou)
    again = zhou.post("quiz.submit", {**given, "confirmed": "yes"}, attempt_id=attempt_id, expect=303)
    assert again.location == f"/quiz/{attempt_id}"
    assert [asked.position for asked in queries.keyed(attempt_id)] == [4, 5]


def test_a_page_from_before_the_last_two_questions_does_not_empty_them(world, zhou):
    attempt_id, given = two_of_three(zhou)
    save(zhou, attempt_id, 4, right_values(queries.keyed(attempt_id)[0]), expect=200)
    zhou.post("quiz.submit", {**given, "do": "save"}, attempt_id=attempt_id, expect=303)
    page = zhou.get("quiz.show", attempt_id=attempt_id).html
    assert 'name="shown" value="5"' in page
    assert queries.open_attempt(world.members["zhou.ming"], attempt_id, "en").questions[3].answer is not None


def test_without_javascript_answers_can_be_saved_for_later(zhou):
    attempt_id = begin(zhou)
    given = everything(attempt_id, right_values)
    answer = zhou.post("quiz.submit", {**given, "do": "save"}, attempt_id=attempt_id, expect=303)
    page = zhou.get(answer.location)
    assert "Your answers are saved." in page.text
    assert page.html.count('class="save saved"') == 3


def test_what_is_no_number_comes_back_as_it_was_typed(world, browser):
    zhou = browser.as_(world.members["zhou.ming"])
    attempt_id, position = begin_with("number", zhou)
    refused = save(zhou, attempt_id, position, ["about a hundred"], expect=422)
    assert refused.json["message"].startswith("Please enter a number")
    page = zhou.post("quiz.submit", {f"q{position}": "about a hundred"}, attempt_id=attempt_id, expect=422)
    assert 'value="about a hundred"' in page.html
    assert "Please enter a number" in page.text


def begin_with(kind, person):
    """An attempt that asks a question of this kind, and its position."""
    for module in courses.catalogue("en"):
        attempt_id = begin(person, module.key)
        for asked in queries.keyed(attempt_id):
            if asked.kind == kind:
                return attempt_id, asked.position
    raise AssertionError(f"no attempt drew a {kind} question")


def test_another_persons_attempt_does_not_exist(world, browser):
    attempt_id = begin(browser.as_(world.members["zhou.ming"]))
    lin = browser.as_(world.members["lin.wei"])
    lin.get("quiz.show", attempt_id=attempt_id, expect=404)
    lin.get("quiz.result", attempt_id=attempt_id, expect=404)
    save(lin, attempt_id, 1, ["a"], expect=404)
    lin.post("quiz.submit", {"q1": "a"}, attempt_id=attempt_id, expect=404)
    assert db.session.scalar(select(Attempt.closed_at).where(Attempt.id == attempt_id)) is None


def test_saving_after_submission_is_refused(zhou):
    attempt_id = begin(zhou)
    zhou.post("quiz.submit", everything(attempt_id, right_values), attempt_id=attempt_id, expect=303)
    assert "can no longer change" in save(zhou, attempt_id, 1, ["a"], expect=409).json["message"]


def test_a_form_without_its_token_changes_nothing(zhou):
    attempt_id = begin(zhou)
    response = zhou.client.post(f"/quiz/{attempt_id}/answers/1", data={"q1": "a"})
    assert response.status_code == 400
    stored = select(AttemptQuestion.answer).where(AttemptQuestion.attempt_id == attempt_id)
    assert set(db.session.scalars(stored)) == {None}


def test_options_are_shuffled_between_attempts_and_stay_put_within_one(world, browser):
    zhou = browser.as_(world.members["zhou.ming"])
    attempt_id = begin(zhou)
    first, second = (zhou.get("quiz.show", attempt_id=attempt_id).html for _ in range(2))
    values = re.findall(r'<input type="(?:radio|checkbox)" name="(q\d)" value="(.)"', first)
    assert values == re.findall(r'<input type="(?:radio|checkbox)" name="(q\d)" value="(.)"', second)


def test_saving_an_answer_costs_three_statements(zhou, count_statements):
    attempt_id = begin(zhou)
    asked = queries.keyed(attempt_id)[0]
    save(zhou, attempt_id, 1, right_values(asked), expect=200)
    with count_statements() as statements:
        save(zhou, attempt_id, 1, right_values(asked), expect=200)
    assert len(statements) == 3
