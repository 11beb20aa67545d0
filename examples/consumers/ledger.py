"""What a consumer remembers: which events it has applied, and the newest word on each subject."""

import json
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

PREFIX = "cloudEvents:"
TABLES = """
CREATE TABLE IF NOT EXISTS applied (event_id TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS newest (
    type TEXT, subject TEXT, sequence TEXT, body TEXT, PRIMARY KEY (type, subject)
);
"""
NOTE = "INSERT OR IGNORE INTO applied VALUES (?)"
KEEP = """
INSERT INTO newest VALUES (:type, :subject, :sequence, :body)
ON CONFLICT DO UPDATE SET sequence = excluded.sequence, body = excluded.body
WHERE excluded.sequence > newest.sequence
"""


class Ledger:
    """A database of one's own. SQLite stands for whatever the system has."""

    def __init__(self, path: Path) -> None:
        self._database = sqlite3.connect(path)
        self._database.executescript(TABLES)

    def apply(self, headers: Mapping[str, Any], body: bytes) -> bool:
        """The id and its effect in one transaction; False when it was applied before.

        Raise ValueError when it is no event, so that it goes to the dead letters.
        """
        told = {name.removeprefix(PREFIX): headers[name] for name in headers}
        missing = {"id", "type", "subject", "sequence"} - told.keys()
        if missing:
            raise ValueError(f"attributes are missing: {', '.join(sorted(missing))}")
        content = json.dumps(json.loads(body), ensure_ascii=False, sort_keys=True)
        with self._database:
            if not self._database.execute(NOTE, [told["id"]]).rowcount:
                return False
            self._database.execute(KEEP, {**told, "body": content})
        return True

    def close(self) -> None:
        self._database.close()
