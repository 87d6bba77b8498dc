"""`python -m trivet_lti` is `trivet-lti`."""

from trivet_lti.cli import main

raise SystemExit(main())
