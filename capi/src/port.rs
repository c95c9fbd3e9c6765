//! What has to change in C code before it can be built for the free-threaded stable ABI (PEP 803).

/// How the function's name begins by which every CPython 3 finds a module.
pub const INIT_HOOK: &str = "PyInit_";

/// How the name of the one begins that `abi3t` wants (PEP 793).
pub const EXPORT_HOOK: &str = "PyModExport_";

/// One change, in the order in which a port goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PortStep {
    /// Structures that begin with `PyObject_HEAD`, whose layout is opaque.
    ObjectHeads,
    /// Types with static storage.
    StaticTypes,
    /// Module definitions: `PyModuleDef` holds an object head itself.
    ModuleDefinitions,
    /// How the module is found.
    ExportHook,
    /// Members of structures that are opaque there, touched directly.
    OpaqueMembers,
}

impl PortStep {
    /// Each one, in order.
    pub const ALL: [Self; 5] =
        [Self::ObjectHeads, Self::StaticTypes, Self::ModuleDefinitions, Self::ExportHook, Self::OpaqueMembers];

    /// What it is about, as a heading.
    pub const fn title(self) -> &'static str {
        match self {
            Self::ObjectHeads => "Object heads",
            Self::StaticTypes => "Static types",
            Self::ModuleDefinitions => "Module definitions",
            Self::ExportHook => "Export hook",
            Self::OpaqueMembers => "Members of opaque structures",
        }
    }

    /// What to write instead, with the first version that has it.
    pub const fn advice(self) -> &'static str {
        match self {
            Self::ObjectHeads => {
                "leave the head out of the structure, give the type a negative basicsize and get at the data with \
                 PyObject_GetTypeData (PEP 697, limited since 3.12)"
            }
            Self::StaticTypes => {
                "make a heap type with PyType_FromModuleAndSpec (limited since 3.9), from 3.15 on also with PyType_FromSlots"
            }
            Self::ModuleDefinitions => "describe the module by an array of PySlot (PEP 793, limited since 3.15)",
            Self::ExportHook => "export PyModExport_NAME, which returns the slots (PEP 793, limited since 3.15)",
            Self::OpaqueMembers => "call the function that reads or sets the member",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Target, Version, item};

    /// The versions that the sentences give are those of the data.
    #[test]
    fn advice_says_what_the_data_say() {
        let abi3t = Target::Abi3t(Version::NEWEST);
        for (step, name, since) in [
            (PortStep::ObjectHeads, "PyObject_GetTypeData", Version::new(3, 12)),
            (PortStep::StaticTypes, "PyType_FromModuleAndSpec", Version::new(3, 9)),
            (PortStep::StaticTypes, "PyType_FromSlots", Version::new(3, 15)),
            (PortStep::ModuleDefinitions, "PySlot", Version::new(3, 15)),
        ] {
            let known = item(name).expect("the data has it");
            assert_eq!(known.limited_since, Some(since), "{name}");
            assert!(!known.hidden_in_abi3t && known.is_limited_at(abi3t.version()), "{name}");
            assert!(step.advice().contains(name) && step.advice().contains(&since.to_string()));
        }
    }
}
