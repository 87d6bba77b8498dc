from enum import StrEnum


class Purpose(StrEnum):
    AUDIT = "audit"
    AWARD = "award"
    DELIVERY = "delivery"
    ORDER = "order"
    OTHER = "other"

    def __str__(self) -> str:
        return str(self.value)
