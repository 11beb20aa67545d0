"""The time machine: events of a log once more, for one consumer, without disturbing others."""
