from enum import StrEnum


class WatchKind(StrEnum):
    DELIVERY = "delivery"
    PROGRAMME = "programme"
    PROVIDER = "provider"
    TRAINER = "trainer"
    TRIPLE = "triple"

    def __str__(self) -> str:
        return str(self.value)
