from enum import StrEnum


class ConfirmationState(StrEnum):
    ENDED = "ended"
    GOOD = "good"
    MISTAKEN = "mistaken"
    OVER = "over"
    REPLACED = "replaced"

    def __str__(self) -> str:
        return str(self.value)
