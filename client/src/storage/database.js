// The browser's database, and what the page's tabs share: news and a turn. It does not know what the texts say.
//
// In JavaScript because here it is small: every promise, callback and option of these interfaces costs a wrapper on either
// side when the program calls them one by one.

const NAME = "parley";
/** The form of the database. With another, what was cached is dropped; what waits to be sent never is. */
const VERSION = 1;
const OUTBOX = "outbox";
const CACHE = "cache";

let news;
try {
  news = new BroadcastChannel(NAME);
} catch {
  // There is none, or it is forbidden: then no tab hears of another.
}
let opened;
let endTurn = () => {};

/** Everything that is kept: the keys and texts of what waits, then those of what is cached, and undefined where nothing can be kept. */
export async function load(withinMs) {
  return inTime(withinMs, read().catch(async (failure) => {
    // Only one without our places is of no use to anybody. Whatever else is wrong may pass, or is a newer page's: what waits
    // there must not go with it.
    if (failure?.name !== "NotFoundError") throw failure;
    await answered(indexedDB.deleteDatabase(NAME));
    return read();
  })).catch(() => undefined);
}

/** Keeps a text, or none in its place. Fulfilled with true when that is on disk, and with false when it cannot or will not be. */
export async function keep(store, key, text, withinMs) {
  const kept = transact([store], "readwrite", (at) => (text === undefined ? at(store).delete(key) : at(store).put(text, key)));
  return inTime(withinMs, kept).then(() => true, () => false);
}

/** Drops everything that is cached. */
export async function wipe() {
  await transact([CACHE], "readwrite", (at) => at(CACHE).clear()).catch(() => {});
}

/** Tells the other tabs. */
export function tell(text) {
  news?.postMessage(text);
}

/** Hears what other tabs tell. */
export function listen(hear) {
  if (news) news.onmessage = ({ data }) => hear(data);
}

/**
 * Asks for the turn, which one tab has at a time: `told` hears true when it has come, and false when it was taken away.
 * It is taken from whoever has it for longer than this: a tab may sleep with it.
 */
export async function takeTurn(told, patienceMs) {
  if (!navigator.locks) {
    // Where a page came without TLS there are none. Whoever asks hears of it later, as of a lock.
    await undefined;
    return told(true);
  }
  let has = false;
  const hold = () => new Promise((end) => {
    has = true;
    endTurn = end;
    told(true);
  });
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), patienceMs);
  const first = () => (clearTimeout(timer), hold());
  try {
    await navigator.locks.request(NAME, { signal: patience.signal }, first);
  } catch {
    if (has) return told(false);
    // Whoever may have no lock sends without one.
    await navigator.locks.request(NAME, { steal: true }, hold).catch(() => told(!has));
  }
}

/** Lets others have the turn. */
export function leaveTurn() {
  endTurn();
}

function open() {
  return (opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      const database = request.result;
      const has = (store) => database.objectStoreNames.contains(store);
      if (has(CACHE)) database.deleteObjectStore(CACHE);
      database.createObjectStore(CACHE);
      if (!has(OUTBOX)) database.createObjectStore(OUTBOX);
    };
    request.onsuccess = () => {
      const database = request.result;
      // Whoever needs it in another form, or gone, must not wait for this page.
      database.onversionchange = () => {
        opened = undefined;
        database.close();
      };
      database.onclose = () => (opened = undefined);
      resolve(database);
    };
    request.onerror = () => {
      opened = undefined;
      reject(request.error);
    };
  }));
}

async function transact(stores, mode, work) {
  const database = await open();
  const transaction = database.transaction(stores, mode, { durability: "strict" });
  const done = new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error);
  });
  const result = work((store) => transaction.objectStore(store));
  await done;
  return result;
}

async function read() {
  const all = await transact([OUTBOX, CACHE], "readonly", (at) =>
    [OUTBOX, CACHE].flatMap((store) => [at(store).getAllKeys(), at(store).getAll()]));
  return all.map((request) => request.result);
}

function answered(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = resolve;
    request.onerror = request.onblocked = () => reject(request.error);
  });
}

/** A database that never answers, as happens, must not make the page wait. */
function inTime(withinMs, promise) {
  return Promise.race([promise, new Promise((_, reject) => setTimeout(reject, withinMs))]);
}
