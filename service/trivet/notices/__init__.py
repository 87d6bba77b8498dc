"""Procurement notices in OCDS: which awards are of restrictive-practice training, and what may be asked about them.

Pure: no file, no service and no clock. `trivet.cli.noticing` reads the files, asks and tells.

The way of a notice: `reading` takes releases out of a document, `compiling` makes one of all that was released under an
ocid, `picking` finds the awards by `wording` and CPV, `checks` says what is to be asked of each of their suppliers, and
`judging` what an answer without a trainer says, and what it does not.
"""
