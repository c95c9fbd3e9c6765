//! Schemas of what is written as text.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

/// A type that is serialised as text, with its name and what the text is.
macro_rules! text {
    ($type:ty, $name:literal, $description:literal) => {
        impl JsonSchema for $type {
            fn schema_name() -> Cow<'static, str> {
                $name.into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string", "description": $description })
            }
        }
    };
}

text!(crate::Condition, "Condition", "When the preprocessor keeps it: always, never, unknown, or an expression.");
text!(crate::Accesses, "Accesses", "read, write, address, init, offset, several joined by +; empty: not an access.");
text!(crate::Knobs, "Knobs", "macro, suffix, tag, several joined by +.");
