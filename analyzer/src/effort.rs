//! How much of one package is looked at: what bounds memory and time, whatever the input.
//!
//! Where it ends, the rest is not read, and the report says so.

/// How much of a package is looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Effort {
    /// Enough for packages as they are: up to some 120 MB of memory besides their sources.
    Ordinary,
    /// All that is ever taken: up to some 300 MB.
    #[default]
    Full,
}

/// Units of an identifier that was not seen before.
const NEW_NAME: usize = 16;

/// Units of a preprocessor line: macros and conditions are remembered.
const DIRECTIVE: usize = 40;

impl Effort {
    /// Units of a package; each stands for some 16 bytes of memory while it is analysed. The largest of the packages that
    /// the analyzer is measured with comes to 4.5 million.
    const fn units(self) -> usize {
        match self {
            Self::Ordinary => 5_500_000,
            Self::Full => 12_000_000,
        }
    }

    /// Findings that are kept; that package has 113,000.
    pub(crate) const fn findings(self) -> usize {
        match self {
            Self::Ordinary => 200_000,
            Self::Full => 500_000,
        }
    }
}

/// What is left of it for a package.
#[derive(Debug)]
pub(crate) struct Remaining {
    units: usize,
    is_cut: bool,
}

impl Remaining {
    pub(crate) fn of(effort: Effort) -> Self {
        Self { units: effort.units(), is_cut: false }
    }

    /// Tokens that may still be read.
    pub(crate) fn tokens(&self) -> usize {
        self.units
    }

    pub(crate) fn spend_tokens(&mut self, count: usize) {
        self.units = self.units.saturating_sub(count);
    }

    pub(crate) fn spend_name(&mut self) {
        self.units = self.units.saturating_sub(NEW_NAME);
    }

    pub(crate) fn spend_directive(&mut self) {
        self.units = self.units.saturating_sub(DIRECTIVE);
    }

    /// Something was left out.
    pub(crate) fn cut(&mut self) {
        self.is_cut = true;
    }

    pub(crate) fn is_cut(&self) -> bool {
        self.is_cut
    }
}
