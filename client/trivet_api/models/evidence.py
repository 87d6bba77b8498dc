from enum import StrEnum


class Evidence(StrEnum):
    ALIGNED = "aligned"
    APPLICATION = "application"
    CERTIFICATE = "certificate"
    LEGACY_SCHEME = "legacy_scheme"
    MEMBERSHIP = "membership"
    TRAIN_THE_TRAINER = "train_the_trainer"

    def __str__(self) -> str:
        return str(self.value)
