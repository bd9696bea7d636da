//! Every number that bounds something, with its unit. It does not know who enforces which.
//!
//! A bound that both ends compile cannot drift apart. Past a bound there is always a typed refusal
//! that names it (see [`crate::protocol::Refusal`]); nothing is cut off or dropped in silence.

/// The version of the wire that this build speaks. Raised when an older page would misread an event.
pub const PROTOCOL_VERSION: u32 = 1;

// ---- What crosses the wire ----

/// Largest command that is read and answered, in bytes. Four times the largest text, because JSON may escape it.
pub const COMMAND_BYTES_MAX: usize = 64 * 1024;
/// Largest message that the server receives at all, in bytes, in one frame or in several; a larger one ends the connection
/// with code 1009.
pub const FRAME_BYTES_MAX: usize = 256 * 1024;
/// Largest body of an HTTP request, in bytes.
pub const BODY_BYTES_MAX: usize = 64 * 1024;
/// Largest sequence number: the largest integer that JavaScript holds exactly, 2^53 - 1.
pub const SEQ_MAX: u64 = (1 << 53) - 1;

// ---- What people write ----

/// Longest text of a message, in bytes of UTF-8.
pub const TEXT_BYTES_MAX: usize = 16 * 1024;
/// Longest display name, in characters.
pub const NAME_CHARS_MAX: usize = 40;

/// Changes to the words of one message.
pub const EDITS_MAX: usize = 500;
/// People whom one message can mention; further ones are not told of it.
pub const MENTIONS_MAX: usize = 50;

// ---- Accounts ----

/// Shortest user name, in characters.
pub const USER_NAME_CHARS_MIN: usize = 2;
/// Longest user name, in characters.
pub const USER_NAME_CHARS_MAX: usize = 32;
/// Shortest password, in characters.
pub const PASSWORD_CHARS_MIN: usize = 8;
/// Longest password, in bytes of UTF-8: enough for any sentence, too little to keep the server busy.
pub const PASSWORD_BYTES_MAX: usize = 1024;
/// Longest address of e-mail, in bytes (RFC 5321, section 4.5.3.1.3).
pub const EMAIL_BYTES_MAX: usize = 254;
/// Longest text that a person says about themselves, in characters.
pub const ABOUT_CHARS_MAX: usize = 500;
/// Longest status, in characters.
pub const STATUS_CHARS_MAX: usize = 80;
/// Longest description of a device, in characters.
pub const DEVICE_CHARS_MAX: usize = 60;
/// Devices that one person may be signed in on; one more signs out the one that was used least lately.
pub const SESSIONS_MAX: usize = 50;
/// Milliseconds after which a session that nobody used ends: 90 days.
pub const SESSION_UNUSED_MAX_MS: u64 = 90 * 24 * 3_600_000;
/// Milliseconds after which a further use of a session or token is noted.
pub const USE_NOTED_AFTER_MS: u64 = 3_600_000;
/// Tokens that one person may have.
pub const TOKENS_MAX: usize = 50;
/// Invitations that may hold at one time.
pub const INVITATIONS_MAX: usize = 200;
/// People who may register with one invitation.
pub const INVITATION_USES_MAX: u32 = 1_000;
/// Milliseconds until a token or an invitation must have expired, where it expires: 366 days.
pub const EXPIRY_MAX_MS: u64 = 366 * 24 * 3_600_000;
/// Milliseconds for which a code that sets a new password holds.
pub const RESET_CODE_HOLDS_MS: u64 = 3_600_000;
/// Recovery codes that stand for a second factor.
pub const RECOVERY_CODES: usize = 10;

// ---- Friends and groups ----

/// Friends that one person may have.
pub const FRIENDS_MAX: usize = 5_000;
/// Requests to be friends that one person may have open towards others.
pub const REQUESTS_OPEN_MAX: usize = 100;
/// People whom one person may have blocked.
pub const BLOCKED_MAX: usize = 5_000;
/// Groups that one person may be the owner of.
pub const GROUPS_OWNED_MAX: usize = 500;
/// Members of one group.
pub const MEMBERS_MAX: usize = 50_000;
/// People who can be brought into a group at once.
pub const PEOPLE_ADDED_MAX: usize = 100;
/// Those of the people brought into a group at once who come by name with the notice of it; for the others, one asks.
pub const PEOPLE_ADDED_NAMED_MAX: usize = 3;
/// Invitations into one group that may hold at one time.
pub const GROUP_INVITATIONS_MAX: usize = 50;
/// Largest picture that is read, in bytes of its file.
pub const PICTURE_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Largest picture that is read, in pixels along either side: more is a bomb and no portrait.
pub const PICTURE_PIXELS_MAX: u32 = 8_192;
/// Pixels of a picture that is read, in all: those of a good camera, and as much memory as one may cost.
pub const PICTURE_AREA_MAX: u64 = 5_000 * 5_000;
/// Bytes that reading one picture may take besides its pixels, in whatever its format needs.
pub const PICTURE_WORK_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// Pixels along each side of a picture as it is kept.
pub const PICTURE_KEPT_PIXELS: u32 = 256;
/// Pictures that are worked on at one time.
pub const PICTURES_AT_ONCE_MAX: usize = 2;
/// Milliseconds that a picture waits for its turn before its request is refused.
pub const PICTURE_WAIT_MAX_MS: u64 = 5_000;
/// Pictures that are received at one time.
pub const PICTURES_RECEIVED_MAX: usize = 16;
/// Milliseconds within which a picture must have come.
pub const PICTURE_RECEIVED_WITHIN_MS: u64 = 60_000;
/// Names by which one person may know others.
pub const REMARKS_MAX: usize = 5_000;

// ---- Letters ----

/// Letters that wait to be sent.
pub const LETTERS_WAITING_MAX: usize = 200;
/// Letters that are sent at one time.
pub const LETTERS_AT_ONCE_MAX: usize = 4;
/// Milliseconds that sending one letter may take.
pub const LETTER_TIMEOUT_MS: u64 = 60_000;
/// Accounts of one address to which a letter is written.
pub const LETTER_ACCOUNTS_MAX: usize = 5;
/// Letters that can be asked for at once for one account before the rate counts.
pub const LETTERS_BURST_MAX: u32 = 3;
/// Milliseconds after which one more letter for an account is accepted.
pub const LETTER_INTERVAL_MS: u64 = 600_000;

// ---- Guessing ----

/// Passwords that are worked on at one time; each takes 19 MiB and a core.
pub const PASSWORDS_AT_ONCE_MAX: usize = 4;
/// Milliseconds that a password waits for its turn before its request is refused.
pub const PASSWORD_WAIT_MAX_MS: u64 = 3_000;
/// Attempts at the secrets of one account that are accepted at once before the rate counts.
pub const ACCOUNT_ATTEMPTS_BURST_MAX: u32 = 10;
/// Milliseconds after which one more attempt at an account is accepted.
pub const ACCOUNT_ATTEMPT_INTERVAL_MS: u64 = 30_000;
/// Attempts from one address that are accepted at once before the rate counts.
pub const ADDRESS_ATTEMPTS_BURST_MAX: u32 = 50;
/// Milliseconds after which one more attempt from an address is accepted.
pub const ADDRESS_ATTEMPT_INTERVAL_MS: u64 = 5_000;
/// Addresses that are read of those a request was forwarded for, from the last proxy's on.
pub const PROXY_HOPS_MAX: usize = 32;
/// Accounts or addresses whose attempts are counted at one time.
pub const ATTEMPTS_COUNTED_MAX: usize = 100_000;

// ---- Pages ----

/// Messages in one page of history or of changes.
pub const PAGE_MESSAGES_MAX: usize = 50;
/// Entries in one page of those that prove what was told.
pub const PAGE_ENTRIES_MAX: usize = 500;
/// Bytes of message bodies in one page; it ends early rather than be larger.
pub const PAGE_BYTES_MAX: usize = 128 * 1024;
/// People in one page of those who have an account.
pub const PAGE_PEOPLE_MAX: usize = 100;
/// People who can be asked about in one command.
pub const PEOPLE_ASKED_MAX: usize = 100;
/// Conversations in one page of their list.
pub const PAGE_CONVERSATIONS_MAX: usize = 50;
/// Conversations that someone was in and is no longer, and people who are seen otherwise, of each at most
/// so many are told to whoever asks what changed since; when there are more, they are told of everything.
pub const CHANGED_TOLD_MAX: usize = 200;
/// People in one page of contacts, members or found people.
pub const PAGE_CONTACTS_MAX: usize = 50;
/// Members of a group that are looked at for one page of those with some name; it ends early rather than look at more.
pub const MEMBERS_SEARCHED_MAX: usize = 5_000;
/// Groups in one page of those that are listed.
pub const PAGE_GROUPS_MAX: usize = 50;
/// Unread messages that are counted; more are shown as "so many and more".
pub const UNREAD_COUNTED_MAX: u32 = 100;
/// People whom one connection may watch at one time.
pub const PEOPLE_WATCHED_MAX: usize = 200;
/// People who are listed as present; in a larger conversation only their number is told.
pub const PRESENCE_LISTED_MAX: usize = 200;
/// Marks of what has reached a device that one command says.
pub const DELIVERED_MARKS_MAX: usize = 100;
/// Members of a group in which everyone is told of everyone what reached them; in a larger one it is counted.
pub const RECEIPTS_MEMBERS_MAX: u32 = 50;
/// People who are named as typing at one time.
pub const TYPING_LISTED_MAX: usize = 5;

/// Stamps of one life of a server's data. Data that was brought back from a backup goes on in the next life: what
/// was told in the one that is lost means nothing there.
pub const STAMPS_OF_ONE_LIFE: u64 = 1 << 40;

// ---- Rates ----

/// Commands that one connection may send in a second, of any kind.
pub const COMMANDS_PER_SECOND_MAX: u32 = 100;
/// Commands that one connection may send at once before the rate counts.
pub const COMMANDS_BURST_MAX: u32 = 400;
/// Messages that one person may write in a second, unless the operator sets another rate.
pub const MESSAGES_PER_SECOND_MAX: u32 = 50;
/// Seconds' worth of messages that one person may write at once before the rate counts.
pub const MESSAGES_BURST_SECS: u32 = 4;
/// Refused commands in a row after which a connection is closed: the program at the other end does not listen.
pub const REFUSALS_IN_A_ROW_MAX: u32 = 2_000;
/// Messages of one connection that wait for the disk before its next command is read.
pub const SENDS_IN_FLIGHT_MAX: usize = 64;
/// Questions of one connection that wait for the store before its next command is read.
pub const READS_IN_FLIGHT_MAX: usize = 4;

// ---- Queues inside the server ----

/// Changes that wait for the ledger before those who bring more are made to wait.
pub const LEDGER_QUEUE_MAX: usize = 4_096;
/// Changes that share one transaction and one fsync.
pub const LEDGER_BATCH_MAX: usize = 512;
/// Committed batches that wait to be published before the ledger is made to wait.
pub const PUBLISH_QUEUE_MAX: usize = 64;
/// Events that wait for one reader before it is closed with "resync".
pub const MAILBOX_EVENTS_MAX: usize = 1_024;
/// Bytes that wait for one reader before it is closed with "resync".
pub const MAILBOX_BYTES_MAX: usize = 1024 * 1024;

// ---- Time ----

/// Milliseconds within which a request's headers must have arrived.
pub const HEADER_TIMEOUT_MS: u64 = 10_000;
/// Milliseconds between the server's pings on a connection.
pub const SERVER_PING_INTERVAL_MS: u64 = 25_000;
/// Milliseconds without any sign of life after which the server ends a connection.
pub const CONNECTION_IDLE_MAX_MS: u64 = 75_000;
/// Milliseconds that a slow reader is given to take the closing frame.
pub const CLOSE_TIMEOUT_MS: u64 = 5_000;
/// Milliseconds that connections are given to end when the server stops.
pub const SHUTDOWN_TIMEOUT_MS: u64 = 10_000;
/// Milliseconds over which clients spread their return after the server said it goes away.
pub const RETURN_SPREAD_MS: u64 = 2_000;
/// Milliseconds between a page's pings, and how long it waits for an answer before it gives a connection up.
pub const CLIENT_PING_INTERVAL_MS: u32 = 25_000;
/// Milliseconds that a page waits for the answer to its ping.
pub const CLIENT_PONG_TIMEOUT_MS: u32 = 10_000;
/// Milliseconds before a page's first new attempt to connect; each failure doubles it.
pub const RETRY_FIRST_MS: u32 = 500;
/// Milliseconds that a page waits at most between two attempts to connect.
pub const RETRY_MAX_MS: u32 = 30_000;
/// Milliseconds that a connection may be down before the page says so.
pub const LINK_LOSS_SHOWN_AFTER_MS: u32 = 3_000;

// ---- Presence and typing ----

/// Milliseconds between two presence or typing events of a small conversation.
pub const PRESENCE_INTERVAL_MIN_MS: u64 = 250;
/// Milliseconds between two presence or typing events of the largest conversation.
pub const PRESENCE_INTERVAL_MAX_MS: u64 = 10_000;
/// Members of a group in which each change of their number is told at once; in a larger one it is gathered
/// and told as seldom as presence.
pub const MEMBERS_TOLD_AT_ONCE_MAX: u32 = 200;
/// Milliseconds that a person who left still counts as present, so that a reload does not flicker.
pub const PRESENCE_GRACE_MS: u64 = 4_000;
/// Milliseconds after which a person who typed no further no longer counts as typing.
pub const TYPING_EXPIRES_MS: u64 = 5_000;
/// Milliseconds between two notices of a page that its person types.
pub const TYPING_NOTICE_INTERVAL_MS: u32 = 2_000;

// ---- The page's window ----

/// Rows that a page keeps when its reader is at the newest message; older ones load again on scroll.
pub const WINDOW_MESSAGES_MAX: usize = 300;
/// Rows beyond the window that are tolerated before it is trimmed, so that trimming is rare.
pub const WINDOW_SLACK: usize = 50;
/// Milliseconds within which messages come one after the other that count as a burst.
pub const BURST_GAP_MS: u64 = 50;
/// Milliseconds for which a page gathers the messages of a burst, to draw them together.
pub const GATHER_MS: u32 = 16;
/// Changes that a returning page fetches one after another; after a longer absence it starts at the newest page.
pub const CATCH_UP_CHANGES_MAX: u64 = 1_000;
/// Live changes that wait behind a gap; the gap's answer brings those that found no place.
pub const EARLY_CHANGES_MAX: usize = 1_000;
/// Entries that a page keeps of a conversation before those before its window go; they can be asked for again.
pub const WITNESS_ENTRIES_MAX: usize = 2_000;
/// Entries that a page keeps of a conversation between visits, to say what became of them.
pub const WITNESS_ENTRIES_KEPT: usize = 50;
/// Entries that a page asks for to join what it knew with what it shows; beyond, whoever reads back there proves it.
pub const WITNESS_BRIDGE_MAX: u64 = 20_000;
/// Things that do not fit and that are told of one conversation.
pub const FINDINGS_MAX: usize = 50;
/// Conversations of which a page remembers what it can prove.
pub const WITNESSES_MAX: usize = 100;
/// Milliseconds after something is shown until a page proves it: what comes together is proven together.
pub const PROOF_AFTER_MS: u64 = 700;
/// Milliseconds between two questions by which a page proves what it shows.
pub const PROOF_INTERVAL_MS: u64 = 250;
/// Conversations besides the open one whose messages a page keeps, so that coming back to them asks nothing.
pub const PARKED_TIMELINES_MAX: usize = 10;
/// Milliseconds between two marks by which a page says how far its reader has read.
pub const READ_NOTICE_INTERVAL_MS: u64 = 2_000;
/// Milliseconds for which a page gathers what reached it before it tells the server.
pub const DELIVERED_INTERVAL_MS: u64 = 1_000;
/// Milliseconds between two commands by which a page says whom it watches.
pub const WATCH_INTERVAL_MS: u64 = 1_000;
/// Milliseconds that a browser keeps messages which someone wrote who is not signed in any more: a week.
pub const UNSENT_KEPT_MS: u64 = 7 * 24 * 3_600_000;
/// Milliseconds without typing after which a page looks for the people whose name was typed.
pub const FIND_AFTER_MS: u64 = 300;
/// Milliseconds that a page waits for the answer to a request.
pub const REQUEST_TIMEOUT_MS: u32 = 20_000;
/// Conversations that a browser keeps for the next visit, the last active first; the others are asked for then.
pub const CACHED_CONVERSATIONS_MAX: usize = 200;
/// Milliseconds between two times that a page keeps what it knows for the next visit.
pub const CACHE_INTERVAL_MS: u64 = 1_000;
/// Milliseconds within which a browser's database must answer; after that the page goes on without it.
pub const KEPT_WITHIN_MS: u32 = 2_000;
/// Milliseconds for which one of a browser's tabs may send what waits while another wants to; then the other does.
pub const TURN_PATIENCE_MS: u32 = 5_000;
/// Messages of one page that wait for the server. With more, the page asks to wait before writing on.
pub const OUTBOX_MESSAGES_MAX: usize = 500;
