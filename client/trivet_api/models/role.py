from enum import StrEnum


class Role(StrEnum):
    ASSOCIATE = "associate"
    SENIOR = "senior"

    def __str__(self) -> str:
        return str(self.value)
