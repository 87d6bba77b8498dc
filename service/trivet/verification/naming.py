"""Whom a question names, as it is kept: by keyed hashes of what was given, whether the register knows it or not."""

from trivet.register.people import authorisation_hash, naming_hash, person_hash
from trivet.verification.question import Question, TrainerScheme


def person_of(question: Question, key: bytes) -> str | None:
    """Return the keyed hash of the reference or number of the trainer asked about; None if none was named.

    The register is not asked: an unknown trainer's question takes the same way as a known one's.
    """
    trainer = question.trainer
    if not trainer:
        return None
    if trainer.scheme is TrainerScheme.AUTHORISATION:
        return authorisation_hash(trainer.value, key)
    return person_hash(trainer.value, key)


def naming_of(question: Question, key: bytes) -> str | None:
    """Return the keyed hash of the trainer asked about with the family name that was given; None if none was named."""
    person, trainer = person_of(question, key), question.trainer
    if person is None or not trainer:
        return None
    return naming_hash(person, trainer.family_name or None, key)
