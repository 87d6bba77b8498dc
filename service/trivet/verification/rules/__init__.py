"""The verdict: question and index in, elements and reasons out. Pure: no I/O, no clock (R1 to R22)."""

from trivet.verification.rules.case import Matter
from trivet.verification.rules.grounds import worst
from trivet.verification.rules.judge import (
    Part,
    Parts,
    judge,
    judge_before_first_snapshot,
    judge_parts,
)
from trivet.verification.rules.judgement import Candidate, Given, Judged, Judgement, Sought

__all__ = [
    "Candidate",
    "Given",
    "Judged",
    "Judgement",
    "Matter",
    "Part",
    "Parts",
    "Sought",
    "judge",
    "judge_before_first_snapshot",
    "judge_parts",
    "worst",
]
