from enum import StrEnum


class ProgrammeScheme(StrEnum):
    REGISTER = "register"
    TITLE = "title"

    def __str__(self) -> str:
        return str(self.value)
