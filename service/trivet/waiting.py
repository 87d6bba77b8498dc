"""Waiting that can be ended."""

import asyncio
from contextlib import suppress


async def ended_within(ended: asyncio.Event, seconds: float) -> bool:
    """Wait for an end, but not longer than some seconds; say whether it came.

    What is done again and again waits so in between: it is never cut off in the middle, with a connection in its hands.
    """
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await ended.wait()
    return ended.is_set()
