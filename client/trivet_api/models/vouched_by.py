from enum import StrEnum


class VouchedBy(StrEnum):
    CERTIFIER_CONFIRMED = "certifier_confirmed"
    PROVIDER_DECLARED = "provider_declared"
    REGISTER = "register"

    def __str__(self) -> str:
        return str(self.value)
