"""The verdict: question and index in, elements and reasons out. Pure: no I/O, no clock (R1 to R22)."""

from trivet.verification.rules.judge import judge, judge_before_first_snapshot
from trivet.verification.rules.judgement import Candidate, Given, Judged, Judgement, Sought

__all__ = [
    "Candidate",
    "Given",
    "Judged",
    "Judgement",
    "Sought",
    "judge",
    "judge_before_first_snapshot",
]
