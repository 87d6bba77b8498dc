"""Decides for a host system whether lines of an order, a course or a roster may go ahead. Written once for all hosts.

    from datetime import UTC, datetime

    from trivet_client import TrivetClient
    from trivet_client.gate import Gate, Line, Trainer

    gate = Gate(TrivetClient.from_settings(), purpose="order")
    line = Line(
        key="PO-1234/1",
        provider="certificate:EX-1",
        programme="register:ex-1",
        trainers=(Trainer("authorisation:A-1"),),
        delivered_on="2026-03-12",
    )
    decision = gate.decide([line], datetime.now(UTC))
    if not decision:
        print(decision["PO-1234/1"].words)

Only `PERMITTED` or an override permits. A service that can't be asked is `NOT_VERIFIED`: never a fail, never a pass.

What is stored, by the host and nowhere else:

- `Kept`, one for each question that was answered: the ids, verdict, reasons, days, caveats and receipt of the answer,
  and the fingerprint of the question. No name of a person, and nothing made of one: a hash of a family name can be
  guessed from a list of names, and one with a key is still a person's. The fingerprint says only that a name was given.
  So a kept pass never stands in for a question with a family name, for it may be another name by now.
- `Shown`, where a host keeps what a person was shown of a line, to override by it later: `Kept` of each question, with
  its outcome and what was lacking. No name of a person either.
- `Override` and `Review`: what was overridden or reviewed, by fingerprints, ids and reason codes; why; and the member
  of staff who did it, by the host's own id and name. That is what an audit asks for.
- A trainer's reference is in a receipt, and hashed with the rest in a fingerprint. Both are of a person: delete them
  with the line they belong to.

Nothing is stored by this package, and nothing is logged. What is stored bears a digest against accidents and careless
edits. It is no signature: whoever may write the host's tables can write a digest. The receipt is signed by the service.
"""

from trivet_client.gate.asking import AsyncGate, Gate
from trivet_client.gate.deciding import Decision, LineDecision
from trivet_client.gate.kept import Kept, KeptReason
from trivet_client.gate.lines import Lack, Line, Trainer, fingerprints, missing
from trivet_client.gate.outcomes import Outcome, QuestionDecision
from trivet_client.gate.overrides import (
    Conclusion,
    Covered,
    Override,
    Person,
    Review,
    concerns_trainer,
    override,
    review,
)
from trivet_client.gate.sealed import Unreadable
from trivet_client.gate.shown import Shown
from trivet_client.gate.words import TEMPLATES, Message

__all__ = [
    "TEMPLATES",
    "AsyncGate",
    "Conclusion",
    "Covered",
    "Decision",
    "Gate",
    "Kept",
    "KeptReason",
    "Lack",
    "Line",
    "LineDecision",
    "Message",
    "Outcome",
    "Override",
    "Person",
    "QuestionDecision",
    "Review",
    "Shown",
    "Trainer",
    "Unreadable",
    "concerns_trainer",
    "fingerprints",
    "missing",
    "override",
    "review",
]
