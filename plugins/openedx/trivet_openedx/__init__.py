"""Asks in Open edX before an enrolment, courseware or a certificate whether the training is certified."""

__version__ = "0.1.0"
