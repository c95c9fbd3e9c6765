//! Questions that were really asked, to start from.

/// A question with its address.
pub(super) struct Example {
    pub(super) words: &'static str,
    pub(super) address: &'static str,
}

pub(super) const EXAMPLES: &[Example] = &[
    Example {
        words: "PEP 674: no macro can be assigned to",
        address: "/whatif?title=PEP%20674%3A%20no%20macro%20is%20an%20l-value&forbid-lvalue=%2A",
    },
    Example {
        words: "PyTypeObject becomes opaque",
        address: "/whatif?title=PyTypeObject%20becomes%20opaque&opaque=PyTypeObject",
    },
    Example {
        words: "PyObject becomes opaque, in binaries too",
        address: "/whatif?title=PyObject%20becomes%20opaque%2C%20in%20binaries%20too&opaque-abi=PyObject",
    },
    Example {
        words: "PyFrameObject and PyThreadState lose their members",
        address: "/whatif?title=No%20members%20of%20frames%20and%20thread%20states&hide=PyFrameObject.%2A%2CPyThreadState.%2A",
    },
    Example {
        words: "Limited API levels below 3.8 are dropped",
        address: "/whatif?title=Limited%20API%20levels%20below%203.8%20are%20dropped&minimum-limited=3.8",
    },
];
