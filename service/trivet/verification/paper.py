"""An answer as one A4 page to put on file: PDF/A-2a and PDF/UA-1, the same bytes for the same answer.

`receipt_page` says what stands on it; `receipt.typ` sets it, and sees to it that it is one page. What came from
outside reaches the template as data, never as source, and the only fonts are those that typst brings along.
"""

from pathlib import Path

import msgspec

from trivet.verification.answer import Verification
from trivet.verification.question import Question
from trivet.verification.receipt_page import page_of

_TEMPLATE = Path(__file__).with_name("receipt.typ")


class NotInstalled(Exception):
    """What makes the page is not installed; the message says how to install it."""


def receipt_pdf(
    verification: Verification,
    question: Question,
    receipt: str,
    address: str,
    operator: str | None,
) -> bytes:
    """Return an answer as a PDF of exactly one A4 page.

    `receipt` is the answer's compact JWS, of which the page gives the SHA-256. `address` is the URL at which the
    verification can be read again. `operator` is who runs the mirror, None if they gave no name. A family name
    in the question is left out. The work takes tens of milliseconds and never waits: give it a thread.

    Raises:
        NotInstalled: the extra `pdf` is not installed.
    """
    try:
        import segno  # noqa: PLC0415 (only who asks for paper needs the extra)
        import typst  # noqa: PLC0415
    except ModuleNotFoundError:
        raise NotInstalled(
            "receipts can't be made as PDF here: pip install 'trivet[pdf]' adds what is missing"
        ) from None
    page = page_of(verification, question, receipt, address, operator)
    return typst.compile(
        _TEMPLATE,
        root=_TEMPLATE.parent,
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={
            "page": msgspec.json.encode(page).decode(),
            "code": segno.make(address, error="m", micro=False).svg_inline(),
        },
        pdf_standards=["a-2a", "ua-1"],
        timestamp=int(verification.checked_at.timestamp()),
    )
