//! Why an sdist is fetched.

/// Why the sdist of a release is fetched: it tells how soon, and what its result counts for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FetchReason {
    /// There is no wheel, or one whose tags name an ABI.
    MayBeNative,
    /// Its wheels are for platforms, but name no ABI: a bundled program, most likely.
    MayBundle,
    /// All its wheels are pure, and the project is in the sample that measures what the prefilter misses. The measured
    /// rate is: those with native source, of all of this reason that could be read.
    PureSample,
    /// All its wheels are pure; everything was asked for.
    AskedFor,
}

impl FetchReason {
    /// Whether other fetches go first.
    pub const fn can_wait(self) -> bool {
        matches!(self, Self::MayBundle | Self::PureSample)
    }

    /// The word that is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MayBeNative => "may-be-native",
            Self::MayBundle => "may-bundle",
            Self::PureSample => "pure-sample",
            Self::AskedFor => "asked-for",
        }
    }
}
