"""What a course page shows of those who teach, and who may do what on it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from browsing import Browser, text_of
from serving_tool import ServingTool
from small_platform import LTI, MEMBERSHIP, SmallPlatform, member

from beside import Trivet
from trivet_lti.people import reference

TRAINING = {
    "trivet_provider": "certificate:SAMPLE-0001",
    "trivet_programme": "register:lf-foundation",
}
INSTRUCTOR = [f"{MEMBERSHIP}#Instructor"]


def open_course(browser: Browser, platform: SmallPlatform, course: str, **people: str) -> None:
    """Open a course with a link that names the training, and map its instructors."""
    platform.rosters[course] = [member(name) for name in people]
    if "manager" not in people:
        platform.rosters[course].append(member("manager", "#Administrator"))
    browser.launch(platform, lambda c: c.update({f"{LTI}custom": TRAINING}), course=course)
    for name, trainer in people.items():
        if trainer:
            answered = browser.post("/people/map", user=name, trainer=trainer)
            assert answered.status_code == 200, answered.text


def test_each_instructor_is_shown_as_they_stand(
    browser: Browser, platform: SmallPlatform, course: str
) -> None:
    open_course(browser, platform, course, Ada="AUTH-01", Ben="AUTH-04", Cat="")

    assert "Ada (fictional) Pass Certified on" in browser.standing("Ada (fictional)")
    assert "What this does not say" in browser.standing("Ada (fictional)")
    assert "Fail Not certified on" in browser.standing("Ben (fictional)")
    assert "suspended" in browser.standing("Ben (fictional)")
    assert "What to do now" in browser.standing("Ben (fictional)")
    assert "Not mapped" in browser.standing("Cat (fictional)")
    assert "not a finding against anybody" in browser.standing("Cat (fictional)")
    assert "1 Pass 1 Fail 1 Not mapped" in text_of(browser.page)


def test_a_doubt_is_no_finding(browser: Browser, platform: SmallPlatform, course: str) -> None:
    platform.rosters[course] = [member("Ada")]
    doubtful = {
        "trivet_provider": "certificate:SAMPLE-0008",
        "trivet_programme": "register:em-open",
    }
    browser.launch(platform, lambda c: c.update({f"{LTI}custom": doubtful}), course=course)

    browser.post("/people/map", user="Ada", trainer="AUTH-13")

    assert "Cannot confirm Not confirmed for" in browser.standing("Ada (fictional)")
    assert "not a finding against anybody" in browser.standing("Ada (fictional)")


def test_a_service_that_cant_be_reached_has_said_nothing(
    trivet: Trivet, platform: SmallPlatform, course: str, tmp_path: Path
) -> None:
    with ServingTool(tmp_path, "http://127.0.0.1:9", trivet.key).serving() as cut_off:
        cut_off.register(**platform.registration)
        browser = Browser(cut_off)
        open_course(browser, platform, course, Ada="AUTH-01")

        said = browser.standing("Ada (fictional)")
        attested = browser.post("/attestations", day="2026-11-01")
        browser.http.close()

    assert "Could not be verified" in said
    assert "the service could not be reached" in said
    assert "Pass" not in said
    assert "Fail" not in said
    assert attested.status_code == 409
    assert "Nothing was attested" in attested.text


def test_an_instructor_sees_and_does_not_map_review_or_choose(
    browser: Browser, platform: SmallPlatform, course: str
) -> None:
    open_course(browser, platform, course, Ada="AUTH-04")
    browser.launch(
        platform,
        lambda c: c.update({f"{LTI}custom": TRAINING, f"{LTI}roles": INSTRUCTOR, "sub": "Ada"}),
        course=course,
    )

    assert "Fail Not certified on" in browser.standing("Ada (fictional)")
    assert "can review this; nobody reviews themself" in browser.standing("Ada (fictional)")
    for path in ("/people/map", "/people/unmap", "/reviews", "/training", "/training/choose"):
        sent = {"session": browser.session, "user": "Ada", "trainer": "AUTH-01"}
        refused = browser.http.post(path, data=sent)
        assert refused.status_code == 403, path
        assert "not_allowed" in refused.text


def test_a_mapping_says_who_made_it_and_is_removed_with_what_was_kept(
    tool: ServingTool, browser: Browser, platform: SmallPlatform, course: str
) -> None:
    open_course(browser, platform, course, Ada="AUTH-04", manager="AUTH-01")

    assert "authorisation:AUTH-04, mapped by manager (fictional)," in browser.standing(
        "Ada (fictional)"
    )
    assert "mapped by manager (fictional) (themself)" in browser.standing("manager (fictional)")

    browser.post("/people/unmap", user="Ada")

    assert "Not mapped" in browser.standing("Ada (fictional)")
    of_ada = (
        "SELECT * FROM mappings JOIN platforms ON platform = platforms.id "
        "WHERE user = 'Ada' AND issuer = :issuer"
    )
    assert tool.rows(of_ada, issuer=platform.url) == []


def test_a_mapping_holds_for_one_provider(
    browser: Browser, platform: SmallPlatform, course: str
) -> None:
    open_course(browser, platform, course, Ada="AUTH-01")
    other = {"trivet_provider": "certificate:SAMPLE-0002", "trivet_programme": "register:nv-core"}
    platform.rosters[f"{course}-2"] = [member("Ada")]

    browser.launch(platform, lambda c: c.update({f"{LTI}custom": other}), course=f"{course}-2")

    assert "Not mapped" in browser.standing("Ada (fictional)")


def test_nobody_is_mapped_who_does_not_teach_the_course(
    tool: ServingTool, browser: Browser, platform: SmallPlatform, course: str
) -> None:
    open_course(browser, platform, course, Ada="")

    assert browser.post("/people/map", user="stranger", trainer="AUTH-01").status_code == 409
    assert tool.rows("SELECT * FROM mappings WHERE user = 'stranger'") == []


@pytest.mark.parametrize("written", ["", "  ", "name:Ada", "authorisation:", "x" * 300])
def test_what_is_no_reference_is_not_kept(written: str) -> None:
    with pytest.raises(ValueError, match="like AUTH-01"):
        reference(written)


def test_a_bare_number_is_an_authorisation() -> None:
    assert reference(" AUTH-01 ") == "authorisation:AUTH-01"
    assert reference("register:trainer-01") == "register:trainer-01"


def test_names_are_kept_of_nobody_who_only_teaches(
    tool: ServingTool, browser: Browser, platform: SmallPlatform, course: str
) -> None:
    platform.rosters[course] = [member("Ada", name="Ada Singular"), member("Bob", "#Learner")]
    browser.launch(platform, lambda c: c.update({f"{LTI}custom": TRAINING}), course=course)
    browser.post("/people/map", user="Ada", trainer="AUTH-01")
    browser.post("/attestations", day="2026-11-02")

    kept = b"".join(file.read_bytes() for file in tool.settings.folder.glob("lti.db*"))

    assert b"AUTH-01" in kept
    assert b"Ada Singular" not in kept


def test_what_a_platform_sends_is_shown_and_not_run(
    browser: Browser, platform: SmallPlatform, course: str
) -> None:
    platform.rosters[course] = [member("x", name="<script>alert(1)</script>")]

    browser.launch(
        platform,
        lambda c: c[f"{LTI}context"].update(title='"><img src=x>'),
        course=course,
    )

    assert "&lt;script&gt;" in browser.page
    assert "<script" not in browser.page
    assert "<img" not in browser.page


def test_a_page_may_be_framed_by_its_platform_alone_and_loads_nothing_of_others(
    browser: Browser, platform: SmallPlatform, course: str
) -> None:
    answered = browser.launch(platform, course=course)

    policy = answered.headers["Content-Security-Policy"]
    assert policy.endswith(f"frame-ancestors {platform.url}")
    assert policy.startswith("default-src 'none'; style-src 'self'")
    assert answered.headers["Cache-Control"] == "no-store"


def test_a_form_needs_the_cookie_and_the_token_of_one_session(
    tool: ServingTool, browser: Browser, platform: SmallPlatform, course: str
) -> None:
    open_course(browser, platform, course, Ada="")
    other = Browser(tool)
    other.launch(platform, course=course)

    stolen = other.http.post("/course", data={"session": browser.session})
    forged = browser.http.post("/course", data={"session": "made up"})
    without = browser.http.post("/course")
    other.http.close()

    assert [r.status_code for r in (stolen, forged, without)] == [403, 403, 403]
    assert browser.post("/course").status_code == 200


def test_a_session_ends_after_two_hours(
    tool: ServingTool, browser: Browser, platform: SmallPlatform, course: str
) -> None:
    open_course(browser, platform, course, Ada="")
    tool.later = timedelta(hours=2, seconds=2)

    refused = browser.post("/course")

    assert refused.status_code == 403
    assert "session_over" in refused.text


def test_somebody_else_reviews_a_fail_about_a_trainer(
    browser: Browser, platform: SmallPlatform, course: str
) -> None:
    open_course(browser, platform, course, Ada="AUTH-04", manager="AUTH-05")
    seen = browser.field("seen")
    review = {"user": "Ada", "seen": seen, "reason": "Their letter of reinstatement was seen."}

    unsaid = browser.post("/reviews", **review, conclusion="")
    unseen = browser.post("/reviews", **{**review, "seen": "permitted"}, conclusion="upheld")
    browser.post("/reviews", **review, conclusion="upheld")
    browser.post("/reviews", **review, conclusion="upheld")
    upheld = browser.standing("Ada (fictional)")
    browser.post("/reviews", **review, conclusion="reversed")
    reversed_ = browser.standing("Ada (fictional)")
    own = browser.post("/reviews", **{**review, "user": "manager"}, conclusion="reversed")

    assert (unsaid.status_code, unseen.status_code) == (422, 409)
    assert upheld.count("Reviewed, upheld by manager (fictional)") == 1, "sent twice, kept once"
    assert "Reviewed, reversed by manager (fictional)" in reversed_
    assert "may go ahead all the same" in reversed_
    assert "Fail Not certified on" in reversed_, "what was answered stays what it is"
    assert own.status_code == 403
    assert "own_review" in own.text


def test_a_session_is_attested_with_receipts_and_handed_out_as_it_was_written(
    tool: ServingTool, browser: Browser, platform: SmallPlatform, course: str
) -> None:
    open_course(browser, platform, course, Ada="AUTH-01", Ben="AUTH-04", Cat="")
    browser.post("/attestations", day="2026-11-02")
    assert "Session of 2 November 2026, attested by manager" in text_of(browser.page)

    record = browser.http.post(
        "/attestations/download",
        data={"session": browser.session, "attestation": browser.field("attestation")},
    )

    told = record.json()
    assert record.headers["Content-Disposition"].startswith("attachment")
    assert (told["session"], told["notMapped"], told["rosterWhole"]) == ("2026-11-02", 1, True)
    assert [(each["trainer"], each["verdict"]) for each in told["instructors"]] == [
        ("authorisation:AUTH-01", "pass"),
        ("authorisation:AUTH-04", "fail"),
    ]
    assert all(each["receipt"].count(".") == 2 for each in told["instructors"])
    with pytest.raises(Exception, match="attestations stand as written"):
        tool.rows("UPDATE attestations SET day = '2020-01-01'")


def test_a_form_that_is_sent_twice_attests_once(
    browser: Browser, platform: SmallPlatform, course: str
) -> None:
    open_course(browser, platform, course, Ada="AUTH-01")
    form = {"session": browser.session, "form": browser.field("form")}

    def attest(day: str) -> int:
        return browser.http.post("/attestations", data={**form, "day": day}).status_code

    with ThreadPoolExecutor(2) as at_once:
        assert list(at_once.map(attest, ["2026-11-02"] * 2)) == [200, 200]
    attest("2026-11-02")
    browser.post("/course")
    assert browser.page.count("Session of 2 November 2026") == 1

    attest("2026-11-03")
    browser.post("/attestations", form=browser.field("form"), day="2026-11-02")
    assert browser.page.count("Session of 3 November 2026") == 1
    assert browser.page.count("Session of 2 November 2026") == 2, (
        "by another page it is another one"
    )


def test_deployments_with_a_course_of_the_same_id_share_no_attestations(
    tool: ServingTool, browser: Browser, course: str
) -> None:
    with SmallPlatform().serving() as platform:
        tool.register(**platform.registration | {"deployments": ("1", "2")})
        open_course(browser, platform, course, Ada="AUTH-01")
        browser.post("/attestations", form=browser.field("form"), day="2026-11-02")
        theirs = browser.field("attestation")

        asked = browser.begin(platform, lti_deployment_id="2")
        now = tool.now().timestamp()
        claims = platform.claims(asked["nonce"], asked["redirect_uri"], now, course=course)
        claims[f"{LTI}deployment_id"] = "2"
        browser.arrive(asked["state"], platform.sign(claims))

        assert "Session of" not in browser.page
        assert browser.post("/attestations/download", attestation=theirs).status_code == 404


def test_a_course_hands_out_its_own_attestations_alone(
    browser: Browser, platform: SmallPlatform, course: str
) -> None:
    open_course(browser, platform, course, Ada="AUTH-01")
    browser.post("/attestations", day="2026-11-02")
    theirs = browser.field("attestation")
    open_course(browser, platform, f"{course}-2", Ada="AUTH-01")

    assert browser.post("/attestations/download", attestation=theirs).status_code == 404


def test_a_page_that_is_not_there_is_told_in_words(browser: Browser) -> None:
    answered = browser.http.get("/nothing")

    assert answered.status_code == 404
    assert "There is no such page." in answered.text
