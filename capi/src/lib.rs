//! What abiscope knows: CPython's C API as data, and look-ups over it.
//!
//! Pure: no I/O, no clock. The facts live in `data/`, one line an entry, sorted; `data/README.md` says
//! where each came from and how it was checked. Everything here is `'static` and cheap to look up.

mod item;
mod lvalue;
mod names;
mod structure;
mod target;
mod version;

pub use item::{Alternative, Item, ItemKind, Tier, item, items};
pub use lvalue::{LvalueMacro, lvalue_macro, lvalue_macros};
pub use names::{CompatName, Header, compat_name, header, is_c_api_prefix};
pub use structure::{Member, Structure, members_named, structure, structures};
pub use target::Target;
pub use version::{Version, VersionRange};

/// The version of the data in `data/`: the newest CPython release it holds and a serial that moves with each correction.
pub const DATA_VERSION: &str = "3.15.2-1";
