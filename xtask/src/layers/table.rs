//! The layers of Parley as data: who may know whom. A new edge is a line here, to be argued for in review.
//! It does not know how any of this is checked.

use super::crates::CrateRule;
use super::modules::{Fence, ModuleRules, Name};

/// Stands in an edge list for every module of the crate.
pub(super) const EVERYTHING: &str = "*";

/// What each crate must not depend on, directly or through others. Tests may.
pub(super) const CRATES: &[CrateRule] = &[
    CrateRule {
        name: "parley-shared",
        target: "all",
        forbidden: &[
            "tokio",
            "axum",
            "rusqlite",
            "sqlx",
            "leptos",
            "web-sys",
            "js-sys",
            "getrandom",
            "rand",
            "chrono",
            "time",
        ],
        because: "shared is what both ends agree on: no runtime, no database, no browser, no clock, no chance",
    },
    CrateRule {
        name: "parley-server",
        target: "all",
        forbidden: &["leptos", "parley-client"],
        because: "the server knows the page as files only",
    },
    CrateRule {
        name: "parley-client",
        target: "wasm32-unknown-unknown",
        forbidden: &["tokio", "axum", "rusqlite", "parley-server"],
        because: "every visitor downloads the client",
    },
];

/// The modules of each crate.
pub(super) const MODULES: &[ModuleRules] = &[SHARED, SERVER, CLIENT, SIMULATION];

const SHARED: ModuleRules = ModuleRules {
    folder: "shared/src",
    library: "parley_shared",
    // Its modules are small and change together: only the crate's border is guarded.
    edges: &[],
    leaves: &[],
    strangers: &[],
    fences: &[Fence {
        names: &[Name::Word("SystemTime"), Name::Word("Instant")],
        inside: &[],
        except: &[],
        because: "shared has no clock: whoever has one passes the time in",
    }],
};

const SERVER: ModuleRules = ModuleRules {
    folder: "server/src",
    library: "parley_server",
    edges: &[
        ("main", &["lib", "config", "operator", "backup", "verify"]),
        ("lib", &[EVERYTHING]),
        // A setting that names networks is read where addresses are compared.
        ("config", &["address"]),
        // The command line is a door of its own: it stands where the server would.
        ("operator", &["config", "actions", "ledger", "hub", "store"]),
        // It reads beside a server that runs, and asks nothing of it.
        ("backup", &["config", "store", "verify"]),
        // It believes nothing, and so reads past everyone's rules.
        ("verify", &["store"]),
        (
            "app",
            &[
                "config", "hub", "ledger", "store", "guest", "account", "picture", "mail",
            ],
        ),
        ("guest", &[]),
        ("origin", &[]),
        ("address", &[]),
        // A request's cookies and tokens; whether they hold, the actions ask the store.
        ("credentials", &["guest", "account"]),
        ("accept", &["config", "address"]),
        (
            "http",
            &[
                "app",
                "config",
                "guest",
                "socket",
                "accept",
                "address",
                "origin",
                "credentials",
                "actions",
                "account",
                "ledger",
                "store",
                "picture",
            ],
        ),
        (
            "socket",
            &[
                "app",
                "session",
                "wire",
                "hub",
                "guest",
                "accept",
                "address",
                "origin",
                "credentials",
                "actions",
                "account",
                "store",
            ],
        ),
        // Frames as bytes, and the way to them: who connects and what they say, others know.
        ("wire", &["hub"]),
        // What became of a change, and the seats that it holds, are words that a session passes on.
        ("session", &["app", "actions", "hub", "ledger", "store"]),
        (
            "actions",
            &[
                "app",
                "hub",
                "ledger",
                "store",
                "account",
                "credentials",
                "picture",
                "mail",
            ],
        ),
        ("ledger", &["hub", "store", "account"]),
        ("hub", &["account"]),
        ("store", &["account"]),
        // What accounts are made of: names, secrets, proofs; it asks nobody.
        ("account", &[]),
        // Pictures are read and encoded here, and nowhere else.
        ("picture", &[]),
        // Letters are written and sent here, and nowhere else.
        ("mail", &[]),
        ("clock", &[]),
        ("random", &[]),
        // Only the builds of the harnesses have it.
        ("planted", &["clock", "random"]),
    ],
    leaves: &["clock", "random", "planted"],
    strangers: &["actions"],
    fences: &[
        Fence {
            names: &[Name::Path("axum")],
            inside: &[],
            except: &[
                "http",
                "socket",
                "wire/upgrade",
                "accept",
                "address",
                "origin",
                "credentials",
                "app",
                "lib",
            ],
            because: "only the doors speak HTTP",
        },
        Fence {
            names: &[Name::Path("rusqlite")],
            inside: &[],
            except: &["store/sqlite"],
            because: "one place names the database driver",
        },
        Fence {
            names: &[Name::Path("tokio")],
            inside: &["store"],
            except: &["store/readers"],
            because: "the store blocks; who calls it decides on which thread",
        },
    ],
};

const CLIENT: ModuleRules = ModuleRules {
    folder: "client/src",
    library: "parley_client",
    edges: &[
        ("main", &[EVERYTHING]),
        ("lib", &[EVERYTHING]),
        ("app", &[EVERYTHING]),
        (
            "components",
            &[
                "state",
                "actions",
                "account",
                "groups",
                "route",
                "rows",
                "text",
                "dates",
                "portrait",
                "dom",
                "preferences",
                "storage",
                "order",
                "clock",
            ],
        ),
        ("actions", &["state", "sync", "outbox", "socket", "clock"]),
        ("account", &["actions", "api", "route", "state"]),
        ("api", &[]),
        ("groups", &["account", "api"]),
        // What an address brings outlives the way through signing in.
        ("route", &["dom", "storage"]),
        ("socket", &["back_off", "clock"]),
        ("sync", &["state", "outbox", "back_off", "order"]),
        ("outbox", &["back_off"]),
        ("back_off", &[]),
        ("order", &[]),
        ("state", &[]),
        ("rows", &["state"]),
        ("text", &["preferences"]),
        ("dates", &["preferences", "text"]),
        ("portrait", &["text"]),
        ("dom", &[]),
        ("preferences", &["dom", "storage"]),
        ("storage", &[]),
        ("clock", &[]),
    ],
    leaves: &[],
    strangers: &[],
    fences: &[
        Fence {
            names: &[
                Name::Path("web_sys"),
                Name::Path("js_sys"),
                Name::Family("gloo"),
            ],
            inside: &[],
            except: &[
                "socket",
                "api",
                "dom",
                "dates",
                "preferences",
                "storage",
                "clock",
                "main",
                "app",
                "components",
            ],
            because: "the browser's API has its few places, so that the rest is plain Rust",
        },
        Fence {
            names: &[
                Name::Path("web_sys::window"),
                Name::Path("js_sys"),
                Name::Family("gloo"),
                Name::Call("window"),
                Name::Call("document"),
            ],
            inside: &["components"],
            except: &[],
            because: "a component may name the type of an event; what it wants of the page, it asks `dom` for",
        },
    ],
};

const SIMULATION: ModuleRules = ModuleRules {
    folder: "xtask/simulation/src",
    library: "parley_simulation",
    edges: &[
        ("main", &["lib", "run"]),
        ("lib", &[EVERYTHING]),
        ("run", &["bug", "figures", "play", "template", "verdict"]),
        // What must hold is looked up in pages that come to rest once more.
        ("verdict", &["page", "play"]),
        (
            "play",
            &[
                "bug", "figures", "keeping", "page", "server", "template", "trace",
            ],
        ),
        ("page", &["keeping", "server"]),
        ("server", &["line", "template"]),
        ("template", &["trace"]),
        ("keeping", &[]),
        ("line", &[]),
        ("trace", &[]),
        ("bug", &[]),
        ("figures", &[]),
    ],
    leaves: &[],
    strangers: &[],
    fences: &[Fence {
        names: &[
            Name::Word("SystemTime"),
            Name::Word("Instant"),
            Name::Path("getrandom"),
        ],
        inside: &[],
        except: &["main"],
        because: "the seed decides what happens, and no clock or chance of the machine",
    }],
};

/// The longest source file, in lines. Tests may be longer.
pub(super) const FILE_LINES_MAX: usize = 400;

/// Names that say nothing about what is inside.
pub(super) const BANNED_NAMES: &[&str] = &[
    "util", "utils", "helper", "helpers", "common", "manager", "managers", "service", "services",
    "types", "mod",
];

/// The file of all limits, and where each of them must be used.
pub(super) const LIMITS: &str = "shared/src/limits.rs";

/// Where the crates lie in which a limit counts as used.
pub(super) const LIMIT_USERS: &[&str] = &["shared/src", "server/src", "client/src"];

/// Where the stylesheets lie, and the page that links them.
pub(super) const STYLES: &str = "client/styles";
pub(super) const PAGE: &str = "index.html";

/// Where the migrations lie, one folder for each database.
pub(super) const MIGRATIONS: &str = "server/migrations";
