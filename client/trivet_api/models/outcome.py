from enum import StrEnum


class Outcome(StrEnum):
    CREATED = "created"
    REFUSED = "refused"
    REPLACED = "replaced"
    UNCHANGED = "unchanged"

    def __str__(self) -> str:
        return str(self.value)
