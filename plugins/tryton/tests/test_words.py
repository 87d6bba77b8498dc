"""What people read: every sentence of the gate has a message, and every message is translated."""

import itertools
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polib
import pytest
from orders import SUSPENDED, ask, quoted
from trytond.cache import Cache
from trytond.pool import Pool
from trytond.transaction import Transaction

import trivet_tryton.words
from beside import Trivet
from trivet_client.gate import TEMPLATES, Message
from trivet_client.gate.words import CAUSES, FIELDS, LEGS
from trivet_tryton.words import sentence

CATALOGUE = Path(trivet_tryton.words.__file__).parent / "locale" / "de.po"
PARAMS = {
    "day": "2031-03-12",
    "as_of": "2026-03-12T09:30:00+00:00",
    "checked": "2026-03-12T09:30:00+00:00",
    "person": "Ann Example",
    "trainer": "authorisation:AUTH-04",
    "text": "Why.",
}
_PLACE = re.compile(r"%\(\w+\)s")


@contextmanager
def reading(tryton: Any, language: str) -> Iterator[Any]:
    """Read as somebody of a language, in a Tryton that has its translations until the block is left."""
    name = tryton.database_name
    with Transaction().start(name, 0, context={"language": language}) as transaction:
        pool = Pool(name)
        try:
            found, *_ = pool.get("ir.lang").search([("code", "=", language)])
            pool.get("ir.lang").write([found], {"translatable": True})
            if language != "en":
                translations = pool.get("ir.translation")
                translations.translation_import(language, "trivet", [str(CATALOGUE)])
            yield pool
        finally:
            transaction.rollback()
            Cache.drop(name)


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_sentence_of_the_gate_is_said_in_every_language(tryton: Any, language: str) -> None:
    words = itertools.zip_longest(CAUSES, FIELDS, LEGS)
    ages = itertools.cycle(["PT0S", "PT60S", "PT7200S", "PT200000S"])
    with reading(tryton, language):
        for (cause, field, leg), age in zip(words, ages, strict=False):
            named = {"cause": cause, "field": field, "leg": leg, "age": age}
            given = {name: value for name, value in named.items() if value}
            said = {**PARAMS, "cause": "too_slow", "field": "record", "leg": "training", **given}
            for code in TEMPLATES:
                text = sentence(Message(code, said))
                assert text, code
                assert "%(" not in text, text
                assert "msg_" not in text, text


def test_an_english_sentence_says_what_the_gate_says(tryton: Any) -> None:
    said = Message("not_verified", {"day": "2031-03-12", "cause": "too_slow"})
    with Transaction().start(tryton.database_name, 0, context={"language": "en"}):
        found = sentence(said)

    assert found == said.text.replace("12 March 2031", "03/12/2031")


def test_a_word_that_is_not_known_yet_is_said_in_words_that_are(tryton: Any) -> None:
    said = Message("reason", {"leg": "a_leg_of_next_year", "text": "Why."})
    with Transaction().start(tryton.database_name, 0, context={"language": "en"}):
        assert sentence(said) == "The training: Why."


def test_the_german_catalogue_has_everything_that_tryton_exports_for_it(tryton: Any) -> None:
    with reading(tryton, "de") as pool:
        (german,) = pool.get("ir.lang").search([("code", "=", "de")])
        update = pool.get("ir.translation.update", type="wizard")
        wizard = update(update.create()[0])
        wizard.start.language = german
        wizard.do_update({})
        exported = pool.get("ir.translation").translation_export("de", "trivet")

    there_are = {(entry.msgctxt, entry.msgid) for entry in polib.pofile(exported.decode())}
    translated = {
        (entry.msgctxt, entry.msgid) for entry in polib.pofile(str(CATALOGUE)) if entry.translated()
    }
    assert len(there_are) > 200
    assert there_are == translated


def test_a_german_sentence_has_the_places_of_the_english_one() -> None:
    for entry in polib.pofile(str(CATALOGUE)):
        for text in [entry.msgstr, *entry.msgstr_plural.values()]:
            if text:
                assert set(_PLACE.findall(text)) == set(_PLACE.findall(entry.msgid)), entry.msgid


def test_a_refusal_is_read_in_the_language_of_whoever_reads_it(
    tryton: Any, service: Trivet
) -> None:
    ask(service.url, service.key)
    check = quoted(SUSPENDED).certification_checks[0].id
    with reading(tryton, "de") as pool:
        words = pool.get("purchase.certification.check")(check).words

    assert words.startswith("Am 12.03.2031 nicht zertifiziert.\nTrainer (authorisation:AUTH-04): ")
    assert words.endswith("kann es noch einmal ansehen.")
