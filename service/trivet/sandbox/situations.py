"""What is the matter with which provider: a situation for every reason code that rests on a record."""

from collections.abc import Mapping
from datetime import date, timedelta

import msgspec

from trivet.register.identifiers import Identifier, Scheme
from trivet.register.periods import Period, Status
from trivet.register.records import Organisation, Role

SINCE = date(2015, 1, 1)
"""When everything good began: so long ago that a day long past can be asked about too."""

TITLE, OTHER_TITLE = "Sandbox programme (fictional)", "Other sandbox programme (fictional)"
HOSPITAL = Organisation(
    name="Sandbox Hospital (fictional)", identifiers=(Identifier(Scheme.ODS, "ZZ9A1"),)
)
_SCHOOL = Organisation(
    name="Sandbox School (fictional)", identifiers=(Identifier(Scheme.UKPRN, "19990002"),)
)
_THREE_YEARS = timedelta(days=3 * 365)

Fields = Mapping[str, object]


class Situation(msgspec.Struct, frozen=True, kw_only=True):
    """In which fields a provider's records differ from ones that pass; None: there is no such record."""

    provider: Fields = {}
    programme: Fields | None = {}
    other_programme: Fields = {}
    trainer: Fields | None = {}
    affiliation: Fields | None = {}


def record_id(situation: str) -> str:
    """Return the register id of a situation's provider, programme, authorisation and affiliation."""
    return f"sandbox-{situation}"


def other_programme_id(situation: str) -> str:
    """Return the register id of the second programme that each provider has."""
    return f"{record_id(situation)}.other"


def certificate_of(situation: str) -> str:
    """Return the certificate number under which a situation is asked for."""
    return f"SANDBOX-{situation}"


def in_force(today: date) -> tuple[Period, ...]:
    """Return the timeline of a good record: begun long ago, renewed a year ago for three years."""
    renewed = today - timedelta(days=365)
    return (
        Period(Status.IN_FORCE, SINCE, renewed),
        Period(Status.IN_FORCE, renewed, renewed + _THREE_YEARS),
    )


def situations(today: date) -> Mapping[str, Situation]:
    """Return each situation under the code it leads to, on the London day `today`.

    A code of absence, such as `provider_not_on_register`, has none: nobody bears its certificate number.
    """
    soon, lately = today + timedelta(days=30), today - timedelta(days=30)
    coming = _timeline(Period(Status.IN_FORCE, soon, soon + _THREE_YEARS))
    over = _timeline(Period(Status.IN_FORCE, SINCE, lately))
    suspended = _timeline(Period(Status.IN_FORCE, SINCE, lately), Period(Status.SUSPENDED, lately))
    withdrawn = _timeline(Period(Status.IN_FORCE, SINCE, lately), Period(Status.WITHDRAWN, lately))
    return {
        "pass": Situation(
            provider={
                "identifiers": (
                    Identifier(Scheme.COMPANIES_HOUSE, "ZZ000001"),
                    Identifier(Scheme.UKPRN, "19990001"),
                )
            }
        ),
        "body_not_licensed": Situation(provider={"body": "sandbox-body-not-licensed"}),
        "body_not_accredited": Situation(provider={"body": "sandbox-body-not-accredited"}),
        "body_unknown": Situation(provider={"body": "sandbox-body-nobody-describes"}),
        "provider_not_yet_certified": Situation(provider=coming),
        "provider_certification_expired": Situation(provider=over),
        "provider_suspended": Situation(provider=suspended),
        "provider_withdrawn": Situation(provider=withdrawn),
        "application_is_not_certification": Situation(
            provider=_timeline(Period(Status.APPLIED, lately))
        ),
        "provider_ambiguous": Situation(),
        "provider_ambiguous.twin": Situation(
            provider={"certificate": certificate_of("provider_ambiguous")}
        ),
        "provider_term_elapsed": Situation(
            provider=_timeline(Period(Status.IN_FORCE, lately - _THREE_YEARS))
        ),
        "provider_delisted": Situation(),
        "provider_declared_only": Situation(),
        "programme_not_on_register": Situation(programme=None),
        "programme_of_another_provider": Situation(),
        "programme_not_yet_approved": Situation(programme=coming),
        "programme_approval_expired": Situation(programme=over),
        "programme_suspended": Situation(programme=suspended),
        "programme_withdrawn": Situation(programme=withdrawn),
        "programme_ambiguous": Situation(other_programme={"title": TITLE}),
        "programme_not_confirmed": Situation(programme=None),
        "programme_delisted": Situation(),
        "programme_source_missing": Situation(programme=None),
        "programme_declared_only": Situation(),
        "trainer_not_authorised": Situation(trainer=None),
        "trainer_not_authorised_for_programme": Situation(
            trainer={"programmes": (other_programme_id("trainer_not_authorised_for_programme"),)}
        ),
        "trainer_not_yet_authorised": Situation(trainer=coming),
        "trainer_authorisation_expired": Situation(trainer=over),
        "trainer_suspended": Situation(trainer=suspended),
        "trainer_withdrawn": Situation(trainer=withdrawn),
        "trainer_not_named": Situation(),
        "trainer_not_confirmed": Situation(trainer=None),
        "trainer_delisted": Situation(),
        "trainer_source_missing": Situation(trainer=None),
        "trainer_declared_only": Situation(),
        "train_the_trainer_is_not_certification": Situation(affiliation=None),
        "affiliation_not_in_force": Situation(affiliation=over),
        "affiliation_does_not_cover_programme": Situation(
            affiliation={
                "programmes": (other_programme_id("affiliation_does_not_cover_programme"),)
            }
        ),
        "associate_outside_own_organisation": Situation(
            trainer={"role": Role.ASSOCIATE, "organisation": HOSPITAL}
        ),
        "affiliation_source_missing": Situation(affiliation=None),
        "affiliation_delisted": Situation(),
        "affiliation_declared_only": Situation(),
        "delivery_organisation_ambiguous": Situation(affiliation={"organisation": _SCHOOL}),
        "outside_setting": Situation(programme={"settings": ("school",)}),
        "outside_nation": Situation(programme={"nations": ("scotland",)}),
        "outside_population": Situation(programme={"populations": ("children",)}),
        "outside_modules": Situation(programme={"modules": ("clinical_holding",)}),
        "scope_not_recorded": Situation(programme={"settings": None}),
        "register_stale": Situation(),
        "start_not_recorded": Situation(programme=_timeline(Period(Status.IN_FORCE, None))),
        "sources_contradict": Situation(),
        "known_at_before_first_snapshot": Situation(),
    }


def _timeline(*periods: Period) -> Fields:
    return {"periods": periods}
