-- The Lobby: people, conversations, what they hold, and the chain that ties it together.
--
-- Ids are 16 bytes, hashes 32, times milliseconds since 1970 by the server's clock. Sequence numbers
-- count the changes of one conversation: 1, 2, 3 … without a hole.

CREATE TABLE people (
    id        BLOB    NOT NULL PRIMARY KEY,
    name      TEXT,                             -- the display name; none until they choose one
    joined_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE conversations (
    id         BLOB    NOT NULL PRIMARY KEY,
    kind       TEXT    NOT NULL,
    created_ms INTEGER NOT NULL,
    last_seq   INTEGER NOT NULL,                -- the number of the newest change
    head       BLOB    NOT NULL                 -- the chain's head after that change
) STRICT, WITHOUT ROWID;

-- Messages as they stand now, in the order in which a conversation is read.
CREATE TABLE messages (
    conversation_id BLOB    NOT NULL REFERENCES conversations (id),
    seq             INTEGER NOT NULL,           -- the change that created it: its place
    id              BLOB    NOT NULL,           -- minted by its author's client
    author_id       BLOB    NOT NULL REFERENCES people (id),
    changed_seq     INTEGER NOT NULL,           -- the newest change to it
    sent_ms         INTEGER NOT NULL,
    body            TEXT    NOT NULL,           -- JSON of a ChatMessage
    PRIMARY KEY (conversation_id, seq),
    UNIQUE (id)                                 -- a retry is recognised for ever
) STRICT, WITHOUT ROWID;

-- Everything that happened, in order; never changed, never deleted.
CREATE TABLE entries (
    conversation_id BLOB    NOT NULL,
    seq             INTEGER NOT NULL,
    kind            INTEGER NOT NULL,           -- an EntryKind of the chain
    message_seq     INTEGER NOT NULL,           -- the place of the message it happened to
    author_id       BLOB    NOT NULL,           -- who did it
    at_ms           INTEGER NOT NULL,
    digest          BLOB    NOT NULL,           -- of the content it left behind
    head            BLOB    NOT NULL,           -- of the chain, after it
    PRIMARY KEY (conversation_id, seq)
) STRICT, WITHOUT ROWID;

-- What the server must remember about itself, such as the key that signs guests' cookies.
CREATE TABLE secrets (
    name  TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;
