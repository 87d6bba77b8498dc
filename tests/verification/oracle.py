"""The rules of a verdict read a second time, for comparison with the product.

Written on plain dicts, with nothing imported from trivet, so that the same slip is not made twice. It reads a register
of one list, and what the body confirmed beside it; what needs several lists has tables of its own. Rules are cited by
their number.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

Json = dict[str, Any]
Bears = set[tuple[str, str]]
Key = tuple[str, str]
"""A record: its kind and its id."""
Finding = tuple[str, set[Key | None]]
"""A condition judged: its reason, empty where it holds, and what it rests on; None among that is the list."""
Findings = list[Finding] | None
"""The conditions of an element, None where there is nothing to judge it by."""
LIST: set[Key | None] = {None}

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
class Word:
    """What the body confirmed of a record: on which London day, and the last day for which that is good.

    `periods` None: no list has the record, and it is as the register says. Else a list has it too, and these are the
    periods that the body confirmed.
    """

    on: date
    until: date
    periods: list[Json] | None = None


@dataclass(frozen=True, kw_only=True)
class World:
    """A register of one list, what the body confirmed beside it, and what the mirror knows of it.

    `first_seen` and `delisted` are London days by (kind, id), as is `confirmed`; `term` is in years; the instants are
    UTC.
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
    confirmed: Mapping[tuple[str, str], Word]

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

    def _elements(self) -> dict[str, Findings]:
        found, provider = self._find_provider()
        judged = self._without_provider(found) if provider is None else self._of(provider)
        if not any(self._asked_scope().values()):
            del judged["scope"]
        return judged

    def _without_provider(self, found: str) -> dict[str, Findings]:
        programme, trainer = "programme_not_confirmed", "trainer_not_confirmed"
        rests = LIST
        if found == "provider_not_on_register":
            programme, trainer = self._absent("programmes"), self._absent("authorisations")
            others = [p for p in self.records["programmes"] if self._is_asked(p)]
            if others:
                programme = "programme_of_another_provider"
                rests = LIST | self._said("programmes", others[0])
        if "trainer" not in self.question:
            trainer = "trainer_not_named"
        none: dict[str, Findings] = dict.fromkeys(ELEMENTS)
        return {
            **none,
            "provider": [(found, LIST)],
            "programme": [(programme, rests)],
            "trainer": [(trainer, LIST)],
        }

    def _of(self, provider: Json) -> dict[str, Findings]:
        programme_found, programme = self._programme(provider)
        deliverer = self._deliverer(provider)
        trainer_found, authorisation = self._trainer(provider, programme, deliverer)
        return {
            "body": self._body(provider),
            "provider": [self._lapse("providers", provider)],
            "programme": [programme_found],
            "trainer": [trainer_found],
            "delivery": self._delivery(provider, programme, deliverer, authorisation),
            "scope": None if programme is None else self._scope(provider, programme),
        }

    def _said(self, kind: str, record: Json) -> set[Key | None]:
        """Return who says what a record says: the list, or the body alone."""
        key = kind, record["register"]
        word = self.world.confirmed.get(key)
        return {key} if word and word.periods is None else LIST

    def _absent(self, kind: str) -> str:
        """Only a complete list proves absence (R21)."""
        return ABSENT[kind][self.world.covers(kind)]

    def _status(self, kind: str, record: Json) -> str:
        return self._standing(kind, record)[0]

    def _standing(self, kind: str, record: Json) -> Finding:
        """Return the status, and who says so.

        A record that vanished from a complete list is good before that day (R21). A day that the list leaves open is
        answered by what the body confirmed of it, if that is later than the day on which the record was missed.
        """
        key, said = (kind, record["register"]), self._said(kind, record)
        term = self.world.term if kind == "providers" else None
        status = status_on(record["periods"], self.day, self.world.first_seen[key], term)
        open_ = status in ("start_not_recorded", "term_elapsed")
        gone = self._gone(key)
        if gone and (open_ or status == "in_force"):
            status, open_ = "delisted", True
        word = self.world.confirmed.get(key)
        if open_ and word and word.periods and not (gone and word.on < self.world.delisted[key]):
            confirmed = status_on(word.periods, self.day, word.on, term)
            if confirmed in ("in_force", "suspended", "withdrawn"):
                # That it is this provider's, for these programmes, the list goes on saying.
                return confirmed, {key} if kind == "providers" else {key, *said}
        return status, said

    def _gone(self, key: tuple[str, str]) -> bool:
        gone = self.world.delisted.get(key)
        return gone is not None and gone <= self.day

    def _lapse(self, kind: str, record: Json) -> Finding:
        status, said = self._standing(kind, record)
        return "" if status == "in_force" else LAPSED[kind].get(status, status), said

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

    def _programme(self, provider: Json) -> tuple[Finding, Json | None]:
        found = [p for p in self.records["programmes"] if self._is_asked(p)]
        own = [p for p in found if p["provider"] == provider["register"]]
        if len(own) == 1:
            return self._lapse("programmes", own[0]), own[0]
        if own:
            return ("programme_ambiguous", LIST), None
        if found and self.question["programme"]["scheme"] == "register":
            return ("programme_of_another_provider", self._said("programmes", found[0])), None
        return (self._absent("programmes"), LIST), None

    # The trainer (R5, R6, R10)

    def _trainer(
        self, provider: Json, programme: Json | None, deliverer: Deliverer | None
    ) -> tuple[Finding, Json | None]:
        """Return the finding, and the authorisation that the element rests on or that gives the reason."""
        if "trainer" not in self.question:
            return ("trainer_not_named", LIST), None
        held = [a for a in self.records["authorisations"] if self._is_theirs(a, provider)]
        if not held:
            return (self._absent("authorisations"), LIST), None
        covering = [a for a in held if _covers(a, programme)]
        if not covering:
            latest = self._latest(held)
            said = self._said("authorisations", latest)
            return self._doubted(("trainer_not_authorised_for_programme", said)), latest
        good = [a for a in covering if self._status("authorisations", a) == "in_force"]
        if not good:
            latest = self._latest(covering)
            return self._doubted(self._lapse("authorisations", latest)), latest
        at_home = [a for a in good if deliverer and not _away(a, provider, deliverer)]
        chosen = min(at_home or good, key=lambda a: a["register"])
        return self._lapse("authorisations", chosen), chosen

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

    def _doubted(self, finding: Finding) -> Finding:
        """The authorisation that holds may be one that is not listed."""
        doubt = self._may_be_unlisted() and finding[0] in DOUBTED_WHERE_UNLISTED
        return ("trainer_not_confirmed", finding[1]) if doubt else finding

    def _may_be_unlisted(self) -> bool:
        by_number = self.question["trainer"]["scheme"] == "authorisation"
        return not by_number and self.world.covers("authorisations") != "complete"

    # The body (R14)

    def _body(self, provider: Json) -> Findings:
        bodies = [b for b in self.records["bodies"] if same_id(b["register"], provider["body"])]
        if not bodies:
            return [("body_unknown", LIST)]
        said = LIST | self._said("providers", provider)
        return [
            (self._held(bodies[0], "licensed", "body_not_licensed"), said),
            (self._held(bodies[0], "accreditation", "body_not_accredited"), said),
        ]

    def _held(self, body: Json, field: str, lapsed: str) -> str:
        key = "bodies", body["register"]
        period = {**body[field], "status": "in_force"}
        status = status_on([period], self.day, self.world.first_seen[key])
        if status == "in_force":
            return "body_unknown" if self._gone(key) else ""
        return status if status == "start_not_recorded" else lapsed

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
    ) -> Findings:
        if deliverer is None:
            return [("delivery_organisation_ambiguous", LIST)]
        first = ("", self._said("providers", provider))
        if not deliverer.is_provider:
            first = self._affiliate(provider, programme, deliverer)
        if authorisation is None:
            return [first]
        away = _away(authorisation, provider, deliverer)
        if away == "associate_outside_own_organisation" and self._may_be_unlisted():
            away = "trainer_not_confirmed"
        return [first, (away or "", self._said("authorisations", authorisation))]

    def _affiliate(self, provider: Json, programme: Json | None, deliverer: Deliverer) -> Finding:
        matched = [(*self._standing("affiliations", a), a) for a in deliverer.affiliations]
        if not matched:
            return self._no_affiliation(provider), LIST
        for status, code in (
            ("in_force", ""),
            ("start_not_recorded", "start_not_recorded"),
            ("delisted", "affiliation_delisted"),
        ):
            for found, said, affiliation in matched:
                if found == status and _covers(affiliation, programme):
                    return code, said
        code = self._no_affiliation_holds({status for status, _, _ in matched})
        listed = {"in_force", "delisted"}
        first = next((said for status, said, _ in matched if status in listed), matched[0][1])
        return code, first

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

    def _scope(self, provider: Json, programme: Json) -> Findings:
        findings: list[Finding] = []
        holders = (("programmes", programme), ("providers", provider))
        for dimension, words in self._asked_scope().items():
            if not words:
                continue
            field, outside = SCOPE[dimension]
            recorded = [(kind, r, listed) for kind, r in holders if (listed := r.get(field))]
            said = set[Key | None]().union(*(self._said(kind, r) for kind, r, _ in recorded))
            if not recorded:
                findings.append(("scope_not_recorded", LIST))
            else:
                inside = all(set(words) <= set(listed) for _, _, listed in recorded)
                findings.append(("" if inside else outside, said))
        return findings

    # What list and body allow (R10, R21)

    def _as_sources_allow(self, judged: dict[str, Findings]) -> dict[str, set[str] | None]:
        absences = set(ABSENCES)
        if judged["provider"] and judged["provider"][0][0] == "provider_not_on_register":
            absences.add("programme_of_another_provider")
        allowed = {name: self._allowed(findings, absences) for name, findings in judged.items()}
        if self.world.vouched_by == "provider_declared":
            return {name: codes or self._declared(name, codes) for name, codes in allowed.items()}
        return allowed

    def _allowed(self, findings: Findings, absences: set[str]) -> set[str] | None:
        """What is good, and what fails by absence, needs a list that is fresh; nothing rests on a word that is over."""
        if findings is None:
            return None
        good = all(not code for code, _ in findings)
        codes = set()
        for code, said in findings:
            if code and code not in FAILS:
                codes.add(code)
                continue
            over = any(self._is_over(key) for key in said if key is not None)
            stale = (good or code in absences) and None in said and self._is_stale()
            codes.add("register_stale" if over or stale else code)
        return codes - {""}

    def _is_over(self, key: Key) -> bool:
        return self.day > self.world.confirmed[key].until

    def _is_stale(self) -> bool:
        midnight = datetime.combine(
            self.day + timedelta(days=1), time(), ZoneInfo("Europe/London")
        ).astimezone(UTC)
        return min(midnight, self.world.now) - self.world.as_of > self.world.max_age

    def _declared(self, element: str, codes: set[str] | None) -> set[str] | None:
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


def _verdict_of(codes: set[str] | None) -> str:
    if codes is None:
        return "cannot_confirm"
    if codes & FAILS:
        return "fail"
    return "cannot_confirm" if codes else "pass"
