-- Accounts: who may come back, from where, with what, and whom they may let in.
--
-- Secrets are kept as their SHA-256, passwords as PHC strings. Who deleted their account stays in
-- `people` without a name, for what they wrote stays.

ALTER TABLE people ADD COLUMN deleted_ms INTEGER;

CREATE TABLE accounts (
    person_id        BLOB    NOT NULL PRIMARY KEY REFERENCES people (id),
    user_name        TEXT    NOT NULL,          -- as it is shown
    user_name_key    TEXT    NOT NULL,          -- the same for all names that look like it
    password_hash    TEXT    NOT NULL,
    email            TEXT,
    role             TEXT    NOT NULL,          -- owner, administrator, member
    about            TEXT    NOT NULL,
    status           TEXT    NOT NULL,
    created_ms       INTEGER NOT NULL,
    deactivated_ms   INTEGER,                   -- none while it is active
    totp_key         BLOB,                      -- none without a second factor
    totp_enabled_ms  INTEGER,                   -- none while it is only begun
    totp_step        INTEGER NOT NULL,          -- the newest step whose code was used
    reset_hash       BLOB,                      -- of the code that sets a new password
    reset_expires_ms INTEGER,
    UNIQUE (user_name_key)
) STRICT, WITHOUT ROWID;

CREATE TABLE recovery_codes (
    person_id BLOB NOT NULL REFERENCES accounts (person_id),
    hash      BLOB NOT NULL,
    PRIMARY KEY (person_id, hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
    id           BLOB    NOT NULL PRIMARY KEY,
    person_id    BLOB    NOT NULL REFERENCES accounts (person_id),
    hash         BLOB    NOT NULL,
    device       TEXT    NOT NULL,
    created_ms   INTEGER NOT NULL,
    last_used_ms INTEGER NOT NULL,              -- to the hour or so
    UNIQUE (hash)
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_by_person ON sessions (person_id, last_used_ms);

CREATE TABLE tokens (
    id           BLOB    NOT NULL PRIMARY KEY,
    person_id    BLOB    NOT NULL REFERENCES accounts (person_id),
    hash         BLOB    NOT NULL,
    name         TEXT    NOT NULL,
    scope        TEXT    NOT NULL,              -- read, write, manage
    created_ms   INTEGER NOT NULL,
    last_used_ms INTEGER,                       -- none while it was never used
    expires_ms   INTEGER,                       -- none for never
    UNIQUE (hash)
) STRICT, WITHOUT ROWID;

CREATE INDEX tokens_by_person ON tokens (person_id, created_ms);

CREATE TABLE invitations (
    id         BLOB    NOT NULL PRIMARY KEY,
    hash       BLOB    NOT NULL,
    made_by    BLOB    NOT NULL REFERENCES people (id),
    created_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL,
    uses_left  INTEGER NOT NULL,
    UNIQUE (hash)
) STRICT, WITHOUT ROWID;

-- What the owner set; what is not here is as it is from the start.
CREATE TABLE settings (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
