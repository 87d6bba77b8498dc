from enum import StrEnum


class Scheme(StrEnum):
    CERTIFICATE = "certificate"
    CHARITY = "charity"
    COMPANIES_HOUSE = "companies-house"
    NAME = "name"
    ODS = "ods"
    REGISTER = "register"
    UKPRN = "ukprn"

    def __str__(self) -> str:
        return str(self.value)
