//! States: every project, release and file is in exactly one, and it says why.

macro_rules! states {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant,)* }

        impl $name {
            /// Every state, in the order of the contract.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The word used in the database, in formats and on pages.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// The state with this word.
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|state| state.as_str() == word)
            }
        }

        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                let words: Vec<&str> = Self::ALL.iter().map(|state| state.as_str()).collect();
                schemars::json_schema!({ "type": "string", "enum": words })
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

states! {
    /// The state of a project.
    ProjectState {
        /// On the index, its page was read.
        Listed = "listed",
        /// The index does not know it.
        NotFound = "not-found",
        /// Under quarantine: our old data is kept.
        Quarantined = "quarantined",
        /// Gone from the index.
        Withdrawn = "withdrawn",
        /// Its page is larger than we read.
        IndexTooLarge = "index-too-large",
        /// Could not be read for a passing reason; due again later.
        Deferred = "deferred",
    }
}

states! {
    /// The state of a release.
    ReleaseState {
        /// One of its sdists is to be analysed.
        Selected = "selected",
        /// All its wheels are pure: not fetched.
        PureByTags = "pure-by-tags",
        /// Wheels, but no sdist.
        NoSource = "no-source",
        /// No files at all.
        NoFiles = "no-files",
        /// Left out by policy: not the latest.
        NotSelected = "not-selected",
    }
}

states! {
    /// The state of a selected sdist.
    FileState {
        /// Waiting to be fetched.
        Queued = "queued",
        /// Stored, its hash verified.
        Fetched = "fetched",
        /// It has a report. Only these have verdicts.
        Analysed = "analysed",
        /// Damaged or encrypted: the hash is right, the archive is not.
        Unreadable = "unreadable",
        /// Over a limit.
        TooLarge = "too-large",
        /// The bytes are not those that the index promised; nothing was stored.
        HashMismatch = "hash-mismatch",
        /// Its address is not one we follow.
        BlockedUrl = "blocked-url",
        /// Listed, but the files host does not have it.
        MissingUpstream = "missing-upstream",
        /// Gone from the index.
        Withdrawn = "withdrawn",
        /// The analyzer crashed on it.
        AnalyzerFailed = "analyzer-failed",
        /// Could not be fetched for a passing reason; due again later.
        Deferred = "deferred",
    }
}
