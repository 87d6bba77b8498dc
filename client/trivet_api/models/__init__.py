"""Contains all the data models used in inputs/outputs"""

from .affected_page import AffectedPage
from .affected_watch import AffectedWatch
from .assessed_phrase import AssessedPhrase
from .assessment import Assessment
from .basis import Basis
from .batch_answer import BatchAnswer
from .batch_result import BatchResult
from .batch_result_problem_type_0 import BatchResultProblemType0
from .batch_result_verification_type_0 import BatchResultVerificationType0
from .batch_results import BatchResults
from .bulk_problem import BulkProblem
from .bulk_result import BulkResult
from .bulk_results import BulkResults
from .candidate_answer import CandidateAnswer
from .change_kind import ChangeKind
from .change_listed import ChangeListed
from .change_page import ChangePage
from .confirmable import Confirmable
from .confirmation_answer import ConfirmationAnswer
from .confirmation_page import ConfirmationPage
from .confirmation_state import ConfirmationState
from .confirming import Confirming
from .contradiction import Contradiction
from .contradiction_page import ContradictionPage
from .coverage import Coverage
from .coverage_by_kind import CoverageByKind
from .create_batch_json_body import CreateBatchJsonBody
from .create_watches_json_body import CreateWatchesJsonBody
from .delivery_listed import DeliveryListed
from .delivery_page import DeliveryPage
from .delivery_state import DeliveryState
from .disabled import Disabled
from .doubt import Doubt
from .element import Element
from .element_answer import ElementAnswer
from .end_of_confirmation import EndOfConfirmation
from .endpoint_answer import EndpointAnswer
from .endpoint_change import EndpointChange
from .endpoint_created import EndpointCreated
from .endpoint_page import EndpointPage
from .event import Event
from .event_data import EventData
from .event_page import EventPage
from .event_reason import EventReason
from .event_source import EventSource
from .event_subject import EventSubject
from .event_type import EventType
from .evidence import Evidence
from .expiry import Expiry
from .field_error import FieldError
from .health import Health
from .health_status import HealthStatus
from .held_reading import HeldReading
from .identifier import Identifier
from .kind import Kind
from .last_sync import LastSync
from .letter import Letter
from .new_endpoint import NewEndpoint
from .next_step import NextStep
from .organisation import Organisation
from .outcome import Outcome
from .period import Period
from .problem_details import ProblemDetails
from .programme_listed import ProgrammeListed
from .programme_reference import ProgrammeReference
from .programme_scheme import ProgrammeScheme
from .provider_kind import ProviderKind
from .provider_listed import ProviderListed
from .provider_page import ProviderPage
from .provider_with_programmes import ProviderWithProgrammes
from .public_key import PublicKey
from .public_keys import PublicKeys
from .purpose import Purpose
from .question import Question
from .reason_answer import ReasonAnswer
from .reason_answer_params import ReasonAnswerParams
from .reason_list import ReasonList
from .reason_listed import ReasonListed
from .recorded_answer import RecordedAnswer
from .recorded_answer_record import RecordedAnswerRecord
from .recovery import Recovery
from .recovery_wanted import RecoveryWanted
from .register_answer import RegisterAnswer
from .register_status import RegisterStatus
from .register_status_contradictions import RegisterStatusContradictions
from .register_status_counts import RegisterStatusCounts
from .requirement import Requirement
from .role import Role
from .scheme import Scheme
from .scope import Scope
from .secret_rotated import SecretRotated
from .secret_rotation import SecretRotation
from .snapshot_listed import SnapshotListed
from .snapshot_page import SnapshotPage
from .snapshot_source import SnapshotSource
from .source_answer import SourceAnswer
from .source_status import SourceStatus
from .standing_answer import StandingAnswer
from .stands import Stands
from .stands_moved import StandsMoved
from .state import State
from .status import Status
from .subject import Subject
from .test_result import TestResult
from .test_wanted import TestWanted
from .trainer_reference import TrainerReference
from .trainer_scheme import TrainerScheme
from .try_listed import TryListed
from .unassessed_part import UnassessedPart
from .verdict import Verdict
from .verdict_moved import VerdictMoved
from .verification import Verification
from .verification_page import VerificationPage
from .version import Version
from .vouched_by import VouchedBy
from .watch_answer import WatchAnswer
from .watch_kind import WatchKind
from .watch_page import WatchPage
from .watch_standing import WatchStanding
from .watched import Watched
from .watched_trainer import WatchedTrainer
from .wording import Wording

__all__ = (
    "AffectedPage",
    "AffectedWatch",
    "AssessedPhrase",
    "Assessment",
    "Basis",
    "BatchAnswer",
    "BatchResult",
    "BatchResultProblemType0",
    "BatchResults",
    "BatchResultVerificationType0",
    "BulkProblem",
    "BulkResult",
    "BulkResults",
    "CandidateAnswer",
    "ChangeKind",
    "ChangeListed",
    "ChangePage",
    "Confirmable",
    "ConfirmationAnswer",
    "ConfirmationPage",
    "ConfirmationState",
    "Confirming",
    "Contradiction",
    "ContradictionPage",
    "Coverage",
    "CoverageByKind",
    "CreateBatchJsonBody",
    "CreateWatchesJsonBody",
    "DeliveryListed",
    "DeliveryPage",
    "DeliveryState",
    "Disabled",
    "Doubt",
    "Element",
    "ElementAnswer",
    "EndOfConfirmation",
    "EndpointAnswer",
    "EndpointChange",
    "EndpointCreated",
    "EndpointPage",
    "Event",
    "EventData",
    "EventPage",
    "EventReason",
    "EventSource",
    "EventSubject",
    "EventType",
    "Evidence",
    "Expiry",
    "FieldError",
    "Health",
    "HealthStatus",
    "HeldReading",
    "Identifier",
    "Kind",
    "LastSync",
    "Letter",
    "NewEndpoint",
    "NextStep",
    "Organisation",
    "Outcome",
    "Period",
    "ProblemDetails",
    "ProgrammeListed",
    "ProgrammeReference",
    "ProgrammeScheme",
    "ProviderKind",
    "ProviderListed",
    "ProviderPage",
    "ProviderWithProgrammes",
    "PublicKey",
    "PublicKeys",
    "Purpose",
    "Question",
    "ReasonAnswer",
    "ReasonAnswerParams",
    "ReasonList",
    "ReasonListed",
    "RecordedAnswer",
    "RecordedAnswerRecord",
    "Recovery",
    "RecoveryWanted",
    "RegisterAnswer",
    "RegisterStatus",
    "RegisterStatusContradictions",
    "RegisterStatusCounts",
    "Requirement",
    "Role",
    "Scheme",
    "Scope",
    "SecretRotated",
    "SecretRotation",
    "SnapshotListed",
    "SnapshotPage",
    "SnapshotSource",
    "SourceAnswer",
    "SourceStatus",
    "StandingAnswer",
    "Stands",
    "StandsMoved",
    "State",
    "Status",
    "Subject",
    "TestResult",
    "TestWanted",
    "TrainerReference",
    "TrainerScheme",
    "TryListed",
    "UnassessedPart",
    "Verdict",
    "VerdictMoved",
    "Verification",
    "VerificationPage",
    "Version",
    "VouchedBy",
    "WatchAnswer",
    "Watched",
    "WatchedTrainer",
    "WatchKind",
    "WatchPage",
    "WatchStanding",
    "Wording",
)
