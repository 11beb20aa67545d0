// What a consumer remembers: which events it has applied, and the newest word on each subject.

import { DatabaseSync } from "node:sqlite";

const TABLES = `
  CREATE TABLE IF NOT EXISTS applied (event_id TEXT PRIMARY KEY);
  CREATE TABLE IF NOT EXISTS newest (
    type TEXT, subject TEXT, sequence TEXT, body TEXT, PRIMARY KEY (type, subject)
  );
`;
const NOTE = "INSERT OR IGNORE INTO applied VALUES (?)";
const KEEP = `
  INSERT INTO newest VALUES (?, ?, ?, ?)
  ON CONFLICT DO UPDATE SET sequence = excluded.sequence, body = excluded.body
  WHERE excluded.sequence > newest.sequence
`;

// A database of one's own. SQLite stands for whatever the system has.
export class Ledger {
  #database;

  constructor(path) {
    this.#database = new DatabaseSync(path);
    this.#database.exec(TABLES);
  }

  // The id and its effect in one transaction; false when it was applied before.
  apply(event) {
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      const fresh = this.#database.prepare(NOTE).run(event.id).changes > 0;
      if (fresh) {
        const { type, subject, sequence, data } = event;
        this.#database.prepare(KEEP).run(type, subject, sequence, JSON.stringify(data));
      }
      this.#database.exec("COMMIT");
      return fresh;
    } catch (error) {
      this.#database.exec("ROLLBACK");
      throw error;
    }
  }
}
