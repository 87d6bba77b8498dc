from enum import StrEnum


class State(StrEnum):
    BROKEN_OFF = "broken_off"
    COMPLETE = "complete"
    RUNNING = "running"

    def __str__(self) -> str:
        return str(self.value)
