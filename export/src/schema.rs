//! Tables, told to whoever reads their files.

use serde_json::{Value, json};

use crate::{Column, Table};

/// Each table with each column: name, type, unit and meaning, in their order.
pub fn schema<'a>(tables: impl IntoIterator<Item = &'a Table>) -> Value {
    let tables: Vec<Value> = tables.into_iter().map(table).collect();
    json!({
        "notes": [
            "Any value may be missing: null in JSON Lines and Parquet, empty in CSV, where an empty text is empty, too.",
            "A time is UTC to the microsecond: RFC 3339 in CSV and JSON Lines, TIMESTAMP(MICROS) in Parquet.",
            "A list of text is a JSON array in CSV and JSON Lines, and a LIST in Parquet.",
        ],
        "tables": tables,
    })
}

fn table(table: &Table) -> Value {
    let columns: Vec<Value> = table.columns.iter().map(column).collect();
    json!({ "name": table.name, "about": table.about, "columns": columns })
}

fn column(column: &Column) -> Value {
    json!({ "name": column.name, "type": column.kind.as_str(), "unit": column.unit, "about": column.about })
}
