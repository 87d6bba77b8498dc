"""Reading what was fetched, by the kind that the profile states."""

from trivet.register.sources.csv import read_csv
from trivet.register.sources.html import read_html
from trivet.register.sources.json import read_json
from trivet.register.sources.profile import Profile
from trivet.register.sources.reading import Raw, Reading
from trivet.register.sources.xlsx import read_xlsx

_READERS = {"json": read_json, "csv": read_csv, "xlsx": read_xlsx, "html": read_html}


def read(profile: Profile, raw: Raw) -> Reading:
    """Return what a release says.

    Raises:
        SourceError: the release is refused whole; names file, place and reason.
    """
    return _READERS[profile.kind](profile, raw)
