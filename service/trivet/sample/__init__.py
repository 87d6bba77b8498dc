"""The bundled sample register: every organisation and person in it is fictional, and it can show nearly every answer.

`sample.toml` in `FOLDER` is its source profile, `register.json` the document that the profile reads.
"""

from pathlib import Path

FOLDER = Path(__file__).parent
"""Where the profile and the document lie."""
