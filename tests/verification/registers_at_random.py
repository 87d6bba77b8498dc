"""Registers and questions at random, for the rules to be compared on: plain dicts, small worlds, days near the edges.

Everything is drawn from short lists, so that what is asked often meets what is there. All organisations are fictional.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from random import Random

from tests.verification.oracle import Json, Word, World, borne_by_provider, years_after

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
MAX_AGE = timedelta(days=30)
KINDS = ("bodies", "providers", "programmes", "authorisations", "affiliations")

_DAYS = """
    2020-02-29 2022-03-01 2023-01-01 2023-11-22 2023-11-23 2024-02-29 2024-06-01 2025-01-01
    2025-03-30 2025-10-26 2026-06-01 2026-11-01 2026-11-22 2026-11-23 2027-03-01 2028-02-29
"""
DAYS = [date.fromisoformat(day) for day in _DAYS.split()]
"""Leap days, the days on which the clocks change, three years before today, and what lies between."""
QUIET_DAYS = [date(2025, 6, 1), date(2026, 3, 12), date(2026, 10, 5), TODAY]

WORDS = {
    "setting": ("mental_health_unit", "social_care", "school", "acute_hospital"),
    "nation": ("england", "wales", "scotland", "northern_ireland"),
    "population": ("adults", "older_adults", "children"),
    "modules": ("seclusion", "mechanical_restraint", "clinical_holding"),
}
NAMES = (
    "Alder & Finch Ltd",
    "Alder and Finch",
    "Brook House Training",
    "Brook House Training Limited",
    "Limited",
    "Cedar's Way C.I.C.",
    "Cedars Way",
    "dunlin-trust PLC",
    "Éire Skills LLP",
    "...",
)
AFFILIATES = ("Elm Row", "Elm Row Ltd.", "Oak & Ash", "Oak and Ash", "Alder & Finch")
TITLES = (
    "Refresher",
    "REFRESHER.",
    "Safe & Well",
    "safe and well",
    "Level 2: Holding",
    "Prevention",
    "De-escalation",
    "Post-incident support",
)
FAMILIES = ("O'Neill", "Müller", "Straße", "Lamb-Ltd", "Li & Wu", "Ltd", "-", None)
VALUES = {
    "ods": ("RX1", "RX2", "RX3", "RX4", "RX5", "EX1", "EX2", "EX3"),
    "companies-house": ("09990001", "9990003", "09990005", "SC001234", "NI009999"),
    "ukprn": ("10099901", "10099902", "10099903", "10099904", "10099905"),
    "charity": ("1099901", "1099902", "1099903", "SC099904"),
}
UNKNOWN = {
    "ods": "ZZ9",
    "companies-house": "07777777",
    "ukprn": "10077777",
    "charity": "1077777",
    "certificate": "EX-9999",
    "register": "nobody",
}
EVIDENCE = ("certificate", "membership", "aligned", "legacy_scheme", "train_the_trainer")


def world(rng: Random) -> World:
    """Return a register with what is known of it; some are calm, some full of lapses."""
    register = _Register(rng).document()
    started = rng.choice([*DAYS[6:12], TODAY])
    first_seen = {
        (kind, record["register"]): rng.choice([started] * 5 + [TODAY])
        for kind in KINDS
        for record in register[kind]
    }
    vouched_by = rng.choice(["register"] * 8 + ["certifier_confirmed", "provider_declared"])
    return World(
        register=register,
        today=TODAY,
        now=NOW,
        as_of=NOW - rng.choice([timedelta(hours=1)] * 9 + [MAX_AGE, timedelta(days=31)]),
        max_age=MAX_AGE,
        vouched_by=vouched_by,
        term=rng.choice([3] * 8 + [None]),
        first_seen=first_seen,
        delisted=dict(_delisted(rng, register, first_seen)),
        confirmed=dict(_confirmed(rng, register, vouched_by)),
    )


def questions(rng: Random, asked_of: World) -> Iterator[Json]:
    """Yield questions that may be asked of a register, most about what is on it."""
    days = list(_edges(asked_of))
    for _ in range(rng.randint(12, 24)):
        yield _Questions(rng, asked_of.register, days).question()


def _delisted(
    rng: Random, register: Json, first_seen: Mapping[tuple[str, str], date]
) -> Iterator[tuple[tuple[str, str], date]]:
    """Yield records of complete lists that were missed on a day since they were first seen."""
    share = rng.choice([0, 0, 0.4])
    for kind in KINDS:
        for record in register[kind]:
            if register["coverage"][kind] == "complete" and rng.random() < share:
                seen = first_seen[kind, record["register"]]
                yield (
                    (kind, record["register"]),
                    rng.choice([seen, *(d for d in DAYS if d >= seen)]),
                )


def _confirmed(
    rng: Random, register: Json, vouched_by: str
) -> Iterator[tuple[tuple[str, str], Word]]:
    """Yield records that the body confirmed: some that no list has, and where a register does, some that it has too.

    A provider that bears what another one bears would be taken for the other one of the list: that takes two sources.
    """
    share = 0 if vouched_by == "provider_declared" else rng.choice([0, 0.2, 0.5])
    periods = _Register(rng).periods
    for kind in KINDS[1:]:
        for record in register[kind]:
            if rng.random() < share and not _shares(register["providers"], record):
                given = rng.choice([day for day in DAYS if day <= TODAY])
                alone = vouched_by != "register" or rng.random() < 0.5
                yield (
                    (kind, record["register"]),
                    Word(
                        on=given,
                        until=rng.choice([day for day in DAYS if day >= given]),
                        periods=None if alone else periods(),
                    ),
                )


def _shares(providers: list[Json], record: Json) -> bool:
    """Say whether a record is a provider that bears an identifier of another one."""
    if "certificate" not in record:
        return False
    others = [borne_by_provider(p) for p in providers if p is not record]
    return any(borne_by_provider(record) & other for other in others)


def _edges(of: World) -> Iterator[date]:
    """Yield the days on which anything begins, ends, is first seen or is missed."""
    yield from {*of.first_seen.values(), *of.delisted.values(), TODAY}
    for word in of.confirmed.values():
        yield from (word.on, word.until)
    for kind in KINDS:
        for record in of.register[kind]:
            spans = record.get("periods") or [record["licensed"], record["accreditation"]]
            given = [date.fromisoformat(s[end]) for s in spans for end in ("from", "to") if s[end]]
            yield from given
            yield years_after(given[0], 3) if given else TODAY


def _some(rng: Random, of: Sequence[str], *, unless: float = 0.5) -> list[str] | None:
    """Return some of a list, or None: not recorded."""
    return None if rng.random() < unless else rng.sample(of, rng.randint(1, len(of) - 1))


class _Register:
    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.calm = rng.choice([0.4, 0.8, 0.95, 1, 1])
        self.providers: list[Json] = []
        self.programmes: list[Json] = []
        self.organisations: list[Json] = []

    def document(self) -> Json:
        """Return an interchange document that breaks no rule."""
        rng = self.rng
        self.providers = [self.provider(n) for n in range(rng.randint(2, 4))]
        owners = [p for p in self.providers for _ in range(rng.choice([0, 1, 2, 3, 4]))]
        self.programmes = [self.programme(n, owner) for n, owner in enumerate(owners)]
        self.organisations = [self.organisation() for _ in range(4)]
        affiliated = [p for p in self.providers for _ in range(rng.choice([0, 1, 2, 2, 3]))]
        numbers = rng.sample(range(90), 20)
        return {
            "format": "register/1",
            "publisher": "example-body",
            "coverage": {
                k: rng.choices(["complete", "partial", "none"], [7, 2, 2])[0] for k in KINDS
            },
            "bodies": [self.body(n) for n in range(rng.choice([1, 2]))],
            "providers": self.providers,
            "programmes": self.programmes,
            "authorisations": [
                a for n in range(rng.randint(1, 3)) for a in self.trainer(n, numbers)
            ],
            "affiliations": [self.affiliation(n, p) for n, p in enumerate(affiliated)],
        }

    def body(self, number: int) -> Json:
        return {
            "register": f"body-{number}",
            "name": f"Body {number}",
            "licensed": self.span(),
            "accreditation": {"number": f"0000{number}", **self.span()},
        }

    def span(self) -> Json:
        if self.rng.random() < self.calm:
            return {"from": "2020-01-01", "to": None}
        begins, ends = sorted(self.rng.sample(DAYS, 2))
        return {
            "from": None if self.rng.random() < 0.4 else str(begins),
            "to": None if self.rng.random() < 0.3 else str(ends),
        }

    def periods(self) -> list[Json]:
        rng = self.rng
        if rng.random() < self.calm:
            begins = str(rng.choice(DAYS[2:8])) if rng.random() < 0.95 else None
            ends = rng.choice([None] * 4 + ["2026-11-22", "2026-11-23", "2027-03-01", "2028-02-29"])
            return [{"status": "in_force", "from": begins, "to": ends}]
        cuts = sorted(rng.sample(DAYS, 2 * rng.choice([1, 1, 2, 2, 3, 4])))
        periods = [self.period(*cuts[i : i + 2]) for i in range(0, len(cuts), 2)]
        for before, after in pairwise(periods):
            after["from"] = rng.choice([before["to"], before["to"], after["from"]])
        periods[0]["from"] = rng.choice([None] + [periods[0]["from"]] * 3)
        periods[-1]["to"] = rng.choice([None, periods[-1]["to"]])
        return periods

    def period(self, begins: date, ends: date) -> Json:
        lapses = ["suspended", "withdrawn", "expired", "applied"]
        status = self.rng.choice(["in_force"] * 6 + lapses)
        return {"status": status, "from": str(begins), "to": str(ends)}

    def identifiers(self) -> list[Json]:
        rng = self.rng
        known_by = rng.sample(list(VALUES), rng.choice([0, 1, 1, 2]))
        return [
            {"scheme": scheme, "value": value}
            for scheme in known_by
            for value in rng.sample(VALUES[scheme], rng.choice([1, 1, 1, 2]))
        ]

    def provider(self, number: int) -> Json:
        rng = self.rng
        return {
            "register": f"provider-{number}",
            "name": rng.choice(NAMES),
            "tradingNames": rng.sample(NAMES, rng.choice([0, 0, 1, 2])),
            "identifiers": self.identifiers(),
            "body": rng.choice(["body-0"] * 20 + ["body-unlisted"]),
            "certificate": None
            if rng.random() < 0.2
            else f"EX-000{rng.choice([number] * 19 + [0])}",
            "periods": self.periods(),
            "settings": _some(rng, WORDS["setting"], unless=0.6),
            "nations": _some(rng, WORDS["nation"], unless=0.6),
        }

    def programme(self, number: int, owner: Json) -> Json:
        return {
            "register": f"pg-{number}",
            "provider": owner["register"],
            "title": self.rng.choice(TITLES),
            "periods": self.periods(),
            "settings": _some(self.rng, WORDS["setting"]),
            "nations": _some(self.rng, WORDS["nation"]),
            "populations": _some(self.rng, WORDS["population"]),
            "modules": _some(self.rng, WORDS["modules"]),
        }

    def covered(self, provider: Json) -> list[str] | str:
        own = [p["register"] for p in self.programmes if p["provider"] == provider["register"]]
        some = self.rng.sample(own, self.rng.randint(1, len(own))) if own else []
        return "all" if self.rng.random() < 0.4 else some or "all"

    def organisation(self) -> Json:
        return {"name": self.rng.choice(AFFILIATES), "identifiers": self.identifiers()}

    def some_organisation(self, provider: Json) -> Json:
        """Return an organisation; now and then the provider itself, said in full."""
        if self.rng.random() < 0.9:
            return self.rng.choice(self.organisations)
        itself = {"scheme": "register", "value": provider["register"].upper()}
        return {"name": provider["name"], "identifiers": [itself]}

    def affiliation(self, number: int, provider: Json) -> Json:
        return {
            "register": f"AF-{number}",
            "organisation": self.some_organisation(provider),
            "provider": provider["register"],
            "programmes": self.covered(provider),
            "periods": self.periods(),
        }

    def trainer(self, number: int, numbers: list[int]) -> Iterator[Json]:
        """Yield the authorisations of one trainer, most with one provider."""
        rng = self.rng
        usual = rng.choice(self.providers)
        for _ in range(rng.choice([1, 1, 2, 3])):
            provider = rng.choice([usual] * 4 + self.providers)
            away = rng.random() < 0.4
            yield {
                "register": f"AU-{numbers.pop()}",
                "trainer": f"tr-{number}",
                "familyName": rng.choice(FAMILIES),
                "provider": provider["register"],
                "role": rng.choice(["senior", "senior", "associate"]),
                "organisation": self.some_organisation(provider) if away else None,
                "programmes": self.covered(provider),
                "periods": self.periods(),
            }


class _Questions:
    def __init__(self, rng: Random, register: Json, days: list[date]) -> None:
        self.rng, self.register, self.days = rng, register, days

    def question(self) -> Json:
        """Return one question; what is not asked is left out."""
        rng = self.rng
        authorisation = rng.choice(self.register["authorisations"])
        if rng.random() < 0.2:
            return self.plain(authorisation)
        asked = [
            p for p in self.register["providers"] if p["register"] == authorisation["provider"]
        ]
        provider = rng.choice(asked * 12 + self.register["providers"])
        parts = {
            "provider": self.provider(provider),
            "programme": self.programme(provider, authorisation),
            "trainer": self.trainer(authorisation),
            "deliveredOn": self.day() if rng.random() < 0.97 else None,
            "deliveredBy": self.delivered_by(provider, authorisation),
            "scope": self.scope() if rng.random() < 0.25 else None,
            "evidence": rng.sample([*EVIDENCE, "application"], 2) if rng.random() < 0.2 else None,
        }
        return {part: value for part, value in parts.items() if value is not None}

    def plain(self, authorisation: Json) -> Json:
        """Return a question as most are: by ids, of a programme that the authorisation may cover."""
        provider = authorisation["provider"]
        own = [p["register"] for p in self.register["programmes"] if p["provider"] == provider]
        covered = [p for p in own if p in authorisation["programmes"]] or own or ["none"]
        return {
            "provider": {"scheme": "register", "value": provider},
            "programme": {"scheme": "register", "value": self.rng.choice(covered)},
            "trainer": {"scheme": "authorisation", "value": authorisation["register"]},
            "deliveredOn": str(self.rng.choice(QUIET_DAYS)),
        }

    def written(self, scheme: str, value: str) -> Json:
        """Return an identifier as someone may write it."""
        spellings = [value] * 6 + [f" {value} ", value.swapcase()]
        if scheme == "companies-house":
            spellings += [value.lstrip("0"), value.zfill(8)]
        return {"scheme": scheme, "value": self.rng.choice(spellings)}

    def name(self, of: Json) -> Json:
        name = self.rng.choice([of["name"], *of["tradingNames"]])
        name = "Nobody at all" if name == "..." else name
        spellings = [
            name,
            name.upper(),
            name.replace("&", "and"),
            f"{name} limited plc",
            name + "x",
        ]
        return {"scheme": "name", "value": self.rng.choice(spellings)}

    def borne(self, provider: Json) -> Json:
        own = [("register", provider["register"]), ("certificate", provider["certificate"])]
        own += [(i["scheme"], i["value"]) for i in provider["identifiers"]]
        return self.written(*self.rng.choice([i for i in own if i[1]]))

    def unknown(self) -> Json:
        scheme = self.rng.choice(list(UNKNOWN))
        return {"scheme": scheme, "value": UNKNOWN[scheme]}

    def provider(self, provider: Json) -> Json | list[Json]:
        """Return one identifier or several that may disagree."""
        rng = self.rng
        single = [self.borne(provider)] * 12 + [self.unknown(), self.name(provider)]
        if rng.random() < 0.9:
            return rng.choice(single)
        other = rng.choice(self.register["providers"])
        more = [self.borne(provider), self.name(provider), self.borne(other), self.unknown()]
        return [rng.choice(single), *rng.sample(more, rng.randint(0, 3))]

    def programme(self, provider: Json, authorisation: Json) -> Json:
        listed = self.register["programmes"]
        own = [p for p in listed if p["provider"] == provider["register"]]
        covered = [p for p in own if p["register"] in authorisation["programmes"]]
        astray = [*listed, {"register": "none", "title": "None"}]
        programme = self.rng.choice(covered * 30 + own * 20 + astray)
        if self.rng.random() < 0.7:
            return self.written("register", programme["register"])
        title = programme["title"]
        spellings = [title, title.upper(), title.replace("&", "and"), f"{title}! ltd"]
        return {"scheme": "title", "value": self.rng.choice(spellings)}

    def trainer(self, authorisation: Json) -> Json | None:
        rng = self.rng
        if rng.random() < 0.05:
            return None
        field, scheme = rng.choice([("trainer", "register"), ("register", "authorisation")])
        asked = self.written(scheme, rng.choice([authorisation[field]] * 12 + ["nobody"]))
        name = authorisation["familyName"]
        if rng.random() < 0.3 and name:
            asked["familyName"] = rng.choice([name, name.upper(), name.replace("'", ""), "Ng", "…"])
        return asked

    def day(self) -> str:
        rng = self.rng
        edge = rng.choice(self.days) + timedelta(days=rng.choice([-1, 0, 0, 1]))
        return str(rng.choice([edge] * 4 + QUIET_DAYS * 3 + [TODAY + timedelta(days=900)]))

    def delivered_by(self, provider: Json, authorisation: Json) -> Json | None:
        rng = self.rng
        if rng.random() < 0.45:
            return None
        organisations = [
            record["organisation"]
            for record in (*self.register["affiliations"], authorisation)
            if record["provider"] == provider["register"] and record["organisation"]
        ]
        known = [self.written(**i) for o in organisations for i in o["identifiers"]]
        astray = [self.unknown(), self.name(provider), self.borne(provider)]
        return rng.choice(known * 6 + astray)

    def scope(self) -> Json:
        rng = self.rng
        asked = {d: rng.choice(words) for d, words in WORDS.items() if rng.random() < 0.5}
        if "modules" in asked:
            return {**asked, "modules": rng.sample(WORDS["modules"], 2)}
        return dict(asked)
