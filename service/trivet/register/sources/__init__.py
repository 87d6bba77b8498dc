"""Sources of a register: from a source profile to a document that keeps the rules.

`load_profile` and `load_profiles` read the TOML, `fetch` brings the bytes of the newest release,
and `read` makes of them a `Reading`, without any further input or output. What can't be read is a
`SourceError`.
"""

from trivet.register.sources.errors import ProfileError, SourceError
from trivet.register.sources.files import fetch
from trivet.register.sources.profile import Profile, load_profile, load_profiles
from trivet.register.sources.read import read
from trivet.register.sources.reading import Counts, Raw, Reading, Rejected

__all__ = [
    "Counts",
    "Profile",
    "ProfileError",
    "Raw",
    "Reading",
    "Rejected",
    "SourceError",
    "fetch",
    "load_profile",
    "load_profiles",
    "read",
]
