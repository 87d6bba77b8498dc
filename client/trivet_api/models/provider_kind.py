from enum import StrEnum


class ProviderKind(StrEnum):
    COMMERCIAL = "commercial"
    CONSORTIUM = "consortium"
    IN_HOUSE = "in_house"

    def __str__(self) -> str:
        return str(self.value)
