"""What the certification body confirmed to the operator, record by record (`certifier_confirmed`).

`asked.py` says what may be said, `records.py` which record that confirms, `references.py` what the record has to refer
to, and `doubts.py` what to look at again. `table.py` keeps the evidence. `recording.py` and `ending.py` publish it,
through `desk.py`, as the statements of a source of its own.
"""
