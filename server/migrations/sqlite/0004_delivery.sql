-- What is changed after it was said, what has reached whom, and what is another since someone last looked.
--
-- A stamp is the number of a batch of changes of the whole server: 1, 2, 3 … It says what changed since.

ALTER TABLE messages ADD COLUMN edited_ms INTEGER;  -- none while the words are the first
ALTER TABLE messages ADD COLUMN salt BLOB;          -- of the digest of the body; erased with it, and none for the oldest

-- What messages said before they were changed, and which change made them say what they say. A message
-- that was never changed has none of these; one that was deleted has the deletion, which says nothing.
CREATE TABLE versions (
    conversation_id BLOB    NOT NULL REFERENCES conversations (id),
    message_seq     INTEGER NOT NULL,           -- the place of the message
    seq             INTEGER NOT NULL,           -- the entry that made it say this
    change_id       BLOB,                       -- minted by the client; the first version has none
    salt            BLOB,                       -- of the digest of the body
    body            TEXT,                       -- JSON of a ChatMessage; erased with the message, as its salt is
    PRIMARY KEY (conversation_id, message_seq, seq),
    UNIQUE (change_id)                          -- a retry is recognised for ever
) STRICT, WITHOUT ROWID;

-- Who was mentioned where, and is told of it.
CREATE TABLE mentions (
    person_id       BLOB    NOT NULL REFERENCES people (id),
    conversation_id BLOB    NOT NULL REFERENCES conversations (id),
    message_seq     INTEGER NOT NULL,
    PRIMARY KEY (person_id, conversation_id, message_seq)
) STRICT, WITHOUT ROWID;

CREATE INDEX mentions_by_message ON mentions (conversation_id, message_seq);

ALTER TABLE read_marks ADD COLUMN delivered_seq INTEGER NOT NULL DEFAULT 0;  -- the newest change that a device of theirs has
ALTER TABLE read_marks ADD COLUMN seen_seq INTEGER NOT NULL DEFAULT 0;  -- the newest that they ever read, also when they count it as unread again

UPDATE read_marks SET delivered_seq = through_seq, seen_seq = through_seq;

ALTER TABLE accounts ADD COLUMN tells_read INTEGER NOT NULL DEFAULT 1;  -- whether others see how far they have read

-- When each of these was another last, as a stamp: what hangs on the conversation, on the person's seat
-- in it, on how far they have read it, and on how a person is seen.
ALTER TABLE conversations ADD COLUMN stamp INTEGER NOT NULL DEFAULT 0;
ALTER TABLE members ADD COLUMN stamp INTEGER NOT NULL DEFAULT 0;
ALTER TABLE read_marks ADD COLUMN stamp INTEGER NOT NULL DEFAULT 0;
ALTER TABLE people ADD COLUMN stamp INTEGER NOT NULL DEFAULT 0;

-- Conversations that someone was in and is no longer, and since when.
CREATE TABLE departures (
    person_id       BLOB    NOT NULL REFERENCES people (id),
    conversation_id BLOB    NOT NULL REFERENCES conversations (id),
    stamp           INTEGER NOT NULL,
    PRIMARY KEY (person_id, conversation_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX departures_in_order ON departures (person_id, stamp);

CREATE INDEX people_by_stamp ON people (stamp);

-- All that a list asks of whoever is in thousands of conversations, without a look at each seat.
DROP INDEX members_by_person;
CREATE INDEX members_by_person ON members (person_id, conversation_id, rank, stamp);

-- 1: the newest stamp. 2: that of the newest change that is told to nobody and may be another list for
-- everyone: who was away since before it is told of everything.
CREATE TABLE stamps (
    id     INTEGER NOT NULL PRIMARY KEY,
    newest INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO stamps (id, newest) VALUES (1, 0), (2, 0);
