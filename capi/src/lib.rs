//! What abiscope knows: CPython's C API as data, and look-ups over it.
//!
//! Pure: no I/O, no clock. The facts live in `data/`, one line an entry, sorted; `data/README.md` says
//! where each came from and how it was checked. Everything here is `'static` and cheap to look up.

mod change;
mod explain;
mod hash;
mod item;
mod lookup;
mod lvalue;
mod names;
mod port;
mod reads;
mod role;
mod structure;
mod tables;
mod target;
mod tracking;
mod version;

pub use change::{Change, Gone, change, removed};
pub use explain::{Explanation, explain, similar};
pub use item::{Alternative, Item, ItemKind, Tier, item, item_bytes, items, noise};
pub use lvalue::{LvalueMacro, lvalue_macro, lvalue_macros};
pub use names::{CompatName, Header, compat_name, compat_names, header, headers, is_c_api_prefix, is_internal_header};
pub use port::{EXPORT_HOOK, INIT_HOOK, PortStep};
pub use reads::{MemberRead, Reads, abi_reads, all_abi_reads};
pub use role::{NamedRole, Role, instead_of_static_types, return_type, role, roles};
pub use structure::{Member, Structure, members_named, structure, structures};
pub use target::Target;
pub use tracking::{Tracking, tracking};
pub use version::{Version, VersionRange};

/// The version of the data in `data/`: the newest CPython release it holds and a serial that moves with each correction.
pub const DATA_VERSION: &str = "3.15.2-2";
