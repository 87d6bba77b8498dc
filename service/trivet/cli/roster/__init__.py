"""`trivet roster`: who of a roster or a staff list may deliver which course, row by row.

A row of `trivet batch` is a question. A row here is a session or a member of staff: course codes stand for a provider
and a programme, sites for the organisation that delivers, and several people may teach together. What decides is the
gate of `trivet_client`, as in every other host.
"""
