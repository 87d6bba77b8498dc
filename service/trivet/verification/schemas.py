"""What JSON Schema can say of a question beyond its types: lengths, counts, and the form of each scheme.

The rules themselves are in `question.faults`, which names every field at fault; this is only how the
OpenAPI document tells them. It can't tell which words of scope the register uses, how far from today
a day may lie, nor that a name of nothing but punctuation is none.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

import msgspec

from trivet.register.identifiers import DIRECTIONAL, FORMS, MAX_TEXT, Identifier, Scheme
from trivet.verification.question import (
    LONGEST_REFERENCE,
    MOST_EVIDENCE,
    MOST_IDENTIFIERS,
    MOST_MODULES,
    YEARS_AROUND_TODAY,
    ProgrammeReference,
    Question,
    Scope,
    TrainerReference,
)
from trivet.verification.requirements import MODULES, NATIONS, POPULATIONS, SETTINGS

Shape = Mapping[str, Any]

# Written as escapes, for a document that shows such characters would itself be hard to read.
_UNFIT = r"\u0000-\u001f\u007f-\u009f" + "".join(f"\\u{ord(c):04x}" for c in sorted(DIRECTIONAL))
# White space that is fit: it is taken off.
_AROUND = r"[^\S\u0000-\u001f\u0085\ufeff]*"
_TEXT = rf"^{_AROUND}[^\s{_UNFIT}][^{_UNFIT}]*$"


def _text(longest: int = MAX_TEXT, **stated: Any) -> Shape:
    return {"maxLength": longest, "pattern": _TEXT, **stated}


def _forms(schemes: Mapping[str, Scheme]) -> Iterator[Shape]:
    """Say what form a value has under each scheme that fixes one."""
    for name, scheme in schemes.items():
        if scheme in FORMS:
            pattern, words = FORMS[scheme]
            value = {"pattern": f"^{_AROUND}({pattern.pattern}){_AROUND}$", "description": words}
            yield {
                "if": {"properties": {"scheme": {"const": name}}},
                "then": {"properties": {"value": value}},
            }


def _words(known: Mapping[str, str], of: str) -> Shape:
    described = f"A {of}: a known word or one that the register uses."
    return {"description": described, "examples": [*known]}


def _named(schemes: Mapping[str, Scheme], **fields: Shape) -> Shape:
    return {"properties": {"value": _text(), **fields}, "allOf": [*_forms(schemes)]}


_IDENTIFIER = {"$ref": "#/components/schemas/Identifier"}
_REGISTER = {"register": Scheme.REGISTER}
SHAPES: Mapping[type[msgspec.Struct], Shape] = MappingProxyType(
    {
        Identifier: _named({scheme.value: scheme for scheme in Scheme}),
        ProgrammeReference: _named(_REGISTER),
        TrainerReference: _named(
            _REGISTER, familyName=_text(description="Must match; it is neither kept nor quoted.")
        ),
        Scope: {
            "properties": {
                "setting": _words(SETTINGS, "setting"),
                "nation": _words(NATIONS, "nation"),
                "population": _words(POPULATIONS, "population"),
                "modules": {
                    "maxItems": MOST_MODULES,
                    "description": f"Modules, all of them wanted, such as {', '.join(MODULES)}.",
                },
            }
        },
        Question: {
            "properties": {
                "provider": {
                    "oneOf": [
                        _IDENTIFIER,
                        {
                            "type": "array",
                            "items": _IDENTIFIER,
                            "minItems": 1,
                            "maxItems": MOST_IDENTIFIERS,
                        },
                    ],
                    "description": "One identifier, or several that must agree.",
                },
                "deliveredOn": {
                    "description": "A Europe/London day, today by default, "
                    f"within {YEARS_AROUND_TODAY} years of today."
                },
                "knownAt": {
                    "description": "What the mirror knew then answers; now by default, never later."
                },
                "maxAge": {
                    "description": "How old a source may be at most, as an ISO 8601 duration.",
                    "format": "duration",
                    "examples": ["P1D", "PT12H"],
                },
                "deliveredBy": {
                    "description": "The organisation that delivers; the provider by default."
                },
                "evidence": {
                    "maxItems": MOST_EVIDENCE,
                    "description": "What the supplier offered as proof.",
                },
                "reference": _text(
                    LONGEST_REFERENCE, description="The caller's own, given back and looked up by."
                ),
                "purpose": {"description": "The key's own by default."},
            }
        },
    }
)


def one_of(words: Mapping[str, str]) -> dict[str, Any]:
    """Return the keywords for a text that is one of some words.

    No enumeration: a client made when there were fewer words could not ask with a newer one.
    """
    return {"pattern": f"^({'|'.join(words)})$", "examples": [*words]}
