from enum import StrEnum


class Basis(StrEnum):
    BY_CHOICE = "by_choice"
    CONTRACTUAL = "contractual"
    EXPECTED = "expected"
    MANDATORY = "mandatory"
    UNKNOWN = "unknown"

    def __str__(self) -> str:
        return str(self.value)
