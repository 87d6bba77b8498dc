"""How the tables of a csv, xlsx or html source become records: what a profile may say of them."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from enum import Enum, StrEnum
from typing import Any, Literal

import msgspec

from trivet.register.identifiers import Scheme
from trivet.register.periods import Status
from trivet.register.records import Kind, ProviderKind, Record, Role
from trivet.register.sources.errors import Key, Misstated
from trivet.register.sources.listings import (
    Listing,
    ListingKeys,
    Pages,
    check_family_name,
    listing,
)

Ends = Literal["inclusive", "exclusive"]
OnDifference = Literal["reject", "first"]
Constant = str | bool | date | tuple[str, ...]


class Sort(Enum):
    """What sort of value a field takes."""

    TEXT = "text"
    ID = "id"
    DATE = "date"
    FLAG = "yes or no"
    WORD = "word"
    TEXTS = "texts"
    IDS = "ids"
    WORDS = "words"


LISTS = frozenset({Sort.TEXTS, Sort.IDS, Sort.WORDS})

_TIMELINE = {"status": Sort.WORD, "from": Sort.DATE, "to": Sort.DATE, "changed": Sort.DATE}
_OWN_SCHEMES = {Scheme.NAME, Scheme.REGISTER, Scheme.CERTIFICATE}
_ORGANISATION = {
    "organisation.name": Sort.TEXT,
    **{f"organisation.identifiers.{s.value}": Sort.TEXTS for s in Scheme if s is not Scheme.NAME},
}

SORTS: dict[Kind, dict[str, Sort]] = {
    Kind.BODIES: {
        "register": Sort.ID,
        "name": Sort.TEXT,
        "licensed.from": Sort.DATE,
        "licensed.to": Sort.DATE,
        "accreditation.number": Sort.TEXT,
        "accreditation.from": Sort.DATE,
        "accreditation.to": Sort.DATE,
    },
    Kind.PROVIDERS: {
        "register": Sort.ID,
        "name": Sort.TEXT,
        "tradingNames": Sort.TEXTS,
        "kind": Sort.WORD,
        **{f"identifiers.{s.value}": Sort.TEXTS for s in Scheme if s not in _OWN_SCHEMES},
        "body": Sort.ID,
        "standardsEdition": Sort.TEXT,
        "certificate": Sort.TEXT,
        **_TIMELINE,
        "settings": Sort.WORDS,
        "nations": Sort.WORDS,
    },
    Kind.PROGRAMMES: {
        "register": Sort.ID,
        "provider": Sort.ID,
        "title": Sort.TEXT,
        **_TIMELINE,
        "settings": Sort.WORDS,
        "populations": Sort.WORDS,
        "nations": Sort.WORDS,
        "modules": Sort.WORDS,
        "restrictive": Sort.FLAG,
    },
    Kind.AUTHORISATIONS: {
        "register": Sort.ID,
        "trainer": Sort.ID,
        "familyName": Sort.TEXT,
        "provider": Sort.ID,
        "role": Sort.WORD,
        **_ORGANISATION,
        "programmes": Sort.IDS,
        **_TIMELINE,
    },
    Kind.AFFILIATIONS: {
        "register": Sort.ID,
        **_ORGANISATION,
        "provider": Sort.ID,
        "programmes": Sort.IDS,
        **_TIMELINE,
    },
}
"""The fields of each kind of record, named as in the interchange document."""

REQUIRED: dict[Kind, frozenset[str]] = {
    Kind.BODIES: frozenset({"register", "name"}),
    Kind.PROVIDERS: frozenset({"register", "name", "body"}),
    Kind.PROGRAMMES: frozenset({"register", "provider", "title"}),
    Kind.AUTHORISATIONS: frozenset({"register", "trainer", "provider", "role", "programmes"}),
    Kind.AFFILIATIONS: frozenset({"register", "organisation.name", "provider", "programmes"}),
}

VOCABULARIES: dict[str, type[StrEnum]] = {"status": Status, "role": Role, "kind": ProviderKind}
"""The fields whose words are fixed."""

TEMPLATE_COLUMN = re.compile(r"\{([^{}]+)\}")
"""A column's name in a template such as `{Provider}-{Code}`."""


class Field(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a field's value comes from: a column, a template of columns, a lookup or a constant."""

    column: str | None = None
    template: str | None = None
    value: Any = None
    lookup: str | None = None
    by: str | None = None
    map: dict[str, str | bool] | None = None
    separator: str | None = None
    default: Any = None
    optional: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the table itself that this field is read from."""
        own = self.by if self.lookup else self.column
        return (*((own,) if own else ()), *template_columns(self.template or ""))


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """A sheet, a file or a listing on pages, whose rows describe records of one kind."""

    kind: Kind
    sheet: str | None
    file: str | None
    header: int | None
    optional: bool
    ends: Ends
    dates: tuple[str, ...]
    null_values: frozenset[str]
    undated_from: date | None
    on_difference: OnDifference
    fields: dict[str, Field]
    listing: Listing | None = None


class Lookup(msgspec.Struct, frozen=True, kw_only=True):
    """A sheet, file or listing in which other tables look something up by its `key` column."""

    key: str
    sheet: str | None
    file: str | None
    header: int | None
    listing: Listing | None


class Tables(msgspec.Struct, frozen=True, kw_only=True):
    """All that a profile says about a csv, xlsx or html source's content."""

    tables: tuple[Table, ...]
    lookups: dict[str, Lookup]
    records: tuple[tuple[Kind, Record], ...]
    encoding: str = "utf-8-sig"
    delimiter: str = ","
    pages: Pages | None = None

    @property
    def files(self) -> tuple[str, ...]:
        """The names of the files that tables and lookups name, sorted; empty if they name none."""
        tables = {each.file for each in self.tables}
        lookups = {each.file for each in self.lookups.values()}
        return tuple(sorted(name for name in tables | lookups if name))

    @property
    def required_files(self) -> frozenset[str]:
        """The names of the files without which there is no release."""
        tables = {each.file for each in self.tables if not each.optional}
        lookups = {each.file for each in self.lookups.values()}
        return frozenset(name for name in tables | lookups if name)


class PlaceKeys(ListingKeys, frozen=True, kw_only=True):
    """Where a table or lookup is, as the profile states it: a listing, or else a sheet or file."""

    sheet: str | None = None
    file: str | None = None
    header: int | None = None


class LookupKeys(PlaceKeys, frozen=True, kw_only=True):
    """A lookup as the profile states it."""

    key: str


class TableKeys(PlaceKeys, frozen=True, kw_only=True):
    """A table as the profile states it."""

    fields: dict[str, Any]
    optional: bool = False
    ends: Ends | None = None
    dates: tuple[str, ...] | None = None
    null_values: tuple[str, ...] | None = None
    undated_from: date | None = None
    on_difference: OnDifference | None = None


class Defaults(msgspec.Struct, frozen=True, kw_only=True):
    """What a profile says of all its tables at once."""

    ends: Ends | None
    dates: tuple[str, ...]
    null_values: tuple[str, ...]
    on_difference: OnDifference


def table(kind: Kind, keys: TableKeys, defaults: Defaults, key: Key) -> Table:
    """Return the table that a profile states under `key`; Misstated if it can't be."""
    fields = dict(_fields(kind, keys.fields, (*key, "fields")))
    _require_fields(kind, fields, (*key, "fields"))
    _guard_family_name(fields, (*key, "fields"))
    found = listing(keys, key)
    if found and "familyName" in fields:
        check_family_name(found.columns, frozenset(fields["familyName"].columns), key)
    dates = keys.dates or defaults.dates
    for pattern in dates:
        _check_date_format(pattern, (*key, "dates"))
    nulls = defaults.null_values if keys.null_values is None else keys.null_values
    return Table(
        kind=kind,
        sheet=keys.sheet,
        file=keys.file,
        header=_header(keys.header, key),
        optional=keys.optional,
        ends=_ends(fields, keys.ends or defaults.ends, key),
        dates=dates,
        null_values=frozenset(folded(null) for null in nulls),
        undated_from=keys.undated_from,
        on_difference=keys.on_difference or defaults.on_difference,
        fields=fields,
        listing=found,
    )


def lookup(keys: LookupKeys, key: Key) -> Lookup:
    """Return the lookup that a profile states under `key`; Misstated if it can't be."""
    return Lookup(
        key=keys.key,
        sheet=keys.sheet,
        file=keys.file,
        header=_header(keys.header, key),
        listing=listing(keys, key),
    )


def folded(text: str) -> str:
    """Return the form in which words of a list compare: white space folded, without case."""
    return " ".join(text.split()).casefold()


def is_end(field: str) -> bool:
    """Say whether a field holds the end of a period."""
    return field == "to" or field.endswith(".to")


def template_columns(template: str) -> list[str]:
    """Return the columns that a template such as `{Provider}-{Code}` names."""
    return TEMPLATE_COLUMN.findall(template)


def _header(header: int | None, key: Key) -> int | None:
    if header is not None and header < 1:
        raise Misstated((*key, "header"), "rows are counted from 1")
    return header


def _ends(fields: Mapping[str, Field], ends: Ends | None, key: Key) -> Ends:
    if ends is None and any(map(is_end, fields)):
        raise Misstated(
            (*key, "ends"),
            'is missing: say whether an end date is the last day covered ("inclusive")'
            ' or the first day not covered ("exclusive")',
        )
    return ends or "exclusive"


def _check_date_format(pattern: str, key: Key) -> None:
    day = datetime(2019, 3, 28)  # noqa: DTZ001 - a day, for trying the pattern
    try:
        good = datetime.strptime(day.strftime(pattern), pattern) == day  # noqa: DTZ007
    except ValueError:
        good = False
    if not good:
        raise Misstated(key, f"{pattern!r} is not the format of a day, such as %d/%m/%Y")


def _require_fields(kind: Kind, fields: Mapping[str, Field], key: Key) -> None:
    missing = sorted(REQUIRED[kind] - fields.keys())
    if missing:
        raise Misstated(key, f"nothing says where {', '.join(missing)} comes from")
    for name, field in fields.items():
        if field.optional and (name in REQUIRED[kind] or restricts(name)):
            raise Misstated(
                (*key, name), "can't be optional: without it a record would say too much"
            )
    named = [name for name in sorted(fields) if name.startswith("organisation.identifiers.")]
    if named and "organisation.name" not in fields:
        raise Misstated((*key, "organisation"), "an organisation needs a name beside identifiers")


def restricts(field: str) -> bool:
    """Say whether a record without this field would look in force for longer than with it."""
    return is_end(field) or field in {"status", "changed"}


def _guard_family_name(fields: Mapping[str, Field], key: Key) -> None:
    """Keep a family name out of every other field: ids are shown, quoted and logged."""
    secret = set(fields["familyName"].columns) if "familyName" in fields else set()
    for name, field in fields.items():
        if name != "familyName" and secret & set(field.columns):
            raise Misstated((*key, name), "is read from the column of the family name")


def _fields(kind: Kind, stated: Mapping[str, Any], key: Key) -> Iterator[tuple[str, Field]]:
    for name, path, raw in _flat(kind, stated, "", key):
        yield name, _field(name, SORTS[kind][name], raw, path)


def _flat(
    kind: Kind, stated: Mapping[str, Any], prefix: str, key: Key
) -> Iterator[tuple[str, Key, Any]]:
    for part, raw in stated.items():
        name, path = prefix + part, (*key, part)
        if name in SORTS[kind]:
            yield name, path, raw
        elif isinstance(raw, dict) and any(f.startswith(f"{name}.") for f in SORTS[kind]):
            yield from _flat(kind, raw, f"{name}.", path)
        else:
            raise Misstated(path, f"is not a field of {kind.value}: {', '.join(SORTS[kind])}")


def _field(name: str, sort: Sort, raw: object, key: Key) -> Field:
    if isinstance(raw, str):
        raw = {"column": raw}
    if not isinstance(raw, dict):
        raise Misstated(key, 'should be the name of a column, or a table such as {value = "…"}')
    try:
        field = msgspec.convert(raw, Field)
    except msgspec.ValidationError as error:
        raise Misstated(key, str(error)) from None
    _check_source(field, sort, key)
    _check_map(name, field, sort, key)
    return msgspec.structs.replace(
        field,
        value=_constant(name, sort, field.value, (*key, "value")),
        default=_constant(name, sort, field.default, (*key, "default")),
    )


def _check_source(field: Field, sort: Sort, key: Key) -> None:
    given = [field.value is not None, bool(field.lookup), bool(field.template), bool(field.column)]
    if not any(given):
        raise Misstated(key, "says no column, template, lookup or value")
    if field.value is not None and any(given[1:]):
        raise Misstated(key, "has a constant value, so it can't have a column, template or lookup")
    if bool(field.lookup) != bool(field.by) or (field.lookup and not field.column):
        raise Misstated(key, "a lookup needs `lookup`, `by` (a column here) and `column` (there)")
    if field.lookup and field.template:
        raise Misstated(key, "can't have both a lookup and a template")
    if field.template is not None:
        _check_template(field, sort, key)
    if field.separator is not None and (sort not in LISTS or not field.separator):
        raise Misstated((*key, "separator"), "is for a field that holds a list, and can't be empty")


def _check_template(field: Field, sort: Sort, key: Key) -> None:
    if sort not in (Sort.TEXT, Sort.ID, Sort.IDS):
        raise Misstated((*key, "template"), "is for ids and texts only")
    if not template_columns(field.template or ""):
        raise Misstated((*key, "template"), "names no column: write {Name of the column}")
    if field.column and (
        sort is not Sort.IDS or field.column not in template_columns(field.template or "")
    ):
        raise Misstated(
            (*key, "column"), "beside a template is for a list in a column that it names"
        )


def _check_map(name: str, field: Field, sort: Sort, key: Key) -> None:
    if field.map is None:
        return
    if field.template or not field.column or sort is Sort.DATE or name == "familyName":
        raise Misstated(
            (*key, "map"), "is for values of a column, and not for dates or family names"
        )
    for source, word in field.map.items():
        if isinstance(word, bool) != (sort is Sort.FLAG):
            raise Misstated(
                (*key, "map", source), "maps to true or false for a yes or no, else to a text"
            )
        if isinstance(word, str):
            _check_word(name, word, (*key, "map", source))


def _constant(name: str, sort: Sort, value: object, key: Key) -> Constant | None:
    if value is None:
        return None
    if (
        sort in LISTS
        and isinstance(value, list)
        and value
        and all(isinstance(v, str) for v in value)
    ):
        if name == "programmes" and "all" in value:
            raise Misstated(
                key, '"all" stands for every programme: write it alone, without brackets'
            )
        return tuple(value)
    expected: type = {Sort.FLAG: bool, Sort.DATE: date}.get(sort, str)
    if type(value) is not expected:
        raise Misstated(key, f"{value!r} is not what this field holds ({sort.value})")
    if isinstance(value, str):
        _check_word(name, value, key)
        # "all" stands for every programme, also those still to come; a list of that word would name one.
        return (value,) if sort in LISTS and (name, value) != ("programmes", "all") else value
    return value if isinstance(value, bool | date) else None


def _check_word(name: str, word: str, key: Key) -> None:
    words = VOCABULARIES.get(name)
    if words and word not in {member.value for member in words}:
        raise Misstated(key, f"{word!r} is not one of {', '.join(words)}")
