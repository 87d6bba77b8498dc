"""Reading html: rows of tables, lists and cards, over several pages and their detail pages."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tests.register.sources.making import counts, profile
from tests.register.sources.sites import FakeSite
from trivet.register.identifiers import Identifier, Scheme
from trivet.register.periods import Period, Status
from trivet.register.records import Coverage, Kind
from trivet.register.sources import ProfileError, Raw, Reading, SourceError, fetch, read

NOW = datetime(2026, 5, 1, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)

HEAD = """
kind = "html"
location = "{location}"
vouched_by = "register"
max_age = "P1D"
ends = "inclusive"
dates = ["%d %B %Y"]
{top}

[coverage]
providers = "complete"

[[providers]]
rows = "{rows}"
{table}

[providers.fields]
register = "Ref"
name = "Name"
body = {{ value = "body" }}
{fields}
"""


def _profile(
    location: str, rows: str, *, table: str = "", fields: str = "", top: str = "", more: str = ""
) -> str:
    if location.startswith("http:"):
        top = f"allow_http = true\n{top}"
    return HEAD.format(location=location, rows=rows, table=table, fields=fields, top=top) + more


def _read(folder: Path, page: str | bytes, text: str) -> Reading:
    """Read one saved page."""
    content = page.encode() if isinstance(page, str) else page
    (folder / "list.html").write_bytes(content)
    found = profile(folder, text)
    return read(found, fetch(found))


def _asked(site: FakeSite, folder: Path, text: str, before: Raw | None = None) -> Raw:
    found = profile(folder, text)
    return fetch(found, before, clock=lambda: LATER if before else NOW)


def _refs(reading: Reading) -> list[str]:
    return [p.register for p in reading.document.providers]


def _refusal(folder: Path, page: str | bytes, text: str) -> str:
    with pytest.raises(SourceError) as caught:
        _read(folder, page, text)
    return str(caught.value)


TABLE = """
<!doctype html><meta charset=utf-8><h1>List</h1>
<table id=register>
<thead><tr><th>Ref<th>Name of <b>provider</b><th>Valid&nbsp;until<th>Settings</thead>
<tr><td>TP-1<td>Caf\u00e9 <i>Train</i>ing<br>(fictional)<td>31 March 2026<td>Mental health; Secure
<tr><td>TP-2<td>Invented Ltd<td><td>
</table>
"""
IN_TABLE = _profile(
    "list.html",
    "#register tr",
    fields="""
to = "Valid until"
settings = { column = "Settings", separator = ";", map = { "Mental health" = "mental_health", Secure = "secure" } }
""",
).replace('"Name"', '"Name of provider"')


def test_a_table_is_read_by_its_headings(tmp_path: Path) -> None:
    reading = _read(tmp_path, TABLE, IN_TABLE)
    first, second = reading.document.providers
    assert (first.register, first.name) == ("TP-1", "Caf\u00e9 Training (fictional)")
    assert first.periods == (Period(Status.IN_FORCE, None, date(2026, 4, 1)),)
    assert first.settings == ("mental_health", "secure")
    assert second.periods == (Period(Status.IN_FORCE, None, None),)
    assert counts(reading, Kind.PROVIDERS) == (2, 0, 0, 2)


def test_a_renamed_heading_is_named_with_those_there_are(tmp_path: Path) -> None:
    said = _refusal(tmp_path, TABLE.replace("Valid&nbsp;until", "Expires"), IN_TABLE)
    assert "list.html" in said
    assert "has no column 'Valid until'; there are 'ref', 'name of provider', 'expires'" in said


def test_a_heading_that_stands_twice_is_refused(tmp_path: Path) -> None:
    assert "two columns 'Ref'" in _refusal(tmp_path, TABLE.replace("Settings", "Ref"), IN_TABLE)


def test_a_row_that_lacks_a_required_field_is_rejected_with_page_and_row(tmp_path: Path) -> None:
    reading = _read(tmp_path, TABLE.replace("Invented Ltd", " "), IN_TABLE)
    [rejected] = reading.rejected
    assert rejected.place == "list.html row 2, column Name of provider"
    assert (rejected.register, rejected.reason) == ("TP-2", "is blank")
    assert reading.coverage.providers is Coverage.PARTIAL


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("<tr><td>TP-3<td>Short", "2 cells for 4 columns"),
        ("<tr><td>TP-3<td>Long<td><td><td>more", "5 cells for 4 columns"),
        ("<tr><td colspan=4>Suspended", "over several columns"),
    ],
)
def test_a_row_that_does_not_fit_the_headings_is_rejected(
    tmp_path: Path, row: str, reason: str
) -> None:
    reading = _read(tmp_path, TABLE.replace("</table>", f"{row}</table>"), IN_TABLE)
    [rejected] = reading.rejected
    assert reason in rejected.reason
    assert _refs(reading) == ["TP-1", "TP-2"]


def test_a_cell_that_reaches_down_counts_for_each_row(tmp_path: Path) -> None:
    page = (
        "<table><tr><th>Name<th>Ref</tr><tr><td rowspan=2>A<td>TP-1<tr><td>TP-2"
        "<tr><td>B<td>TP-3</table>"
    )
    reading = _read(tmp_path, page, _profile("list.html", "tr"))
    assert [(p.register, p.name) for p in reading.document.providers] == [
        ("TP-1", "A"),
        ("TP-2", "A"),
        ("TP-3", "B"),
    ]


CARDS = """
<ul>
<li class=provider data-ref=TP-1><h3>A <span>new</span></h3>
  <dl><div><dt>Valid until:</dt><dd>31 March 2026</dd></div><dt>Codes</dt><dd>ZZ1</dd><dd>ZZ2</dd></dl>
<li class=provider data-ref=TP-2><h3>B</h3>
  <dl><dt>Codes</dt><dt>VALID UNTIL</dt><dd>1 May 2026</dd></dl>
</ul>
"""
IN_CARDS = _profile(
    "list.html",
    "li.provider",
    table="""
[providers.columns]
Ref = { selector = "li", attribute = "data-ref", pattern = "^(TP-[0-9]+)$" }
Name = "h3"
Until = { label = "Valid until" }
Codes = { label = "Codes", join = "|", may_be_absent = true }
""",
    fields='to = "Until"\nidentifiers.ods = { column = "Codes", separator = "|" }',
    top='ignore = "h3 span"',
)


def test_cards_are_read_by_selectors_and_labels(tmp_path: Path) -> None:
    reading = _read(tmp_path, CARDS, IN_CARDS)
    first, second = reading.document.providers
    assert (first.register, first.name) == ("TP-1", "A")
    assert first.identifiers == (Identifier(Scheme.ODS, "ZZ1"), Identifier(Scheme.ODS, "ZZ2"))
    assert first.periods[0].to == date(2026, 4, 1)
    assert (second.identifiers, second.periods[0].to) == ((), date(2026, 5, 2))


def test_a_selector_that_matches_nowhere_is_named(tmp_path: Path) -> None:
    said = _refusal(tmp_path, CARDS.replace("h3", "h4"), IN_CARDS)
    assert "column 'Name': 'h3' matches nothing in any of 2 rows" in said


def test_a_label_that_stands_nowhere_is_named(tmp_path: Path) -> None:
    page = CARDS.replace("Valid until", "Ends").replace("VALID UNTIL", "Ends")
    assert "column 'Until': 'dd' beside 'dt' 'Valid until'" in _refusal(tmp_path, page, IN_CARDS)


def test_an_end_that_is_not_there_is_not_taken_for_none(tmp_path: Path) -> None:
    page = CARDS.replace("VALID UNTIL", "Ends")
    [rejected] = _read(tmp_path, page, IN_CARDS).rejected
    assert (rejected.register, rejected.field) == ("TP-2", "to")
    assert "may_be_absent" in rejected.reason
    lenient = IN_CARDS.replace('"Valid until" }', '"Valid until", may_be_absent = true }')
    assert _read(tmp_path, page, lenient).document.providers[1].periods[0].to is None


@pytest.mark.parametrize(
    ("old", "new", "field", "reason"),
    [
        ("data-ref=TP-2", "data-ref=2", "register", "not of the column's `pattern`"),
        ("<h3>B</h3>", "<h3>B</h3><h3>C</h3>", "name", "is 2 values"),
        ("<h3>B</h3>", "", "name", "is blank"),
        ("1 May 2026", "soon", "to", "not a date"),
    ],
)
def test_a_card_that_cannot_be_right_is_rejected(
    tmp_path: Path, old: str, new: str, field: str, reason: str
) -> None:
    reading = _read(tmp_path, CARDS.replace(old, new), IN_CARDS)
    [rejected] = reading.rejected
    assert rejected.field == field
    assert reason in rejected.reason
    assert rejected.place.startswith("list.html row 2")


@pytest.mark.parametrize(
    "page",
    [
        "<h1>Sign in</h1><form><input name=password></form>",
        "<p>The list is being updated.",
        "",
        "{}",
        "<table id=register><thead><tr><th>Ref</thead></table>",
    ],
)
def test_a_page_without_the_list_is_not_an_empty_list(tmp_path: Path, page: str) -> None:
    assert "has no '#register tr': is it a login page" in _refusal(tmp_path, page, IN_TABLE)


def test_text_of_scripts_and_blank_rows_are_not_read(tmp_path: Path) -> None:
    page = TABLE.replace("Invented", "<script>x</script><style>y</style>Invented").replace(
        "</table>", "<tr><td> <td>&nbsp;<td><td></table>"
    )
    reading = _read(tmp_path, page, IN_TABLE)
    assert reading.document.providers[1].name == "Invented Ltd"
    assert counts(reading, Kind.PROVIDERS) == (2, 0, 0, 2)


@pytest.mark.parametrize(
    ("content", "more"),
    [
        (TABLE.encode(), ""),
        (TABLE.replace("<meta charset=utf-8>", "").encode(), ""),
        (b"\xef\xbb\xbf" + TABLE.replace("utf-8", "latin-1").encode(), ""),
        (TABLE.replace("utf-8", "windows-1252").encode("cp1252"), ""),
        (TABLE.replace("utf-8", "ISO-8859-1").encode("cp1252"), ""),
        (TABLE.encode("cp1252"), 'encoding = "cp1252"\n'),
        (TABLE.encode("utf-16"), ""),
    ],
    ids=["declared", "utf-8", "bom", "1252", "8859", "profile", "utf-16"],
)
def test_a_page_may_say_its_encoding(tmp_path: Path, content: bytes, more: str) -> None:
    reading = _read(tmp_path, content, more + IN_TABLE)
    assert reading.document.providers[0].name.startswith("Caf\u00e9")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (TABLE.encode("cp1252"), "is not utf-8 at byte"),
        (TABLE.replace("utf-8", "martian").encode(), "'martian', which is no encoding"),
    ],
)
def test_a_page_in_another_encoding_is_not_guessed_at(
    tmp_path: Path, content: bytes, said: str
) -> None:
    assert said in _refusal(tmp_path, content, IN_TABLE)


def test_what_is_nested_beyond_reason_is_refused_at_once(tmp_path: Path) -> None:
    assert "nested too deeply" in _refusal(tmp_path, "<div>" * 100_000, IN_TABLE)


# ---- paging


def _page(*refs: str, following: str = "") -> str:
    rows = "".join(f"<tr><td>{ref}<td>Provider {ref}" for ref in refs)
    link = f'<a rel=next href="{following}">next</a>' if following else ""
    return f"{link}<table><tr><th>Ref<th>Name</tr>{rows}</table>{link}"


def _paged(site: FakeSite, most: int = 10) -> str:
    paging = f'\n[paging]\nnext = "a[rel=next]"\nmax_pages = {most}\n'
    return _profile(site.address(), "tr", top=paging)


@pytest.mark.parametrize(
    "following",
    ["/list?page=2", "?page=2", "list?page=2#top", "http://127.0.0.1:{port}/list?page=2"],
)
def test_a_list_is_read_to_its_last_page(site: FakeSite, tmp_path: Path, following: str) -> None:
    site.show("/list", _page("TP-1", following=following.format(port=site.port)))
    site.show("/list?page=2", _page("TP-2", ""))
    text = _paged(site)
    raw = _asked(site, tmp_path, text)
    reading = read(profile(tmp_path, text), raw)
    assert _refs(reading) == ["TP-1", "TP-2"]
    assert reading.rejected[0].place == f"{site.address('/list?page=2')} row 2, column Ref"


def test_a_link_is_relative_to_where_a_redirect_led_and_to_the_base(
    site: FakeSite, tmp_path: Path
) -> None:
    site.show("/", "")
    site.pages["/list"] = site.pages["/"]._replace(status=301, headers={"Location": "/list/"})  # type: ignore[union-attr]
    site.show("/list/", _page("TP-1", following="2"))
    site.show("/list/2", '<base href="/more/">' + _page("TP-2", following="3"))
    site.show("/more/3", _page("TP-3"))
    text = _paged(site)
    raw = _asked(site, tmp_path, text)
    assert _refs(read(profile(tmp_path, text), raw)) == ["TP-1", "TP-2", "TP-3"]


def test_pages_are_unchanged_if_each_is(site: FakeSite, tmp_path: Path) -> None:
    site.show("/list", _page("TP-1", following="?page=2"), etag='"1"')
    site.show("/list?page=2", _page("TP-2"), etag='"1"')
    first = _asked(site, tmp_path, _paged(site))
    again = _asked(site, tmp_path, _paged(site), first)
    assert (again.http_status, again.digest, again.as_of) == (304, first.digest, LATER)
    site.show("/list?page=2", _page("TP-3"), etag='"2"')
    changed = _asked(site, tmp_path, _paged(site), again)
    assert changed.http_status == 200
    assert _refs(read(profile(tmp_path, _paged(site)), changed)) == ["TP-1", "TP-3"]
    assert set(changed.validators) == {site.address(), site.address("/list?page=2")}


def test_the_first_page_alone_says_nothing_of_the_others(site: FakeSite, tmp_path: Path) -> None:
    site.show("/list", _page("TP-1", following="?page=2"), etag='"1"')
    site.show("/list?page=2", _page("TP-2"))
    first = _asked(site, tmp_path, _paged(site))
    site.show("/list?page=2", _page("TP-9"))
    again = _asked(site, tmp_path, _paged(site), first)
    assert (again.http_status, _refs(read(profile(tmp_path, _paged(site)), again))) == (
        200,
        ["TP-1", "TP-9"],
    )


def test_a_release_is_as_old_as_the_oldest_of_its_pages(site: FakeSite, tmp_path: Path) -> None:
    site.show("/list", _page("TP-1", following="?page=2"))
    site.show("/list?page=2", _page("TP-2"))
    hours = iter((NOW, LATER))
    raw = fetch(profile(tmp_path, _paged(site)), clock=lambda: next(hours))
    assert raw.as_of == NOW


def test_a_release_of_pages_has_the_same_digest_each_time(site: FakeSite, tmp_path: Path) -> None:
    site.show("/list", _page("TP-1", following="?page=2"))
    site.show("/list?page=2", _page("TP-2"))
    assert (
        _asked(site, tmp_path, _paged(site)).digest == _asked(site, tmp_path, _paged(site)).digest
    )


@pytest.mark.parametrize(
    ("second", "said"),
    [
        (_page("TP-2", following="/list"), "leads to one that was read before"),
        (_page("TP-2", following="?page=2"), "leads to one that was read before"),
        (_page("TP-2", following="http://localhost/list"), "leads away from the site"),
        (_page("TP-2", following="javascript:more()"), "leads away from the site"),
        (_page("TP-2").replace("<table", "<a rel=next>more</a><table"), "add [href]"),
        (_page("TP-2", following="/3") + "<a rel=next href=/4>", "leads to 2 addresses"),
        (_page("TP-2", following="/gone?token=abc"), "answers 404"),
        ("<h1>Sign in</h1>", "is it a login page"),
        (_page(), "is it a login page"),
    ],
    ids=["circle", "itself", "elsewhere", "script", "no address", "two", "gone", "login", "empty"],
)
def test_a_list_that_goes_wrong_on_its_second_page_is_refused_whole(
    site: FakeSite, tmp_path: Path, second: str, said: str
) -> None:
    site.show("/list", _page("TP-1", following="?page=2"))
    site.show("/list?page=2", second)
    with pytest.raises(SourceError) as caught:
        _asked(site, tmp_path, _paged(site))
    assert said in str(caught.value)
    assert "abc" not in str(caught.value)


def test_a_list_is_not_cut_short_at_the_most_pages(site: FakeSite, tmp_path: Path) -> None:
    site.show("/list", _page("TP-1", following="?page=2"))
    site.show("/list?page=2", _page("TP-2", following="?page=3"))
    with pytest.raises(SourceError, match="goes on after 2 pages: raise max_pages"):
        _asked(site, tmp_path, _paged(site, most=2))


# ---- detail pages

DETAILED = _profile(
    "{location}",
    "li",
    table="""
detail = { link = "a", content = "main", max_pages = 2 }
[providers.columns]
Ref = { selector = "#ref", on = "detail" }
Name = "a:first-child"
Until = { label = "Until", on = "detail" }
""",
    fields='to = "Until"',
    more="""
[[programmes]]
rows = "main li"
on = "detail"
[programmes.columns]
Provider = { selector = "#ref", on = "page" }
Title = "li"
[programmes.fields]
register = { template = "{Provider}-{Title}" }
provider = "Provider"
title = "Title"
""",
).replace('providers = "complete"', 'providers = "complete"\nprogrammes = "complete"', 1)
LIST = '<li><a href="{0}1{1}">A</a> <a href="{0}1{1}">more</a><li><a href="{0}2{1}">B</a>'
DETAIL = "<main><b id=ref>TP-{0}</b><dl><dt>Until<dd>1 May 2026</dl><ul><li>Course {0}</ul></main>"


def _detailed(location: str) -> str:
    allowed = "allow_http = true\n" if location.startswith("http:") else ""
    return allowed + DETAILED.replace("{location}", location)


def _show_details(site: FakeSite) -> str:
    site.show("/list", LIST.format("/p/", ""), etag='"l"')
    site.show("/p/1", DETAIL.format(1), etag='"1"')
    site.show("/p/2", DETAIL.format(2), etag='"2"')
    return _detailed(site.address())


def test_rows_are_read_with_their_detail_pages(site: FakeSite, tmp_path: Path) -> None:
    text = _show_details(site)
    raw = _asked(site, tmp_path, text)
    reading = read(profile(tmp_path, text), raw)
    assert [(p.register, p.name, p.periods[0].to) for p in reading.document.providers] == [
        ("TP-1", "A", date(2026, 5, 2)),
        ("TP-2", "B", date(2026, 5, 2)),
    ]
    assert [(p.register, p.provider) for p in reading.document.programmes] == [
        ("TP-1-Course-1", "TP-1"),
        ("TP-2-Course-2", "TP-2"),
    ]
    assert site.paths == ["/list", "/p/1", "/p/2"]
    assert _asked(site, tmp_path, text, raw).http_status == 304


def test_saved_pages_are_read_with_those_they_link_to(tmp_path: Path) -> None:
    for number in (1, 2):
        (tmp_path / f"p {number}.html").write_text(DETAIL.format(number))
    reading = _read(tmp_path, LIST.format("p%20", ".html"), _detailed("list.html"))
    assert _refs(reading) == ["TP-1", "TP-2"]


def test_a_row_without_a_link_is_rejected(site: FakeSite, tmp_path: Path) -> None:
    text = _show_details(site)
    site.show("/list", LIST.format("/p/", "") + "<li><a>C</a>")
    reading = read(profile(tmp_path, text), _asked(site, tmp_path, text))
    [rejected] = reading.rejected
    assert "no link to a detail page" in rejected.reason
    assert _refs(reading) == ["TP-1", "TP-2"]


@pytest.mark.parametrize(
    ("path", "page", "said"),
    [
        ("/p/2", "<h1>Sign in</h1>", "/p/2: the page has no 'main': is it a login page"),
        ("/p/2", "<main></main><main></main>", "2 of 'main'"),
        ("/list", LIST.format("/p/", "") + "<li><a href=/p/3>C</a>", "more than 2 detail pages"),
        ("/list", LIST.format("//localhost/", ""), "leads away from the site"),
        ("/list", LIST.format("/q/", ""), "answers 404"),
    ],
)
def test_detail_pages_that_are_none_refuse_the_release(
    site: FakeSite, tmp_path: Path, path: str, page: str, said: str
) -> None:
    text = _show_details(site)
    site.show(path, page)
    with pytest.raises(SourceError) as caught:
        _asked(site, tmp_path, text)
    assert said in str(caught.value)


# ---- saved pages


def test_all_saved_pages_of_a_folder_are_one_list(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "b.html").write_text(_page("TP-2", following="a.html"))
    (folder / "a.html").write_text(_page("TP-1", following="b.html"))
    (folder / "notes.txt").write_text("no page")
    text = _profile(
        "pages", "tr", top='[paging]\nnext = "a[rel=next]"\n[releases]\npages = 2026-01-02'
    )
    found = profile(tmp_path, text)
    raw = fetch(found)
    assert _refs(read(found, raw)) == ["TP-1", "TP-2"]
    assert raw.as_of == datetime(2026, 1, 2, tzinfo=UTC)


def test_saved_pages_may_follow_each_other(tmp_path: Path) -> None:
    (tmp_path / "second.html").write_text(_page("TP-2"))
    text = _profile("list.html", "tr", top='[paging]\nnext = "a[rel=next]"')
    assert _refs(_read(tmp_path, _page("TP-1", following="second.html"), text)) == ["TP-1", "TP-2"]


@pytest.mark.parametrize(
    "following", ["/x.html", "https://example.org/x", "%2e%2e/x", ".hidden", "a%5cb"]
)
def test_a_saved_page_leads_to_nothing_but_files_beside_it(tmp_path: Path, following: str) -> None:
    (tmp_path / ".hidden").write_text(_page("TP-2"))
    text = _profile("list.html", "tr", top='[paging]\nnext = "a[rel=next]"')
    said = _refusal(tmp_path, _page("TP-1", following=following), text)
    assert "not to a file in it" in said


@pytest.mark.parametrize("following", ["gone.html", "../gone.html"])
def test_a_saved_page_that_is_missing_is_named(tmp_path: Path, following: str) -> None:
    folder = tmp_path / "saved"
    folder.mkdir()
    (tmp_path / "gone.html").write_text(_page("TP-2"))
    text = _profile("list.html", "tr", top='[paging]\nnext = "a[rel=next]"')
    said = _refusal(folder, _page("TP-1", following=following), text)
    assert f"{folder / 'gone.html'}: is missing" in said


def test_an_archive_that_lacks_a_page_is_no_release(site: FakeSite, tmp_path: Path) -> None:
    site.show("/list", _page("TP-1"))
    raw = _asked(site, tmp_path, _profile(site.address(), "tr"))
    with pytest.raises(SourceError, match="can't be read"):
        read(profile(tmp_path, _paged(site)), Raw.of(raw.location, raw.content[:40], NOW))


def test_a_lookup_may_stand_on_the_page(tmp_path: Path) -> None:
    text = (
        _profile("list.html", "#list tr").replace(
            'name = "Name"', 'name = { lookup = "names", by = "Ref", column = "Name" }'
        )
        + '[lookups.names]\nrows = "#names tr"\nkey = "Ref"\n'
    )
    page = (
        "<table id=list><tr><th>Ref</tr><tr><td>TP-1</table>"
        "<table id=names><tr><th>Ref<th>Name</tr><tr><td>TP-1<td>A</table>"
    )
    assert _read(tmp_path, page, text).document.providers[0].name == "A"


# ---- mistakes in a profile

FIELDS = "providers[0]"


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('rows = "li.provider"', 'rows = "li["', f"{FIELDS}.rows"),
        ('rows = "li.provider"', 'rows = "> li"', f"{FIELDS}.rows"),
        ('rows = "li.provider"', 'sheet = "S"', f"{FIELDS}.sheet"),
        ('rows = "li.provider"', "", f"{FIELDS}.rows"),
        ('Name = "h3"', 'Name = "h3[["', f"{FIELDS}.columns.Name.selector"),
        ('Name = "h3"', "Name = 3", f"{FIELDS}.columns.Name"),
        ('Name = "h3"', "Name = {}", f"{FIELDS}.columns.Name"),
        ('Name = "h3"', 'Name = { selector = "a", label = "b" }', f"{FIELDS}.columns.Name"),
        ('Name = "h3"', 'Name = { selector = "a", hue = 1 }', f"{FIELDS}.columns.Name"),
        ('Name = "h3"', 'Name = { selector = "a", on = "detail" }', f"{FIELDS}.columns.Name.on"),
        ("^(TP-[0-9]+)$", "TP-[0-9]+", f"{FIELDS}.columns.Ref.pattern"),
        ("^(TP-[0-9]+)$", "(", f"{FIELDS}.columns.Ref.pattern"),
        ('ignore = "h3 span"', 'ignore = "::"', "ignore"),
        ('ignore = "h3 span"', 'paging = { next = "a[" }', "paging.next"),
        ('ignore = "h3 span"', 'paging = { next = "a", max_pages = 0 }', "paging.max_pages"),
        ('ignore = "h3 span"', 'encoding = "martian"', "encoding"),
        ('rows = "li.provider"', 'rows = "li"\non = "detail"', f"{FIELDS}.on"),
        (
            'rows = "li.provider"',
            'rows = "li"\ndetail = { link = "a", content = "[" }',
            f"{FIELDS}.detail.content",
        ),
    ],
)
def test_a_mistake_in_a_profile_of_pages_is_named_with_its_line(
    tmp_path: Path, old: str, new: str, key: str
) -> None:
    assert old in IN_CARDS
    with pytest.raises(ProfileError) as caught:
        profile(tmp_path, IN_CARDS.replace(old, new))
    assert caught.value.key == key
    assert caught.value.line


def test_the_place_of_a_family_name_is_read_as_nothing_else(tmp_path: Path) -> None:
    text = """
kind = "html"
location = "list.html"
vouched_by = "register"
max_age = "P1D"
[coverage]
authorisations = "partial"
[[authorisations]]
rows = "tr"
[authorisations.columns]
Surname = "td:nth-child(2)"
Trainer = "td:nth-child(2)"
[authorisations.fields]
register = "No"
trainer = "Trainer"
familyName = "Surname"
provider = "Provider"
role = "Role"
programmes = { value = "all" }
"""
    with pytest.raises(ProfileError, match="family name") as caught:
        profile(tmp_path, text)
    assert caught.value.line == 12
