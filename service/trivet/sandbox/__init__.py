"""What a test key sees: a fictional register that has a way to ask for every reason code, on whatever day.

`situations.py` says what is the matter with which provider, `records.py` turns that into records, `sources.py` says who
states them, and `registers.py` makes the registers that questions are asked of. Pure: today is an argument.
"""

from trivet.sandbox.registers import (
    FIRST_SNAPSHOT,
    Registers,
    Sandbox,
    SandboxRegister,
    registers_on,
)

__all__ = ["FIRST_SNAPSHOT", "Registers", "Sandbox", "SandboxRegister", "registers_on"]
