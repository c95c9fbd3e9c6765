//! What an extension is made with.

use analyzer::Tool;

macro_rules! toolchains {
    ($($(#[$doc:meta])* $variant:ident = $text:literal, $shown:literal, [$($tool:literal),*];)*) => {
        /// What an extension is made with. A release may use several, and counts for each.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Toolchain { $($(#[$doc])* $variant,)* }

        impl Toolchain {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The word in addresses and formats.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// The name that people know it by.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $shown,)* }
            }

            /// Of a tool's name in a report.
            fn of_tool(name: &str) -> Option<Self> {
                match name { $($($tool => Some(Self::$variant),)*)* _ => None }
            }
        }
    };
}

toolchains! {
    /// C or C++ written by hand: none of the others.
    Plain = "c", "C or C++ by hand", [];
    /// Cython.
    Cython = "cython", "Cython", ["cython"];
    /// pybind11.
    Pybind11 = "pybind11", "pybind11", ["pybind11"];
    /// nanobind.
    Nanobind = "nanobind", "nanobind", ["nanobind"];
    /// SWIG.
    Swig = "swig", "SWIG", ["swig"];
    /// cffi.
    Cffi = "cffi", "cffi", ["cffi"];
    /// PyO3, in Rust.
    Pyo3 = "pyo3", "PyO3", ["pyo3"];
    /// SIP.
    Sip = "sip", "SIP", ["sip"];
    /// f2py, of NumPy.
    F2py = "f2py", "f2py", ["f2py"];
    /// mypyc.
    Mypyc = "mypyc", "mypyc", ["mypyc"];
    /// Boost.Python.
    Boost = "boost-python", "Boost.Python", ["boost.python"];
}

impl Toolchain {
    /// Those of a release with native source, as bits in the order of [`Toolchain::ALL`].
    pub fn bits(tools: &[Tool]) -> u16 {
        let bits = tools.iter().filter_map(|tool| Self::of_tool(&tool.name)).fold(0, |bits, tool| bits | tool.bit());
        if bits == 0 { Self::Plain.bit() } else { bits }
    }

    /// Its bit.
    pub const fn bit(self) -> u16 {
        1 << self as u16
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_uses_no_tool_writes_by_hand_and_who_uses_two_counts_for_both() {
        let tool = |name: &str| Tool { name: name.to_owned(), version: None, path: "a.c".to_owned(), limited: None };
        assert_eq!(Toolchain::bits(&[]), Toolchain::Plain.bit());
        assert_eq!(Toolchain::bits(&[tool("make")]), Toolchain::Plain.bit());
        let both = Toolchain::bits(&[tool("cython"), tool("cffi"), tool("cython")]);
        assert_eq!(both, Toolchain::Cython.bit() | Toolchain::Cffi.bit());
    }
}
