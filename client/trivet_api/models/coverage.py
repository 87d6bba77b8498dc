from enum import StrEnum


class Coverage(StrEnum):
    COMPLETE = "complete"
    NONE = "none"
    PARTIAL = "partial"

    def __str__(self) -> str:
        return str(self.value)
