from enum import StrEnum


class ChangeKind(StrEnum):
    ADDED = "added"
    AGREED = "agreed"
    CHANGED = "changed"
    CONTRADICTED = "contradicted"
    DELISTED = "delisted"
    DROPPED = "dropped"
    ENDED = "ended"
    RELISTED = "relisted"

    def __str__(self) -> str:
        return str(self.value)
