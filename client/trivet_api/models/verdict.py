from enum import StrEnum


class Verdict(StrEnum):
    CANNOT_CONFIRM = "cannot_confirm"
    FAIL = "fail"
    PASS = "pass"

    def __str__(self) -> str:
        return str(self.value)
