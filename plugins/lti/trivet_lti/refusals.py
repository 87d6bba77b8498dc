"""Why a launch or a page is refused: a code for the log, and what a person reads."""

from collections.abc import Mapping

_AGAIN = "Go back to your course and open the page from there."
_OPERATOR = "Tell whoever runs this tool; the code below says what to look at."

REASONS: Mapping[str, tuple[str, str]] = {
    "platform_unknown": ("This learning platform is not registered here.", _OPERATOR),
    "login_incomplete": (
        "The learning platform did not say all that opening a page takes.",
        _OPERATOR,
    ),
    "target_not_ours": (
        "The link in your course leads somewhere that this tool does not have.",
        _OPERATOR,
    ),
    "state_unknown": ("This page was opened before, or too long ago.", _AGAIN),
    "platform_refused": ("The learning platform did not let you in.", _AGAIN),
    "token_malformed": ("What the learning platform sent can't be read.", _OPERATOR),
    "token_algorithm": (
        "What the learning platform sent is not signed as it has to be.",
        _OPERATOR,
    ),
    "token_key": (
        "What the learning platform sent is signed with a key that is not the platform's.",
        _OPERATOR,
    ),
    "token_signature": ("What the learning platform sent was not signed by it.", _OPERATOR),
    "token_issuer": ("What arrived was issued by another platform.", _OPERATOR),
    "token_audience": ("What arrived was meant for another tool.", _OPERATOR),
    "token_time": ("What the learning platform sent is not valid now.", _AGAIN),
    "token_nonce": ("What arrived belongs to another opening of the page.", _AGAIN),
    "deployment_unknown": (
        "This tool is not registered for this part of the learning platform.",
        _OPERATOR,
    ),
    "version_unknown": ("The learning platform speaks another version of LTI than 1.3.", _OPERATOR),
    "message_unknown": (
        "The learning platform asked for something that this tool does not do.",
        _OPERATOR,
    ),
    "claims_missing": (
        "The learning platform did not say who you are, or which course this is.",
        _OPERATOR,
    ),
    "keys_unavailable": ("The learning platform's keys can't be read at present.", _AGAIN),
    "return_not_the_platforms": (
        "The choice would be sent to an address that is not the platform's.",
        _OPERATOR,
    ),
    "link_not_accepted": ("The learning platform takes no link in this place.", _AGAIN),
    "role": (
        "This page is for those who teach or manage the course.",
        "Ask them if you need to know.",
    ),
    "session_over": ("You were away for a while, so this page is closed.", _AGAIN),
    "not_allowed": (
        "Only a manager or an administrator of the course may do that.",
        "Ask one of them to do it.",
    ),
    "page_unknown": ("There is no such page.", _AGAIN),
    "request_unreadable": ("What was sent can't be read.", _AGAIN),
    "broken": ("Something went wrong in this tool.", _OPERATOR),
    "own_review": ("You can't review a verdict about yourself.", "Ask a colleague to review it."),
}
"""What a person reads, by the code: what is the matter, and what to do now."""


class Refused(Exception):
    """Something is refused; `code` is one of `REASONS`. Nothing that was sent is in the message."""

    def __init__(self, code: str, status: int = 400) -> None:
        super().__init__(code)
        self.code, self.status = code, status
        self.what, self.now = REASONS[code]
