"""What happens while nobody looks: watches, events, and asking again."""

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from browsing import Browser
from serving_tool import NOWHERE, ServingTool
from small_platform import LTI, SmallPlatform, member

from beside import Trivet, sample
from trivet_client import AsyncTrivetClient
from trivet_client.gate import AsyncGate, Kept
from trivet_lti import database, memory
from trivet_lti.lines import line_of
from trivet_lti.london import day_of
from trivet_lti.rechecking import Rechecker, every_lesson

OTHER = {"trivet_provider": "certificate:SAMPLE-0001", "trivet_programme": "register:lf-foundation"}
FAILS = (
    "SELECT verdicts.* FROM verdicts JOIN courses ON courses.id = course "
    'WHERE context LIKE :like AND kept LIKE \'%"verdict": "fail"%\''
)
TRAINING = {"trivet_provider": "certificate:SAMPLE-0002", "trivet_programme": "register:nv-core"}


def a_gate_to_nowhere(tool: ServingTool) -> AsyncGate:
    async def made() -> AsyncGate:
        return AsyncGate(AsyncTrivetClient(NOWHERE, "tvt_live_unused"))

    return tool.run(made())


def test_what_nobody_thought_of_ends_no_rounds_and_is_logged_by_its_kind(
    tool: ServingTool, caplog: pytest.LogCaptureFixture
) -> None:
    asked: list[datetime] = []
    went_on = asyncio.Event()

    def clock() -> datetime:
        asked.append(tool.now())
        if len(asked) == 1:
            raise ZeroDivisionError("Ada Singular")
        went_on.set()
        return tool.now()

    async def until_it_goes_on() -> None:
        part = tool.tool
        gate = AsyncGate(part.trivet, time_limit=20)
        going_on = asyncio.create_task(
            Rechecker(part.engine, part.trivet, gate, timedelta(0), clock).run(0)
        )
        await went_on.wait()
        going_on.cancel()
        with suppress(asyncio.CancelledError):
            await going_on

    tool.run(until_it_goes_on())

    assert "a round broke off: ZeroDivisionError" in caplog.text
    assert "Singular" not in caplog.text


def test_what_was_answered_last_is_kept_whichever_is_written_last(
    tool: ServingTool, browser: Browser, platform: SmallPlatform, course: str
) -> None:
    platform.rosters[course] = [member("Ada")]
    browser.launch(platform, lambda c: c.update({f"{LTI}custom": OTHER}), course=course)
    browser.post("/people/map", user="Ada", trainer="AUTH-01")
    kept = "SELECT verdicts.* FROM verdicts JOIN courses ON courses.id = course WHERE context = :course"
    (before,) = tool.rows(kept, course=course)

    async def late() -> None:
        async with database.writing(tool.tool.engine) as connection:
            lessons = await every_lesson(connection)
        (lesson,) = [of for of in lessons.values() if of[0].id == before.course]
        now = tool.now()
        gate = AsyncGate(tool.tool.trivet)
        decision = await gate.decide([line_of(*lesson, day_of(now))], now)
        later = await gate.decide([line_of(*lesson, day_of(now))], now)
        for each in (later, decision):
            async with database.writing(tool.tool.engine) as connection:
                await memory.keep(connection, each)
        said.extend([later.lines[0].questions[0].kept, decision.lines[0].questions[0].kept])

    said: list[Kept | None] = []
    tool.run(late())

    (after,) = tool.rows(kept, course=course)
    later, earlier = said
    assert later
    assert earlier
    assert earlier.checked_at < later.checked_at
    assert later.verification in after.kept


def test_who_is_suspended_at_night_is_shown_so_on_three_course_pages_in_the_morning(
    tool: ServingTool,
    browser: Browser,
    platform: SmallPlatform,
    course: str,
    trivet: Trivet,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    places = [f"{course}-{number}" for number in range(3)]
    for place in places:
        platform.rosters[place] = [member("Ada")]
        browser.launch(platform, lambda c: c.update({f"{LTI}custom": TRAINING}), course=place)
        browser.post("/people/map", user="Ada", trainer="AUTH-08")
        browser.post("/course")
        assert "Pass" in browser.standing("Ada (fictional)")
    tool.round()

    register = sample()
    suspended = next(a for a in register["authorisations"] if a["register"] == "AUTH-08")
    last = [p for p in suspended["periods"] if p["from"] < "2026-11"]
    last[-1]["to"] = tool.now().date().isoformat()
    suspended["periods"] = [
        *last,
        {"status": "suspended", "from": tool.now().date().isoformat(), "to": None},
    ]
    trivet.mirror(register)
    answering = tool.tool.rechecker._gate
    monkeypatch.setattr(tool.tool.rechecker, "_gate", a_gate_to_nowhere(tool))
    tool.round()
    assert tool.rows(FAILS, like=f"{course}-%") == []
    monkeypatch.setattr(tool.tool.rechecker, "_gate", answering)
    tool.round()
    assert len(tool.rows(FAILS, like=f"{course}-%")) == 3, (
        "told while nothing was answered, asked about later"
    )
    assert tool.rows("SELECT * FROM unasked") == []
    trivet.stop()
    try:
        for place in places:
            browser.launch(platform, lambda c: c.update({f"{LTI}custom": TRAINING}), course=place)
            said = browser.standing("Ada (fictional)")
            assert "Fail Not certified on" in said
            assert "This is as answered on" in said
            assert "suspended" in said
    finally:
        trivet.start()


def test_what_is_not_taught_any_more_is_not_watched_any_more(
    tool: ServingTool, browser: Browser, platform: SmallPlatform, course: str
) -> None:
    platform.rosters[course] = [member("Ada"), member("Ben")]
    browser.launch(platform, lambda c: c.update({f"{LTI}custom": OTHER}), course=course)
    browser.post("/people/map", user="Ada", trainer="AUTH-01")
    browser.post("/people/map", user="Ben", trainer="AUTH-04")
    of_course = (
        "SELECT watches.* FROM watches JOIN courses ON reference LIKE 'lti:' || courses.id || ':%' "
        "WHERE context = :course AND watch != ''"
    )
    tool.round()
    assert len(tool.rows(of_course, course=course)) == 2

    browser.post("/people/unmap", user="Ben")
    tool.round()
    assert len(tool.rows(of_course, course=course)) == 1

    platform.rosters[course] = []
    browser.post("/course")
    tool.round()
    assert tool.rows(of_course, course=course) == []


def test_everything_is_asked_again_on_a_new_day(
    tool: ServingTool, browser: Browser, platform: SmallPlatform, course: str
) -> None:
    platform.rosters[course] = [member("Ada")]
    browser.launch(platform, lambda c: c.update({f"{LTI}custom": OTHER}), course=course)
    browser.post("/people/map", user="Ada", trainer="AUTH-01")
    tool.round()
    days = "SELECT day FROM verdicts JOIN courses ON courses.id = course WHERE context = :course"
    today = tool.rows(days, course=course)

    tool.later = timedelta(days=1)
    tool.round()

    (tomorrow,) = tool.rows(days, course=course)
    assert [tomorrow.day] > [row.day for row in today]
