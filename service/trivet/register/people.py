"""How the mirror recognises a trainer without keeping a name, and a person it must forget: keyed hashes only."""

import hashlib
import hmac
import re
from collections.abc import Mapping, Set

from trivet.register.identifiers import comparable_id, comparable_name

ERASED = "[erased]"
"""What stands in a text where a person's reference or number stood."""

# Where messages put the id of a record: in quotation marks, or in an address.
_ID_IN_TEXT = re.compile(r"(?<=['\"/=(])[A-Za-z0-9._~-]+")


def family_name_hash(name: str | None, key: bytes) -> str | None:
    """Return the keyed hash of a family name in the form in which names are compared; None for a name of nothing."""
    comparable = comparable_name(name or "")
    return _keyed(key, "family-name", comparable) if comparable else None


def person_hash(trainer: str, key: bytes) -> str:
    """Return the keyed hash of a trainer's reference in comparable form: finds a person's rows without naming them."""
    return _keyed(key, "trainer", comparable_id(trainer))


def authorisation_hash(number: str, key: bytes) -> str:
    """Return the keyed hash of an authorisation's number in comparable form, never equal to that of a reference."""
    return _keyed(key, "authorisation", comparable_id(number))


def naming_hash(subject: str, family_name: str | None, key: bytes) -> str:
    """Return the keyed hash of how a question names a trainer: by whom (a hash from above) and with which family name.

    Another family name is another naming: whoever guesses at names asks something new each time.
    """
    return _keyed(key, "naming", f"{subject}:{family_name_hash(family_name, key) or ''}")


def _keyed(key: bytes, purpose: str, text: str) -> str:
    return hmac.new(key, f"{purpose}:{text}".encode(), hashlib.sha256).hexdigest()


class Erased:
    """The people who were erased, told by nothing but the keyed hashes of their references and numbers."""

    def __init__(self, subjects: Set[str], key: bytes) -> None:
        """Take the hashes and the key under which they were made."""
        self._subjects, self._key = frozenset(subjects), key

    def __len__(self) -> int:
        return len(self._subjects)

    def trainer(self, reference: str) -> bool:
        """Say whether a reference is an erased person's."""
        return person_hash(reference, self._key) in self._subjects

    def authorisation(self, number: str) -> bool:
        """Say whether an authorisation's number is an erased person's."""
        return authorisation_hash(number, self._key) in self._subjects

    def scrubbed(self, text: str) -> str:
        """Return a message without the references and numbers of erased people; others stay readable."""
        return _ID_IN_TEXT.sub(lambda found: self._unless_erased(found[0]), text)

    def scrubbed_row(self, row: Mapping[str, str | None]) -> dict[str, str | None]:
        """Return what was logged of a rejected row without an erased person's reference and number."""
        scrubbed = {field: self.scrubbed(text) if text else text for field, text in row.items()}
        number = row.get("register")
        if number and self._unless_erased(number) == ERASED:
            scrubbed["register"] = None
        return scrubbed

    def _unless_erased(self, word: str) -> str:
        # A sentence may end where an id does.
        known = any(self.trainer(w) or self.authorisation(w) for w in (word, word.rstrip(".")))
        return ERASED if known else word
