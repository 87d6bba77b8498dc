from enum import StrEnum


class Kind(StrEnum):
    AFFILIATIONS = "affiliations"
    AUTHORISATIONS = "authorisations"
    BODIES = "bodies"
    PROGRAMMES = "programmes"
    PROVIDERS = "providers"

    def __str__(self) -> str:
        return str(self.value)
