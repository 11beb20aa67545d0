"""What the feed of events is asked for."""

from gateway.feed.hints import PERMISSIONS
from gateway.schemas import taken
from gateway.sentences import Sentence

ONE = f"({'|'.join(PERMISSIONS)})"


class Kinds(taken.Text):
    """Types of hints, separated by commas."""

    pattern = f"^{ONE}(,{ONE}){{0,{len(PERMISSIONS) - 1}}}$"
    longest = None
    complaint = Sentence(
        f"Must be some of {', '.join(PERMISSIONS)}, separated by commas",
        f"只能是 {'、'.join(PERMISSIONS)}，以逗号分隔",
    )


class EventsAsked(taken.Strict):
    types = Kinds()
    subject = taken.Id()
