from enum import StrEnum


class Status(StrEnum):
    APPLIED = "applied"
    EXPIRED = "expired"
    IN_FORCE = "in_force"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"

    def __str__(self) -> str:
        return str(self.value)
