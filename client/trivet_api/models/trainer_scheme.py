from enum import StrEnum


class TrainerScheme(StrEnum):
    AUTHORISATION = "authorisation"
    REGISTER = "register"

    def __str__(self) -> str:
        return str(self.value)
