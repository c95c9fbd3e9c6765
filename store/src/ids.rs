//! Row ids: one type each, so that a mixed-up id does not compile.

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, sqlx::Type)]
        #[sqlx(transparent)]
        pub struct $name(pub(crate) i64);
    };
}

id!(
    /// A row of `projects`.
    ProjectId
);
id!(
    /// A row of `releases`.
    ReleaseId
);
id!(
    /// A row of `files`.
    FileId
);
