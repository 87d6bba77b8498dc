from enum import StrEnum


class Subject(StrEnum):
    AFFILIATION = "affiliation"
    AUTHORISATION = "authorisation"
    PROGRAMME = "programme"
    PROVIDER = "provider"

    def __str__(self) -> str:
        return str(self.value)
