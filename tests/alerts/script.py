"""A year of the life of a small register, fictional throughout, and everything that is to be told of it."""

from typing import Any

from tests.alerts.life import Life, at, near, of_register, told, turned
from tests.register.documents import (
    affiliation,
    authorisation,
    body,
    identifier,
    in_force,
    period,
    programme,
    provider,
)

REED = {"name": "Reed Ward (fictional)", "identifiers": [identifier("ods", "ZZ1")]}
FERN = {"name": "Fern Ward (fictional)", "identifiers": [identifier("ods", "ZZ2")]}
BEGINS, ENDS = "2026-09-01", "2027-09-01"


def first_register() -> dict[str, dict[str, dict[str, Any]]]:
    """Return the register as the year begins, by kind and id."""
    records: dict[str, list[dict[str, Any]]] = {
        "bodies": [body()],
        "providers": [
            provider("heron", periods=in_force("2024-03-01", "2027-06-30")),
            provider("egret", periods=in_force("2024-01-15")),  # three years: until 2027-01-15
            provider("teal", periods=in_force("2024-05-01", "2026-12-31")),
            provider("crane", periods=in_force("2025-01-01", "2028-01-01")),
        ],
        "programmes": [
            programme("h-1", settings=["school"], periods=in_force("2024-03-01")),
            programme("h-2"),
            programme("e-1", provider="egret"),
        ],
        "authorisations": [
            authorisation("AU-1", trainer="tr-1", programmes=["h-1", "h-2"]),
            authorisation(
                "AU-2",
                trainer="tr-2",
                role="associate",
                organisation=REED,
                programmes=["h-1"],
                periods=in_force("2025-02-01"),
            ),
            authorisation("AU-3", trainer="tr-3"),
            authorisation("AU-4", trainer="tr-4"),
            authorisation(
                "AU-9",
                trainer="tr-9",
                provider="egret",
                periods=in_force("2025-05-01", "2027-05-01"),
            ),
        ],
        "affiliations": [
            affiliation("AF-1", organisation=REED, programmes=["h-1"]),
            affiliation("AF-2", organisation=FERN, programmes=["h-2"]),
        ],
    }
    return {kind: {one["register"]: one for one in of_kind} for kind, of_kind in records.items()}


def _register(value: str) -> dict[str, str]:
    return identifier("register", value)


HERON: dict[str, Any] = {"provider": _register("heron")}
TRIPLE: dict[str, Any] = {**HERON, "programme": _register("h-1"), "trainer": _register("tr-1")}
WATCHES: dict[str, tuple[str, dict[str, Any]]] = {
    "T1": ("c", {**HERON, "programme": _register("h-1")}),
    "T2": ("p", {**TRIPLE, "expiryNotice": ["P90D", "P30D", "P7D"]}),
    "T3": ("p", {**TRIPLE, "deliveredOn": "2027-02-10"}),
    "T4": ("p", {**TRIPLE, "scope": {"setting": "school"}}),
    "T5": ("p", {"kind": "provider", **HERON, "expiryNotice": ["P90D", "P30D", "P7D"]}),
    "T6": ("p", {"kind": "programme", **HERON, "programme": _register("h-1")}),
    "T7": ("p", {"kind": "trainer", **HERON, "trainer": _register("tr-2")}),
    "T8": ("p", {"kind": "delivery", **HERON, "deliveredBy": identifier("ods", "ZZ1")}),
    "T9": (
        "p",
        {
            **HERON,
            "programme": _register("h-1"),
            "trainer": _register("tr-2"),
            "deliveredBy": identifier("ods", "ZZ1"),
        },
    ),
    "C1": (
        "p",
        {"kind": "provider", "provider": _register("egret"), "expiryNotice": ["P30D", "P7D"]},
    ),
    "C2": (
        "p",
        {
            "provider": _register("egret"),
            "programme": _register("e-1"),
            "trainer": _register("tr-9"),
            "expiryNotice": ["P30D"],
        },
    ),
    "C3": ("p", {"kind": "provider", "provider": _register("teal"), "expiryNotice": ["P30D"]}),
    "C4": ("p", {"kind": "provider", "provider": _register("crane")}),
    "C5": ("p", {"kind": "trainer", **HERON, "trainer": _register("tr-1")}),
    "C6": ("f", {"kind": "provider", "provider": _register("dunlin")}),
}


async def begin(life: Life) -> None:
    """Let the year begin: the register is read, and most of what is watched is watched from now on."""
    await life.begin(at(BEGINS))
    for reference, (verdict, watched) in WATCHES.items():
        await life.watch(reference, verdict, **watched)


async def autumn(life: Life) -> None:
    """Play September to December: suspensions, real, mistaken and backdated, and a provider that is new."""
    await life.until("2026-09-21")
    life.register["providers"]["dunlin"] = provider(
        "dunlin", periods=[period("applied", "2026-09-14")]
    )
    await life.read()  # to be applied for is not to be certified: nothing moved
    await life.read()

    await life.until("2026-10-05")
    good, off = in_force("2024-03-01", "2026-10-05"), period("suspended", "2026-10-05")
    life.set("providers", "heron", periods=[*good, off])
    await life.read(
        told(
            "suspended",
            "provider heron",
            "in_force>suspended",
            "T1:cf T2:pf T3:pf T4:pf T5:pf T6:pf T7:pf T8:pf T9:pf C5:pf",
            on="2026-10-05",
        ),
        turned("c>f", "T1", on="2026-10-05"),
        turned("p>f", "T2 T4 T9", on="2026-10-05"),
        turned("p>f", "T3", on="2027-02-10", mark="the day's"),
    )
    await life.until("2026-10-12")
    life.set(
        "providers",
        "dunlin",
        periods=[
            period("applied", "2026-09-14", "2026-10-12"),
            *in_force("2026-10-12", "2029-10-12"),
        ],
    )
    await life.read(told("granted", "provider dunlin", "none>in_force", "C6:fp", on="2026-10-12"))

    await life.until("2026-11-02", hour=10)
    off["to"] = "2026-11-02"
    held = [*good, off, *in_force("2026-11-02", "2027-06-30")]
    life.set("providers", "heron", periods=held)
    await life.read(
        told(
            "reinstated",
            "provider heron",
            "suspended>in_force",
            "T1:fc T2:fp T3:fp T4:fp T5:fp T6:fp T7:fp T8:fp T9:fp C5:fp",
            on="2026-11-02",
        ),
        turned("f>c", "T1", on="2026-11-02"),
        turned("f>p", "T2 T4 T9", on="2026-11-02", mark="good again"),
        # That day was never to be a bad one, as is known now.
        turned("f>p", "T3", on="2027-02-10", corrects="the day's", mark="the day's good again"),
    )
    await _mistake(life)
    await _backdated(life)


async def _mistake(life: Life) -> None:
    """Suspend a provider by mistake, which is put right on the same day."""
    await life.until("2026-11-16")
    right = in_force("2024-01-15")
    wrong = [*in_force("2024-01-15", "2026-11-16"), period("suspended", "2026-11-16")]
    life.set("providers", "egret", periods=wrong)
    await life.read(
        told(
            "suspended",
            "provider egret",
            "in_force>suspended",
            "C1:pf C2:pf",
            on="2026-11-16",
            mark="mistake",
        ),
        turned("p>f", "C2", on="2026-11-16", mark="its verdict"),
    )
    await life.move(at("2026-11-16", 11))
    await life.read(outcome="unchanged")
    await life.move(at("2026-11-16", 15))
    life.set("providers", "egret", periods=right)
    await life.read(
        told(
            "reinstated",
            "provider egret",
            "suspended>in_force",
            "C1:fp C2:fp",
            on="2024-01-15",
            corrects="mistake",
        ),
        turned("f>p", "C2", on="2026-11-16", corrects="its verdict"),
    )


async def _backdated(life: Life) -> None:
    """Learn late of a suspension that the clock alone ends; then an end comes near, and is not put off."""
    await life.until("2026-11-27")
    life.set(
        "providers",
        "teal",
        periods=[
            *in_force("2024-05-01", "2026-11-20"),
            period("suspended", "2026-11-20", "2026-12-04"),
            *in_force("2026-12-04", "2026-12-31"),
        ],
    )
    await life.read(
        told("suspended", "provider teal", "in_force>suspended", "C3:pf", on="2026-11-20")
    )
    await life.until(
        "2026-12-10",
        told("reinstated", "provider teal", "suspended>in_force", "C3:fp", on="2026-12-04"),
        # Thirty days before the end nothing held that could end.
        near("provider teal", "C3:pp", ends="2026-12-31", notice="P30D", seen="2026-12-04"),
    )
    teal = {"kind": "provider", "provider": _register("teal")}
    await life.watch("S1", "p", **teal, expiryNotice=["P30D", "P7D"])
    await life.watch("S2", "p", kind="provider", **HERON)
    await life.until(
        "2027-01-08",
        near("provider egret", "C1:pp C2:pp", ends="2027-01-15", notice="P30D", seen="2026-12-16"),
        near("provider teal", "S1:pp", ends="2026-12-31", notice="P7D", seen="2026-12-24"),
        told(
            "lapsed",
            "provider teal",
            "in_force>lapsed",
            "C3:pf S1:pf",
            on="2026-12-31",
            mark="teal's lapse",
        ),
        near("provider egret", "C1:pp", ends="2027-01-15", notice="P7D", seen="2027-01-08"),
        hour=10,
    )


async def winter(life: Life) -> None:
    """Play January to March: lapses and renewals, a programme taken away, a source too old, one not believed."""
    teal = life.register["providers"]["teal"]["periods"]
    life.set("providers", "teal", periods=[*teal[:2], *in_force("2026-12-04", "2029-12-31")])
    await life.read(
        told(
            "reinstated",
            "provider teal",
            "lapsed>in_force",
            "C3:fp S1:fp",
            on="2026-12-04",
            corrects="teal's lapse",
        )
    )
    await life.until(
        "2027-01-18",
        # Nobody said when it ends: that it has is an inference, and no finding.
        told("lapsed", "provider egret", "in_force>lapsed", "C1:pc C2:pc", on="2027-01-15"),
        turned("p>c", "C2", on="2027-01-15"),
    )
    await life.end_watch("S2")
    await life.until("2027-01-20")
    life.set(
        "providers",
        "egret",
        periods=[*in_force("2024-01-15", "2027-01-15"), *in_force("2027-01-19")],
    )
    await life.read(
        told("reinstated", "provider egret", "lapsed>in_force", "C1:cp C2:cp", on="2027-01-19"),
        turned("c>p", "C2", on="2027-01-20"),
    )
    await _taken_from_a_trainer(life)
    await _too_old(life)
    await _not_believed(life)


async def _taken_from_a_trainer(life: Life) -> None:
    """Take a programme from an authorisation and give it back: no record moves, but what rests on both does."""
    await life.until("2027-01-25")
    life.set("authorisations", "AU-1", programmes=["h-2"])
    # Which programmes an authorisation covers has no date: as is known now it never covered this one.
    await life.read(
        turned("p>f", "T2 T4", on="2027-01-25", corrects="good again", mark="taken"),
        turned(
            "p>f", "T3", on="2027-02-10", corrects="the day's good again", mark="the day's again"
        ),
    )
    await life.until("2027-02-01")
    life.set("authorisations", "AU-1", programmes=["h-1", "h-2"])
    await life.read(
        turned("f>p", "T2 T4", on="2027-02-01", corrects="taken"),
        turned("f>p", "T3", on="2027-02-10", corrects="the day's again"),
    )


async def _too_old(life: Life) -> None:
    """Let the source be silent for longer than it may; on the day that is over, nothing turns any more."""
    await life.until("2027-02-15")
    life.read_on, monday = frozenset(), life.read_on
    await life.until(
        "2027-03-03",
        of_register("stale", seen="2027-02-26"),
        turned("p>c", "T2 T9", on="2027-02-26"),
        turned("p>c", "T4", on="2027-02-26"),  # its scope can't be relied on either
        turned("p>c", "C2", on="2027-02-26"),
    )
    life.read_on = monday
    await life.read(
        of_register("recovered"),
        turned("c>p", "T2 T4 T9", on="2027-03-03"),
        turned("c>p", "C2", on="2027-03-03"),
    )


async def _not_believed(life: Life) -> None:
    """Have a reading not believed until the operator releases it; the next one has everything back."""
    await life.until("2027-03-10")
    whole = life.register["authorisations"]
    life.register["authorisations"] = {k: whole[k] for k in ("AU-3", "AU-4")}
    await life.read(of_register("quarantined"), outcome="quarantined")
    await life.until("2027-03-11")
    gone = "in_force>delisted"
    await life.release(
        of_register("recovered"),
        told("delisted", "authorisation AU-9", gone, "C2:pc", on="2027-03-11", mark="nine"),
        turned("p>c", "C2", on="2027-03-11", mark="of nine"),
        told(
            "delisted", "authorisation AU-1", gone, "T2:pc T4:pc C5:pc", on="2027-03-11", mark="one"
        ),
        told("delisted", "authorisation AU-2", gone, "T7:pc T9:pc", on="2027-03-11", mark="two"),
        turned("p>c", "T2 T4 T9", on="2027-03-11", mark="of both"),
    )
    await life.until("2027-03-14")
    life.register["authorisations"] = whole
    back = "delisted>in_force"
    await life.read(
        told("reinstated", "authorisation AU-9", back, "C2:cp", on="2025-05-01", corrects="nine"),
        turned("c>p", "C2", on="2027-03-14", corrects="of nine"),
        told(
            "reinstated",
            "authorisation AU-1",
            back,
            "T2:cp T4:cp C5:cp",
            on="2024-01-01",
            corrects="one",
        ),
        told(
            "reinstated", "authorisation AU-2", back, "T7:cp T9:cp", on="2025-02-01", corrects="two"
        ),
        turned("c>p", "T2 T4 T9", on="2027-03-14", corrects="of both"),
    )


async def spring(life: Life) -> None:
    """Play April to September: ends brought forward and put off, an affiliation, a list, a withdrawal."""
    await life.until("2027-03-29")
    life.set("authorisations", "AU-9", periods=in_force("2025-05-01", "2027-04-15"))
    await life.read(
        told("shortened", "authorisation AU-9", "in_force>in_force", "C2:pp", on="2027-03-29"),
        near("authorisation AU-9", "C2:pp", ends="2027-04-15", notice="P30D", seen="2027-03-29"),
    )
    await life.until(
        "2027-04-20",
        near("provider heron", "T2:pp T5:pp", ends="2027-06-30", notice="P90D", seen="2027-04-01"),
        told("lapsed", "authorisation AU-9", "in_force>lapsed", "C2:pf", on="2027-04-15"),
        turned("p>f", "C2", on="2027-04-15"),
    )
    crane = life.register["providers"].pop("crane")
    await life.read(
        told(
            "delisted", "provider crane", "in_force>delisted", "C4:pc", on="2027-04-20", mark="off"
        )
    )
    await life.until("2027-04-27")
    life.register["providers"]["crane"] = crane
    await life.read(
        told(
            "reinstated",
            "provider crane",
            "delisted>in_force",
            "C4:cp",
            on="2025-01-01",
            corrects="off",
        )
    )
    await life.until("2027-05-03")
    life.set(
        "authorisations",
        "AU-9",
        periods=[*in_force("2025-05-01", "2027-04-15"), period("withdrawn", "2027-04-20")],
    )
    await life.read(
        told("withdrawn", "authorisation AU-9", "lapsed>withdrawn", "C2:ff", on="2027-04-20")
    )
    await _affiliation_ends(life)
    await _renewed_in_time(life)
    await _withdrawn(life)


async def _affiliation_ends(life: Life) -> None:
    await life.until("2027-05-10")
    life.set("affiliations", "AF-1", periods=in_force("2024-01-01", "2027-05-17"))
    await life.read(
        told("shortened", "affiliation AF-1", "in_force>in_force", "T8:pp T9:pp", on="2027-05-10")
    )
    await life.until(
        "2027-06-07",
        told("ended", "affiliation AF-1", "in_force>lapsed", "T8:pf T9:pf", on="2027-05-17"),
        turned("p>f", "T9", on="2027-05-17"),
        near("provider heron", "T2:pp T5:pp", ends="2027-06-30", notice="P30D", seen="2027-05-31"),
    )


async def _renewed_in_time(life: Life) -> None:
    """Renew a certification before it ends, as one more period: neither its old end nor the new beginning is news."""
    periods = life.register["providers"]["heron"]["periods"]
    life.set("providers", "heron", periods=[*periods, *in_force("2027-06-30", "2030-06-30")])
    await life.read(
        told(
            "renewed",
            "provider heron",
            "in_force>in_force",
            "T1:cc T2:pp T4:pp T5:pp T6:pp T7:pp T8:ff T9:ff C5:pp",
            on="2027-06-07",
        )
    )
    await life.until("2027-07-05")


async def _withdrawn(life: Life) -> None:
    life.set(
        "providers",
        "crane",
        periods=[*in_force("2025-01-01", "2027-07-05"), period("withdrawn", "2027-07-05")],
    )
    await life.read(
        told("withdrawn", "provider crane", "in_force>withdrawn", "C4:pf", on="2027-07-05")
    )
    await life.until("2027-07-12")
    life.set(
        "programmes",
        "h-1",
        periods=[
            *in_force("2024-03-01", "2027-07-12"),
            period("suspended", "2027-07-12", "2027-07-19"),
            *in_force("2027-07-19"),
        ],
    )
    to, back = "T1:cf T2:pf T4:pf T6:pf T9:ff", "T1:fc T2:fp T4:fp T6:fp T9:ff"
    await life.read(
        told("suspended", "programme h-1", "in_force>suspended", to, on="2027-07-12"),
        turned("c>f", "T1", on="2027-07-12"),
        turned("p>f", "T2 T4", on="2027-07-12"),
    )
    await life.until(
        ENDS,
        told("reinstated", "programme h-1", "suspended>in_force", back, on="2027-07-19"),
        turned("f>c", "T1", on="2027-07-19"),
        turned("f>p", "T2 T4", on="2027-07-19"),
    )
