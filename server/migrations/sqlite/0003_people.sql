-- Who belongs to what and to whom: members, groups, the talk of two, friends, how far everyone has read.
--
-- A rank is 1 for a member, 2 for an administrator, 3 for the owner.

ALTER TABLE people ADD COLUMN picture BLOB;

ALTER TABLE accounts ADD COLUMN name_key TEXT NOT NULL DEFAULT '';  -- the display name as it is sorted and searched

CREATE INDEX accounts_by_name ON accounts (name_key, person_id);
CREATE INDEX accounts_by_email ON accounts (lower(email));
CREATE INDEX people_by_picture ON people (picture);

ALTER TABLE conversations ADD COLUMN active_ms INTEGER NOT NULL DEFAULT 0;  -- when its newest change happened, or it came to be

UPDATE conversations SET active_ms = COALESCE(
    (SELECT MAX(sent_ms) FROM messages WHERE messages.conversation_id = conversations.id), created_ms);

CREATE INDEX conversations_by_kind ON conversations (kind, created_ms, id);

-- Everyone who has a seat somewhere; the Lobby has no members, for everyone has one there.
CREATE TABLE members (
    conversation_id BLOB    NOT NULL REFERENCES conversations (id),
    person_id       BLOB    NOT NULL REFERENCES people (id),
    rank            INTEGER NOT NULL,
    joined_ms       INTEGER NOT NULL,
    PRIMARY KEY (conversation_id, person_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX members_by_person ON members (person_id, conversation_id);
CREATE INDEX members_in_order ON members (conversation_id, rank DESC, joined_ms, person_id);

-- The talk of two people, once for each pair: the smaller id first. One's notes are a pair with oneself.
CREATE TABLE pairs (
    low_id          BLOB NOT NULL REFERENCES people (id),
    high_id         BLOB NOT NULL REFERENCES people (id),
    conversation_id BLOB NOT NULL REFERENCES conversations (id),
    PRIMARY KEY (low_id, high_id),
    UNIQUE (conversation_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX pairs_by_high ON pairs (high_id);

CREATE TABLE groups (
    conversation_id BLOB    NOT NULL PRIMARY KEY REFERENCES conversations (id),
    name            TEXT    NOT NULL,
    name_key        TEXT    NOT NULL,           -- the name as it is sorted and searched
    about           TEXT    NOT NULL,
    picture         BLOB,
    is_public       INTEGER NOT NULL,
    member_count    INTEGER NOT NULL,
    archived_ms     INTEGER                     -- none while it is alive
) STRICT, WITHOUT ROWID;

CREATE INDEX groups_listed ON groups (is_public, archived_ms, name_key, conversation_id);
CREATE INDEX groups_by_picture ON groups (picture);

CREATE TABLE bans (
    conversation_id BLOB    NOT NULL REFERENCES conversations (id),
    person_id       BLOB    NOT NULL REFERENCES people (id),
    banned_by       BLOB    NOT NULL REFERENCES people (id),
    banned_ms       INTEGER NOT NULL,
    PRIMARY KEY (conversation_id, person_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX bans_in_order ON bans (conversation_id, banned_ms, person_id);

CREATE TABLE group_invitations (
    id              BLOB    NOT NULL PRIMARY KEY,
    conversation_id BLOB    NOT NULL REFERENCES conversations (id),
    hash            BLOB    NOT NULL,
    made_by         BLOB    NOT NULL REFERENCES people (id),
    created_ms      INTEGER NOT NULL,
    expires_ms      INTEGER NOT NULL,
    uses_left       INTEGER NOT NULL,
    UNIQUE (hash)
) STRICT, WITHOUT ROWID;

CREATE INDEX group_invitations_by_group ON group_invitations (conversation_id, created_ms);

-- How one person stands to another, as that one person sees it.
CREATE TABLE relations (
    person_id  BLOB    NOT NULL REFERENCES people (id),
    other_id   BLOB    NOT NULL REFERENCES people (id),
    state      TEXT    NOT NULL,                -- none, outgoing, incoming, friend
    since_ms   INTEGER NOT NULL,                -- when that came to be
    blocked_ms INTEGER,                         -- none while they are not blocked
    remark     TEXT,                            -- the name by which the one knows the other
    PRIMARY KEY (person_id, other_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX relations_by_state ON relations (person_id, state, since_ms);
CREATE INDEX relations_by_other ON relations (other_id, person_id);

-- How far a person has read a conversation, on whichever device.
CREATE TABLE read_marks (
    person_id       BLOB    NOT NULL REFERENCES people (id),
    conversation_id BLOB    NOT NULL REFERENCES conversations (id),
    through_seq     INTEGER NOT NULL,
    PRIMARY KEY (person_id, conversation_id)
) STRICT, WITHOUT ROWID;

-- Pictures of people and groups, as they were encoded anew. The id is a digest of what is kept.
CREATE TABLE pictures (
    id         BLOB    NOT NULL PRIMARY KEY,
    image      BLOB    NOT NULL,
    created_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
