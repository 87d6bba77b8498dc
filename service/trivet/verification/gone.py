"""An answer that was given is never "not found": where it is gone, that is said, with when and why."""

from trivet.http.problems import Problem
from trivet.london import day_of
from trivet.register.store import ERASURE
from trivet.verification.answer import Verification
from trivet.verification.store import Emptied

GONE = "The answer was given and is kept no more: its retention is over, or a person was erased."
"""How the problem is documented."""


def still_there(found: Verification | Emptied | None) -> Verification:
    """Return an answer that was found.

    Raises:
        Problem: 404 if the account was never given it, 410 if it is kept no more.
    """
    if found is None:
        raise Problem(404, "not_found", "This account has no verification of that id.")
    if isinstance(found, Emptied):
        raise _gone(found)
    return found


def _gone(left: Emptied) -> Problem:
    given = f"The answer was given on {day_of(left.checked_at)}"
    remain = (
        f"What remains are the digests of the question ({left.question_digest}) and of the answer "
        f"({left.answer_digest}). A receipt that was kept still verifies."
    )
    if left.emptied_by == ERASURE:
        why = "and erased since, with all else about a person"
        return Problem(410, "erased", f"{given} {why}. {remain}")
    why = "and is kept no more, for its retention is over"
    return Problem(410, "retention_over", f"{given} {why}. {remain}")
