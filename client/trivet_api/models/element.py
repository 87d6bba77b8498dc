from enum import StrEnum


class Element(StrEnum):
    BODY = "body"
    DELIVERY = "delivery"
    PROGRAMME = "programme"
    PROVIDER = "provider"
    SCOPE = "scope"
    TRAINER = "trainer"

    def __str__(self) -> str:
        return str(self.value)
