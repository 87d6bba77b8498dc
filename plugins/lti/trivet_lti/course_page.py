"""The course page, and what can be done on it: mapping, reviewing and attesting."""

import secrets
from collections import Counter
from datetime import date

from litestar import Response, post

from trivet_client.gate import Conclusion, Person
from trivet_client.gate import review as reviewed
from trivet_lti import attestations, courses, memory, people
from trivet_lti.database import writing
from trivet_lti.lines import Lesson
from trivet_lti.looking import Standing, View
from trivet_lti.pages import page
from trivet_lti.refusals import Refused
from trivet_lti.visits import Asked, Visit, visit

_GONE = "This person is not on the page any more."


async def course_page(
    visit: Visit, *, name: str | None = None, done: str = "", wrong: str = "", status: int = 200
) -> Response[str]:
    """Return the page as it is now, with what was just done or is wrong with what was sent.

    `name` is how the launch called whoever looks, for a platform that tells no names in its roster.
    """
    view = await visit.tool.looking.look(visit.session, name)
    async with visit.tool.engine.connect() as connection:
        attested = await attestations.of_course(connection, view.course)
    return page(
        "course",
        [visit.platform],
        status=status,
        view=view,
        counts=Counter(standing.word for standing in view.standings),
        attested=attested,
        manages=visit.session.manages,
        user=visit.session.user,
        session=visit.token,
        form=secrets.token_urlsafe(16),
        done=done,
        wrong=wrong,
    )


@post("/course", status_code=200)
async def look(request: Asked) -> Response[str]:
    """Show the page again, as it is now."""
    return await course_page(await visit(request))


@post("/people/map", status_code=200)
async def map_person(request: Asked) -> Response[str]:
    """Say which trainer's reference somebody on the page has."""
    asked = await visit(request)
    asked.must_manage()
    view, standing = await _about(asked)
    if standing is None or not view.course.known:
        return await course_page(asked, wrong=_GONE, status=409)
    try:
        trainer = people.reference(asked.text("trainer"))
    except ValueError as error:
        return await course_page(asked, wrong=str(error), status=422)
    async with writing(asked.tool.engine) as connection:
        by = people.person(asked.session.user, view.viewer)
        await people.put(connection, view.course, standing.user, trainer, by, asked.tool.now())
    return await course_page(asked, done=f"{standing.name} is mapped to {trainer}.")


@post("/people/unmap", status_code=200)
async def unmap_person(request: Asked) -> Response[str]:
    """Forget which trainer's reference somebody has with the provider of a course."""
    asked = await visit(request)
    asked.must_manage()
    view, standing = await _about(asked)
    if standing is None:
        return await course_page(asked, wrong=_GONE, status=409)
    async with writing(asked.tool.engine) as connection:
        await people.remove(connection, view.course, standing.user)
    return await course_page(asked, done="The mapping is removed, with what was kept of it.")


@post("/reviews", status_code=200)
async def review(request: Asked) -> Response[str]:
    """Keep what a person concluded who looked again at a verdict about a trainer."""
    asked = await visit(request)
    asked.must_manage()
    if asked.text("user") == asked.session.user:
        raise Refused("own_review", 403)
    view, standing = await _about(asked)
    if (
        standing is None
        or standing.mapped is None
        or standing.line is None
        or not standing.reviewable
    ):
        return await course_page(
            asked, wrong="There is nothing to review here any more.", status=409
        )
    if asked.text("seen") != standing.seen:
        wrong = "How this person stands has changed since you looked. Read it again, then review."
        return await course_page(asked, wrong=wrong, status=409)
    try:
        written = reviewed(
            [standing.line],
            conclusion=Conclusion(asked.text("conclusion")),
            reason=asked.text("reason"),
            by=people.person(asked.session.user, view.viewer),
            at=asked.tool.now(),
        )
    except ValueError:
        wrong = "Say what you conclude, and why in a sentence: 10 to 1000 letters."
        return await course_page(asked, wrong=wrong, status=422)
    async with writing(asked.tool.engine) as connection:
        await memory.record(connection, Lesson(view.course.id, standing.mapped.id), written)
    return await course_page(asked, done=f"Your review about {standing.name} is recorded.")


@post("/attestations", status_code=200)
async def attest(request: Asked) -> Response[str]:
    """Keep which verdicts stand for a session's day, with their receipts."""
    asked = await visit(request)
    view = await asked.tool.looking.look(asked.session)
    try:
        day = date.fromisoformat(asked.text("day"))
    except ValueError:
        return await course_page(asked, wrong="Give the day of the session.", status=422)
    present = [standing.mapped for standing in view.standings if standing.mapped]
    decision = await asked.tool.looking.decide(view.course, present, day)
    answered = [line for line in decision if any(q.answer is not None for q in line.questions)]
    if not answered or len(answered) < len(present):
        wrong = (
            "Nothing was attested: not every instructor who is mapped could be verified for that day. "
            "This is not a finding against anybody. Try again later."
        )
        return await course_page(asked, wrong=wrong, status=409)
    by: Person = people.person(asked.session.user, view.viewer)
    roster = {"notMapped": len(view.standings) - len(present), "rosterWhole": view.whole}
    now = asked.tool.now()
    record = attestations.record_of(view.course, decision, present, roster, by, now)
    async with writing(asked.tool.engine) as connection:
        form = f"{asked.token} {asked.text('form')}"
        await attestations.write(connection, view.course, day, record, form, now)
    return await course_page(
        asked, done="The session is attested. You find it at the end of this page."
    )


@post("/attestations/download", status_code=200)
async def download(request: Asked) -> Response[object]:
    """Hand out an attestation of the course, as it was written."""
    asked = await visit(request)
    async with asked.tool.engine.connect() as connection:
        course = await courses.by_id(connection, asked.session.course)
        kept = await attestations.of_course(connection, course)
    found = next((each for each in kept if each.id == asked.text("attestation")), None)
    if found is None:
        return await course_page(  # type: ignore[return-value]  # a Response is invariant in it
            asked, wrong="There is no such attestation.", status=404
        )
    headers = {
        "Content-Disposition": f'attachment; filename="attestation-{found.day}.json"',
        "Cache-Control": "no-store",
    }
    return Response({"id": found.id, **found.record}, headers=headers)


async def _about(asked: Visit) -> tuple[View, Standing | None]:
    view = await asked.tool.looking.look(asked.session)
    return view, view.of(asked.text("user"))
