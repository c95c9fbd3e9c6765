//! Why a file is `withdrawn`.

/// Why the index does not have a file any more. Whoever finds out says it in the same words: a page that is read, or a
/// fetch that asks the index where the file went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Withdrawal {
    /// Its page does not list it.
    NotListed,
    /// Its page lists other bytes under its name, which should never happen: reading the page raises an alarm, and has
    /// the other bytes as a file of their own.
    OtherContent,
    /// The whole project is under quarantine.
    Quarantined,
}

impl Withdrawal {
    /// The reason that is recorded.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotListed => "the index does not list it any more",
            Self::OtherContent => "the index lists other bytes under its name",
            Self::Quarantined => "the project is quarantined",
        }
    }
}
