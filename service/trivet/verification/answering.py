"""Answering a caller: the verdict, signed, with what is kept of who asked and of whom."""

from datetime import datetime

import msgspec

from trivet.access.keys import Caller
from trivet.register.index import Known
from trivet.verification.answer import Asking, Verification, answer
from trivet.verification.naming import naming_of, person_of
from trivet.verification.question import Purpose, Question
from trivet.verification.receipts import SigningKeys, receipt_for
from trivet.verification.rules import Sought
from trivet.verification.store import Asked


class Signed(msgspec.Struct, frozen=True):
    """An answer as it is sent, what is kept beside it, and what came of looking up the trainer."""

    verification: Verification
    asked: Asked
    trainer: Sought


class Answering(msgspec.Struct, frozen=True, kw_only=True):
    """Who is answered, under which key names are hashed, and what signs."""

    caller: Caller
    pepper: bytes
    signing: SigningKeys

    def naming(self, question: Question) -> str | None:
        """Return by what the budget knows the trainer asked about; None if nobody is named, or a test key asks."""
        return None if self.caller.test else naming_of(question, self.pepper)

    def answer(self, question: Question, known: Known, identity: str, now: datetime) -> Signed:
        """Answer a question at an instant (UTC) by what was known, and sign what was answered."""
        caller = self.caller
        asking = Asking(
            id=identity,
            now=now,
            purpose=question.purpose or Purpose(caller.purpose),
            accepts_declared=caller.accepts_declared,
        )
        answered = answer(question, known, asking)
        receipt = receipt_for(
            answered.verification,
            question,
            caller.account,
            accepts_declared=caller.accepts_declared,
        )
        looked_up = answered.trainer is not Sought.NOT_LOOKED_UP
        asked = Asked(
            account=caller.account,
            key=caller.key,
            test=caller.test,
            person=person_of(question, self.pepper),
            naming=self.naming(question) if looked_up else None,
        )
        signed = msgspec.structs.replace(answered.verification, receipt=self.signing.sign(receipt))
        return Signed(signed, asked, answered.trainer)
