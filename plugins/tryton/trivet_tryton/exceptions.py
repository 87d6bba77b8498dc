"""What people are stopped by."""

from trytond.exceptions import UserError, UserWarning
from trytond.model.exceptions import AccessError


class NotCertified(UserError):
    """An order waits, until its training is known to be certified."""


class NotCertifiedYet(UserWarning):
    """A quotation is about to go out for training that is not known to be certified."""


class NothingDecided(UserError):
    """What a person wanted to decide can't be decided so."""


class NotYours(AccessError):
    """A person may not do this here."""
