"""Sources of a register: from a source profile to a document that keeps the rules.

`load_profile` and `load_profiles` read the TOML, `fetch` brings the bytes of the newest release,
from the file system or a site, and `read` makes of them a `Reading`, without any further input or
output. `preview` shows the first of what was read. What can't be read is a `SourceError`.
"""

from trivet.register.sources.errors import ProfileError, SourceError
from trivet.register.sources.fetch import fetch
from trivet.register.sources.preview import Preview, preview
from trivet.register.sources.profile import Profile, load_profile, load_profiles
from trivet.register.sources.read import read
from trivet.register.sources.reading import Counts, Raw, Reading, Rejected, Validators

__all__ = [
    "Counts",
    "Preview",
    "Profile",
    "ProfileError",
    "Raw",
    "Reading",
    "Rejected",
    "SourceError",
    "Validators",
    "fetch",
    "load_profile",
    "load_profiles",
    "preview",
    "read",
]
