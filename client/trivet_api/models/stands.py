from enum import StrEnum


class Stands(StrEnum):
    DELISTED = "delisted"
    IN_FORCE = "in_force"
    LAPSED = "lapsed"
    NONE = "none"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"

    def __str__(self) -> str:
        return str(self.value)
