"""The rules of a verdict read a second time, for comparison with the product.

Written on plain dicts, with nothing imported from trivet, so that the same slip is not made twice. It reads a register
of one source; what needs several has tables of its own. Rules are cited by their number.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

Json = dict[str, Any]
Bears = set[tuple[str, str]]
Codes = set[str] | None
"""The reasons of an element: empty where it is good, None where there is nothing to judge it by."""

ELEMENTS = ("body", "provider", "programme", "trainer", "delivery", "scope")

_FAILS = """
    body_not_licensed body_not_accredited
    provider_not_on_register provider_not_yet_certified provider_certification_expired
    provider_suspended provider_withdrawn application_is_not_certification
    programme_not_on_register programme_of_another_provider programme_not_yet_approved
    programme_approval_expired programme_suspended programme_withdrawn
    trainer_not_authorised trainer_not_authorised_for_programme trainer_not_yet_authorised
    trainer_authorisation_expired trainer_suspended trainer_withdrawn
    train_the_trainer_is_not_certification affiliation_not_in_force
    affiliation_does_not_cover_programme associate_outside_own_organisation
    outside_setting outside_nation outside_population outside_modules
    """
FAILS = frozenset(_FAILS.split())
"""Every other reason cannot confirm."""

ABSENCES = {
    "provider_not_on_register",
    "programme_not_on_register",
    "trainer_not_authorised",
    "train_the_trainer_is_not_certification",
}
"""The fails that rest on a complete list's silence."""

LAPSED = {
    "providers": {
        "applied": "application_is_not_certification",
        "not_yet": "provider_not_yet_certified",
        "expired": "provider_certification_expired",
        "suspended": "provider_suspended",
        "withdrawn": "provider_withdrawn",
        "term_elapsed": "provider_term_elapsed",
        "delisted": "provider_delisted",
    },
    "programmes": {
        "applied": "programme_not_yet_approved",
        "not_yet": "programme_not_yet_approved",
        "expired": "programme_approval_expired",
        "suspended": "programme_suspended",
        "withdrawn": "programme_withdrawn",
        "delisted": "programme_delisted",
    },
    "authorisations": {
        "applied": "trainer_not_yet_authorised",
        "not_yet": "trainer_not_yet_authorised",
        "expired": "trainer_authorisation_expired",
        "suspended": "trainer_suspended",
        "withdrawn": "trainer_withdrawn",
        "delisted": "trainer_delisted",
    },
}
ABSENT = {
    "providers": {
        "complete": "provider_not_on_register",
        "partial": "provider_not_confirmed",
        "none": "provider_source_missing",
    },
    "programmes": {
        "complete": "programme_not_on_register",
        "partial": "programme_not_confirmed",
        "none": "programme_source_missing",
    },
    "authorisations": {
        "complete": "trainer_not_authorised",
        "partial": "trainer_not_confirmed",
        "none": "trainer_source_missing",
    },
}
DOUBTED_WHERE_UNLISTED = {
    "trainer_not_yet_authorised",
    "trainer_authorisation_expired",
    "trainer_not_authorised_for_programme",
}
SCOPE = {
    "setting": ("settings", "outside_setting"),
    "nation": ("nations", "outside_nation"),
    "population": ("populations", "outside_population"),
    "modules": ("modules", "outside_modules"),
}


@dataclass(frozen=True, kw_only=True)
class World:
    """A register of one source, and what the mirror knows of it.

    `first_seen` and `delisted` are London days by (kind, id); `term` is in years; the instants are UTC.
    """

    register: Json
    today: date
    now: datetime
    as_of: datetime
    max_age: timedelta
    vouched_by: str
    term: int | None
    first_seen: Mapping[tuple[str, str], date]
    delisted: Mapping[tuple[str, str], date]

    def covers(self, kind: str) -> str:
        """Return the coverage of a kind of record."""
        coverage: str = self.register["coverage"][kind]
        return coverage


@dataclass(frozen=True)
class Verdict:
    """The verdict, all its reasons, and verdict and reasons of each element."""

    verdict: str
    reasons: set[str]
    elements: dict[str, tuple[str, set[str]]]


@dataclass(frozen=True)
class Deliverer:
    """The delivering organisation: what it bears, its names, the provider's affiliations with it."""

    is_provider: bool
    bears: Bears
    names: set[str]
    affiliations: list[Json]


def judge(world: World, question: Json) -> Verdict:
    """Return the verdict on a question that may be asked."""
    return _Judge(world, question).verdict()


# How things compare (R22)


def comparable(scheme: str, value: str) -> str:
    """Return an identifier as it compares: trimmed, without case, company numbers padded."""
    if scheme == "name":
        return comparable_name(value)
    text = value.strip().casefold()
    return text.rjust(8, "0") if scheme == "companies-house" else text


def comparable_name(text: str) -> str:
    """Return a name as it compares."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("&", " and ")
    words = "".join(c for c in folded if unicodedata.category(c)[0] != "P").split()
    while len(words) > 1 and words[-1] in ("ltd", "limited", "plc", "llp", "cic"):
        words = words[:-1]
    return " ".join(words)


def same_id(one: str, other: str) -> bool:
    """Say whether two ids of records are the same."""
    return comparable("register", one) == comparable("register", other)


def borne(identifiers: Iterable[Json]) -> Bears:
    """Return identifiers as they compare."""
    return {(i["scheme"], comparable(i["scheme"], i["value"])) for i in identifiers}


def borne_by_provider(provider: Json) -> Bears:
    """Return what a provider bears, names left out."""
    own = [{"scheme": "register", "value": provider["register"]}]
    if provider["certificate"]:
        own.append({"scheme": "certificate", "value": provider["certificate"]})
    return borne([*own, *provider["identifiers"]])


def names_of(provider: Json) -> set[str]:
    """Return a provider's names, trading names too."""
    return comparable_names([provider["name"], *provider["tradingNames"]])


def comparable_names(names: Iterable[str]) -> set[str]:
    """Return names as they compare; a name of punctuation alone is none."""
    return {comparable_name(name) for name in names} - {""}


def schemes(bears: Bears) -> set[str]:
    """Return the schemes of identifiers."""
    return {scheme for scheme, _ in bears}


# Where a timeline stands (R11, R20)


def day_of(text: str | None) -> date | None:
    """Read a day."""
    return date.fromisoformat(text) if text else None


def begins(period: Json, seen: date) -> date:
    """Return the day from which a period counts."""
    return day_of(period["from"]) or seen


def ended(period: Json, day: date) -> bool:
    """Say whether a period is over by a day."""
    to = day_of(period["to"])
    return to is not None and to <= day


def status_on(periods: list[Json], day: date, seen: date, term: int | None = None) -> str:
    """Return the status on a day; besides the statuses of periods: not yet, start not recorded, term elapsed."""
    for period in periods:
        if begins(period, seen) <= day and not ended(period, day):
            return "term_elapsed" if _term_is_over(period, day, term) else str(period["status"])
    if any(p["from"] is None and day < seen and not ended(p, day) for p in periods):
        return "start_not_recorded"
    begun = [p for p in periods if begins(p, seen) <= day]
    if begun and begun[-1]["status"] in ("withdrawn", "expired"):
        return str(begun[-1]["status"])
    return "expired" if any(p["status"] == "in_force" for p in begun) else "not_yet"


def _term_is_over(period: Json, day: date, term: int | None) -> bool:
    start = day_of(period["from"])
    open_ended = period["status"] == "in_force" and start and not period["to"]
    return bool(open_ended and term and start and day >= years_after(start, term))


def years_after(day: date, years: int) -> date:
    """Return the day some years later; 29 February becomes 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


class _Judge:
    def __init__(self, world: World, question: Json) -> None:
        self.world, self.question = world, question
        self.records = world.register
        self.day = day_of(question.get("deliveredOn")) or world.today

    def verdict(self) -> Verdict:
        """Fail if one element fails, else cannot confirm if one can't be, else pass (R1)."""
        elements = {
            name: (_verdict_of(codes), codes or set())
            for name, codes in self._as_sources_allow(self._elements()).items()
        }
        verdict = next(
            (v for v in ("fail", "cannot_confirm") if v in {e[0] for e in elements.values()}),
            "pass",
        )
        reasons = {code for _, codes in elements.values() for code in codes}
        if verdict != "pass":  # R2, R3, R8, R12, R19
            offered = set(self.question.get("evidence", [])) - {"certificate"}
            reasons |= {f"{evidence}_is_not_certification" for evidence in offered}
        return Verdict(verdict, reasons, elements)

    def _elements(self) -> dict[str, Codes]:
        found, provider = self._find_provider()
        judged = self._without_provider(found) if provider is None else self._of(provider)
        if not any(self._asked_scope().values()):
            del judged["scope"]
        return judged

    def _without_provider(self, found: str) -> dict[str, Codes]:
        programme, trainer = "programme_not_confirmed", "trainer_not_confirmed"
        if found == "provider_not_on_register":
            programme, trainer = self._absent("programmes"), self._absent("authorisations")
            if any(self._is_asked(p) for p in self.records["programmes"]):
                programme = "programme_of_another_provider"
        if "trainer" not in self.question:
            trainer = "trainer_not_named"
        none: dict[str, Codes] = dict.fromkeys(ELEMENTS)
        return {**none, "provider": {found}, "programme": {programme}, "trainer": {trainer}}

    def _of(self, provider: Json) -> dict[str, Codes]:
        programme_codes, programme = self._programme(provider)
        deliverer = self._deliverer(provider)
        trainer_codes, authorisation = self._trainer(provider, programme, deliverer)
        return {
            "body": self._body(provider),
            "provider": self._lapse("providers", provider),
            "programme": programme_codes,
            "trainer": trainer_codes,
            "delivery": self._delivery(provider, programme, deliverer, authorisation),
            "scope": None if programme is None else self._scope(provider, programme),
        }

    def _absent(self, kind: str) -> str:
        """Only a complete list proves absence (R21)."""
        return ABSENT[kind][self.world.covers(kind)]

    def _status(self, kind: str, record: Json) -> str:
        """A record that vanished from a complete list is good before that day (R21)."""
        key = kind, record["register"]
        term = self.world.term if kind == "providers" else None
        status = status_on(record["periods"], self.day, self.world.first_seen[key], term)
        if self._gone(key) and status in ("in_force", "start_not_recorded", "term_elapsed"):
            return "delisted"
        return status

    def _gone(self, key: tuple[str, str]) -> bool:
        gone = self.world.delisted.get(key)
        return gone is not None and gone <= self.day

    def _lapse(self, kind: str, record: Json) -> set[str]:
        status = self._status(kind, record)
        return set() if status == "in_force" else {LAPSED[kind].get(status, status)}

    # The provider (R1, R22)

    def _given(self) -> list[Json]:
        given = self.question["provider"]
        return [given] if isinstance(given, dict) else given

    def _find_provider(self) -> tuple[str, Json | None]:
        """Return the provider meant, or the reason why it is not known."""
        names = comparable_names(i["value"] for i in self._given() if i["scheme"] == "name")
        others = borne(i for i in self._given() if i["scheme"] != "name")
        providers = self.records["providers"]
        selecting = {i for i in others if any(i in borne_by_provider(p) for p in providers)}
        stay = [p for p in providers if selecting and _agrees(p, selecting, others, names)]
        if len(stay) == 1:
            return "", stay[0]
        if not others or selecting or any(names & names_of(p) for p in providers):
            return "provider_ambiguous", None
        return self._absent_provider(others), None

    def _absent_provider(self, asked: Bears) -> str:
        """A trust that is listed without its ODS code is not a trust that is not listed."""
        ever_certified = [
            p
            for p in self.records["providers"]
            if any(period["status"] == "in_force" for period in p["periods"])
        ]
        if any(
            all(scheme in schemes(borne_by_provider(p)) for p in ever_certified)
            for scheme in schemes(asked)
        ):
            return self._absent("providers")
        return "provider_not_confirmed"

    # The programme (R4)

    def _is_asked(self, programme: Json) -> bool:
        asked = self.question["programme"]
        if asked["scheme"] == "register":
            return same_id(programme["register"], asked["value"])
        return comparable_name(programme["title"]) == comparable_name(asked["value"])

    def _programme(self, provider: Json) -> tuple[set[str], Json | None]:
        found = [p for p in self.records["programmes"] if self._is_asked(p)]
        own = [p for p in found if p["provider"] == provider["register"]]
        if len(own) == 1:
            return self._lapse("programmes", own[0]), own[0]
        if own:
            return {"programme_ambiguous"}, None
        if found and self.question["programme"]["scheme"] == "register":
            return {"programme_of_another_provider"}, None
        return {self._absent("programmes")}, None

    # The trainer (R5, R6, R10)

    def _trainer(
        self, provider: Json, programme: Json | None, deliverer: Deliverer | None
    ) -> tuple[set[str], Json | None]:
        """Return the reasons, and the authorisation that the element rests on or that gives the reason."""
        if "trainer" not in self.question:
            return {"trainer_not_named"}, None
        held = [a for a in self.records["authorisations"] if self._is_theirs(a, provider)]
        if not held:
            return {self._absent("authorisations")}, None
        covering = [a for a in held if _covers(a, programme)]
        if not covering:
            return self._doubted({"trainer_not_authorised_for_programme"}), self._latest(held)
        good = [a for a in covering if not self._lapse("authorisations", a)]
        if not good:
            latest = self._latest(covering)
            return self._doubted(self._lapse("authorisations", latest)), latest
        at_home = [a for a in good if deliverer and not _away(a, provider, deliverer)]
        return set(), min(at_home or good, key=lambda a: a["register"])

    def _is_theirs(self, authorisation: Json, provider: Json) -> bool:
        """Another provider's, an unknown reference and a name that differs are all not theirs."""
        asked = self.question["trainer"]
        field = "register" if asked["scheme"] == "authorisation" else "trainer"
        family = comparable_name(asked.get("familyName") or "")
        known = comparable_name(authorisation["familyName"] or "")
        return (
            same_id(authorisation[field], asked["value"])
            and authorisation["provider"] == provider["register"]
            and (not family or not known or family == known)
        )

    def _latest(self, authorisations: list[Json]) -> Json:
        def last_begins(a: Json) -> date:
            return begins(a["periods"][-1], self.world.first_seen["authorisations", a["register"]])

        latest = max(last_begins(a) for a in authorisations)
        return min(
            (a for a in authorisations if last_begins(a) == latest), key=lambda a: a["register"]
        )

    def _doubted(self, codes: set[str]) -> set[str]:
        """The authorisation that holds may be one that is not listed."""
        doubt = self._may_be_unlisted() and codes & DOUBTED_WHERE_UNLISTED
        return {"trainer_not_confirmed"} if doubt else codes

    def _may_be_unlisted(self) -> bool:
        by_number = self.question["trainer"]["scheme"] == "authorisation"
        return not by_number and self.world.covers("authorisations") != "complete"

    # The body (R14)

    def _body(self, provider: Json) -> set[str]:
        bodies = [b for b in self.records["bodies"] if same_id(b["register"], provider["body"])]
        if not bodies:
            return {"body_unknown"}
        codes = self._held(bodies[0], "licensed", "body_not_licensed")
        return codes | self._held(bodies[0], "accreditation", "body_not_accredited")

    def _held(self, body: Json, field: str, lapsed: str) -> set[str]:
        key = "bodies", body["register"]
        period = {**body[field], "status": "in_force"}
        status = status_on([period], self.day, self.world.first_seen[key])
        if status == "in_force":
            return {"body_unknown"} if self._gone(key) else set()
        return {status if status == "start_not_recorded" else lapsed}

    # The delivery (R7, R8, R9)

    def _deliverer(self, provider: Json) -> Deliverer | None:
        """Return who delivers; None where there is only a name."""
        asked = self.question.get("deliveredBy")
        if asked and asked["scheme"] == "name":
            return None
        given = borne([asked] if asked else [])
        if not asked or given & borne_by_provider(provider):
            return Deliverer(
                is_provider=True,
                bears=borne_by_provider(provider),
                names=names_of(provider),
                affiliations=[],
            )
        matched = [
            a
            for a in self.records["affiliations"]
            if a["provider"] == provider["register"]
            and given & borne(a["organisation"]["identifiers"])
        ]
        organisations = [a["organisation"] for a in matched]
        bears = given.union(*(borne(o["identifiers"]) for o in organisations))
        names = comparable_names(o["name"] for o in organisations)
        return Deliverer(is_provider=False, bears=bears, names=names, affiliations=matched)

    def _delivery(
        self,
        provider: Json,
        programme: Json | None,
        deliverer: Deliverer | None,
        authorisation: Json | None,
    ) -> set[str]:
        if deliverer is None:
            return {"delivery_organisation_ambiguous"}
        codes = set() if deliverer.is_provider else self._affiliate(provider, programme, deliverer)
        away = _away(authorisation, provider, deliverer) if authorisation else None
        if away == "associate_outside_own_organisation" and self._may_be_unlisted():
            away = "trainer_not_confirmed"
        return codes | ({away} if away else set())

    def _affiliate(self, provider: Json, programme: Json | None, deliverer: Deliverer) -> set[str]:
        matched = [(self._status("affiliations", a), a) for a in deliverer.affiliations]
        if not matched:
            return {self._no_affiliation(provider)}
        covering = {status for status, a in matched if _covers(a, programme)}
        if "in_force" in covering:
            return set()
        if "start_not_recorded" in covering:
            return {"start_not_recorded"}
        if "delisted" in covering:
            return {"affiliation_delisted"}
        return {self._no_affiliation_holds({status for status, _ in matched})}

    def _no_affiliation(self, provider: Json) -> str:
        if self.world.covers("affiliations") != "complete":
            return "affiliation_source_missing"
        scheme = self.question["deliveredBy"]["scheme"]
        listed = [
            schemes(borne(a["organisation"]["identifiers"]))
            for a in self.records["affiliations"]
            if a["provider"] == provider["register"]
        ]
        if all(scheme in known_by for known_by in listed):
            return "train_the_trainer_is_not_certification"
        return "delivery_organisation_ambiguous"

    def _no_affiliation_holds(self, statuses: set[str]) -> str:
        complete = self.world.covers("affiliations") == "complete"
        if not complete and not statuses <= {"suspended", "withdrawn"}:
            return "affiliation_source_missing"
        if statuses & {"in_force", "delisted"}:
            return "affiliation_does_not_cover_programme"
        return "affiliation_not_in_force"

    # The scope (R16)

    def _asked_scope(self) -> dict[str, list[str]]:
        scope = self.question.get("scope", {})
        return {
            dimension: list(scope.get(dimension, []))
            if dimension == "modules"
            else [word for word in (scope.get(dimension),) if word]
            for dimension in SCOPE
        }

    def _scope(self, provider: Json, programme: Json) -> set[str]:
        codes = set()
        for dimension, words in self._asked_scope().items():
            field, outside = SCOPE[dimension]
            recorded = [listed for r in (programme, provider) if (listed := r.get(field))]
            if words and not recorded:
                codes.add("scope_not_recorded")
            elif not all(set(words) <= set(listed) for listed in recorded):
                codes.add(outside)
        return codes

    # What the source allows (R10, R21)

    def _as_sources_allow(self, judged: dict[str, Codes]) -> dict[str, Codes]:
        if self._is_stale():
            absences = set(ABSENCES)
            if judged["provider"] == {"provider_not_on_register"}:
                absences.add("programme_of_another_provider")
            judged = {name: _stale(codes, absences) for name, codes in judged.items()}
        if self.world.vouched_by == "provider_declared":
            judged = {name: codes or self._declared(name, codes) for name, codes in judged.items()}
        return judged

    def _is_stale(self) -> bool:
        midnight = datetime.combine(
            self.day + timedelta(days=1), time(), ZoneInfo("Europe/London")
        ).astimezone(UTC)
        return min(midnight, self.world.now) - self.world.as_of > self.world.max_age

    def _declared(self, element: str, codes: Codes) -> Codes:
        """The provider's own word alone is not enough where the element is about the provider's own."""
        if codes is None or element in ("body", "scope"):
            return codes
        if element != "delivery":
            return {f"{element}_declared_only"}
        _, provider = self._find_provider()
        deliverer = self._deliverer(provider) if provider else None
        by_provider = deliverer is None or deliverer.is_provider
        return codes if by_provider else {"affiliation_declared_only"}


def _agrees(provider: Json, selecting: Bears, others: Bears, names: set[str]) -> bool:
    """All that selects anything selects it, it bears every name, and no other value of a given scheme."""
    bears = borne_by_provider(provider)
    return (
        selecting <= bears
        and names <= names_of(provider)
        and all(i in bears or i[0] not in schemes(bears) for i in others)
    )


def _covers(record: Json, programme: Json | None) -> bool:
    """Say whether an authorisation or affiliation is for a programme; None: judged without one."""
    return (
        programme is None
        or record["programmes"] == "all"
        or any(same_id(programme["register"], p) for p in record["programmes"])
    )


def _away(authorisation: Json, provider: Json, deliverer: Deliverer) -> str | None:
    """Say why an associate may not be at home with who delivers (R7)."""
    if authorisation["role"] != "associate":
        return None
    home = authorisation["organisation"]
    bears = borne(home["identifiers"]) if home else borne_by_provider(provider)
    names = comparable_names([home["name"]]) if home else names_of(provider)
    if bears & deliverer.bears:
        return None
    incomparable = not deliverer.is_provider and not schemes(bears) & schemes(deliverer.bears)
    if incomparable or names & deliverer.names:
        return "delivery_organisation_ambiguous"
    return "associate_outside_own_organisation"


def _stale(codes: Codes, absences: set[str]) -> Codes:
    """What is good and what fails by absence rest on the source being fresh."""
    if codes is None or (codes and not codes & absences):
        return codes
    return codes - absences | {"register_stale"}


def _verdict_of(codes: Codes) -> str:
    if codes is None:
        return "cannot_confirm"
    if codes & FAILS:
        return "fail"
    return "cannot_confirm" if codes else "pass"
