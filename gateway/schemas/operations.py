"""Dead letters and replays of one service."""

from gateway.schemas import shown, taken
from gateway.schemas.paging import PageAsked

MOST_AT_ONCE = 200


class DeadLettersAsked(PageAsked):
    type = taken.Id()
    reason = taken.Id()


class DeadLetter(shown.Shown):
    event_id = shown.Id()
    type = shown.Text("full name of the event")
    subject = shown.Text("the id of what it is about")
    reason = shown.Text("refused, exhausted, unreadable, unknown_type, delivery_limit")
    handler = shown.Text()
    attempt = shown.Count()
    died_at = shown.Text("ISO 8601; null when the broker moved it")
    first_error = shown.Text()
    last_error = shown.Text()
    traceparent = shown.Text("W3C trace of the request behind the event")


DeadLetters = shown.page_of(DeadLetter, "letters", waiting=shown.Count())


class DeadLetterInFull(shown.Shown):
    letter = shown.Part(DeadLetter)
    headers = shown.Pairs()
    body = shown.Text("as it was published; bytes that are not UTF-8 are replaced")


class LettersNamed(taken.Strict):
    event_ids = taken.Words(taken.Id(required=True), least=1, most=MOST_AT_ONCE, required=True)


class LettersDiscarded(LettersNamed):
    reason = taken.Id(required=True)


class SettledLetter(shown.Shown):
    event_id = shown.Id()
    outcome = shown.Text("replayed, discarded, not_there")


class SettledLetters(shown.Shown):
    settled = shown.Parts(SettledLetter)


class NewReplay(taken.Strict):
    queue = taken.Id(required=True)
    types = taken.Words(taken.Id(required=True), most=100)
    subject = taken.Id()
    first = taken.Count(1, 2**53)
    last = taken.Count(1, 2**53)
    since = taken.Moment()
    until = taken.Moment()
    rate = taken.Count(0, 1_000_000)


class EventReplay(shown.Shown):
    replay_id = shown.Id()
    queue = shown.Text()
    types = shown.Words()
    subject = shown.Text("null: all")
    first = shown.Count()
    last = shown.Count()
    rate = shown.Count()
    position = shown.Count()
    sent = shown.Count()
    state = shown.Text("running, done, failed, cancelled")
    problem = shown.Text("why it failed, or waits")
    requested_by = shown.Text()
    requested_at = shown.Moment()
    ended_at = shown.Moment()


EventReplays = shown.page_of(EventReplay, "replays")
