"""Asks a trivet service, and decides for a gate whether its answer is permission.

    from trivet_client import TrivetClient

    with TrivetClient.from_settings() as trivet:  # TRIVET_URL and TRIVET_API_KEY
        answer = trivet.verify(provider="certificate:EX-1", programme="register:ex-1", trainer="authorisation:A-1")
        print("book it" if answer else [reason.text for reason in answer.reasons])

Only a pass is true. Where no answer could be had, a `TrivetError` is raised: never take it for either.
"""

__version__ = "0.1.0"

from trivet_api.models import (
    CandidateAnswer,
    ChangePage,
    DeliveryListed,
    Element,
    ElementAnswer,
    EndpointAnswer,
    Evidence,
    FieldError,
    Identifier,
    NextStep,
    ProviderListed,
    ProviderWithProgrammes,
    Purpose,
    ReasonAnswer,
    ReasonListed,
    RegisterStatus,
    Requirement,
    Scope,
    TestResult,
    Verdict,
)
from trivet_client.aio import AsyncTrivetClient
from trivet_client.alert_calls import EventPage, NewEndpointMade, NewSecret
from trivet_client.answers import Answer
from trivet_client.batches import AsyncBatch, Batch, Finished, Result, RowProblem
from trivet_client.client import TrivetClient
from trivet_client.problems import (
    Forbidden,
    InvalidArgument,
    InvalidQuestion,
    NotConfigured,
    NotFound,
    TrivetError,
    TrivetProblem,
    Unauthenticated,
    Unavailable,
    UnexpectedAnswer,
    Unreachable,
)
from trivet_client.retries import Retries
from trivet_client.watching import Watching, WatchRow

__all__ = [
    "Answer",
    "AsyncBatch",
    "AsyncTrivetClient",
    "Batch",
    "CandidateAnswer",
    "ChangePage",
    "DeliveryListed",
    "Element",
    "ElementAnswer",
    "EndpointAnswer",
    "EventPage",
    "Evidence",
    "FieldError",
    "Finished",
    "Forbidden",
    "Identifier",
    "InvalidArgument",
    "InvalidQuestion",
    "NewEndpointMade",
    "NewSecret",
    "NextStep",
    "NotConfigured",
    "NotFound",
    "ProviderListed",
    "ProviderWithProgrammes",
    "Purpose",
    "ReasonAnswer",
    "ReasonListed",
    "RegisterStatus",
    "Requirement",
    "Result",
    "Retries",
    "RowProblem",
    "Scope",
    "TestResult",
    "TrivetClient",
    "TrivetError",
    "TrivetProblem",
    "Unauthenticated",
    "Unavailable",
    "UnexpectedAnswer",
    "Unreachable",
    "Verdict",
    "WatchRow",
    "Watching",
]
