"""trivet mirrors the register of certified restrictive-practice training and answers from it.

A provider, a programme and a trainer: the answer is a pass only when all three stand.
"""

__version__ = "0.1.0"
