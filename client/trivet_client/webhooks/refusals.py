"""Why something that arrived is not acted on."""


class Refused(Exception):
    """What arrived is not to be acted on. The message says why, and quotes neither body, header nor secret."""

    status = 400
    """The HTTP status to answer with."""


class NotGenuine(Refused):
    """No secret of the receiver signed this, or not lately: nothing in it is to be believed."""

    status = 401


class NotAnEvent(Refused):
    """The signature is right, and still the body is no event: what sent it is no trivet service, or is broken."""
