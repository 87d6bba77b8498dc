from enum import StrEnum


class Confirmable(StrEnum):
    AFFILIATIONS = "affiliations"
    AUTHORISATIONS = "authorisations"
    PROGRAMMES = "programmes"
    PROVIDERS = "providers"

    def __str__(self) -> str:
        return str(self.value)
