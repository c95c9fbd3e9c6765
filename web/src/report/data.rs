//! The data files of a report: every table as CSV, JSON Lines and Parquet, with a schema.

use export::{Column, Error, Format, Kind, Table, Value, Writer};

use super::{Report, Site};
use crate::series_table;

const FILES: Table = Table {
    name: "files",
    about: "Which sdist counted: a row for each project that was there on the day, by name.",
    columns: &[
        Column::new("project", Kind::Text, "Normalised name."),
        Column::new("version", Kind::Text, "The release that stood for it."),
        Column::new("filename", Kind::Text, "Its selected sdist; missing: none was."),
        Column::new("sha256", Kind::Text, "The sdist's hash, in hexadecimal."),
        Column::new("report", Kind::Text, "The digest of what the analyzer says of it; missing: it was not read."),
    ],
};

const STRUCTURES: Table = Table {
    name: "structures",
    about: "Who stands in the way of opaque structures on the day: a row for each structure, most projects first.",
    columns: &[
        Column::new("structure", Kind::Text, "A structure of CPython."),
        Column::count("projects", "projects", "Whose code touches its members itself."),
    ],
};

impl Report<'_> {
    /// Writes the series, the list and the structures.
    pub(super) fn data(&self, site: &mut Site) -> Result<(), Error> {
        for format in Format::ALL {
            site.insert(path(&series_table::TABLE, format), self.series_file(format)?);
            site.insert(path(&FILES, format), self.files_file(format)?);
            site.insert(path(&STRUCTURES, format), self.structures_file(format)?);
        }
        let schema = export::schema([&series_table::TABLE, &FILES, &STRUCTURES]);
        site.insert("data/schema.json".to_owned(), format!("{schema:#}\n").into_bytes());
        Ok(())
    }

    fn series_file(&self, format: Format) -> Result<Vec<u8>, Error> {
        let mut writer = Writer::new(&series_table::TABLE, format, Vec::new())?;
        for series in &self.frozen.series {
            for point in &series.points {
                series_table::row(&mut writer, series, point)?;
            }
        }
        writer.finish()
    }

    fn files_file(&self, format: Format) -> Result<Vec<u8>, Error> {
        let mut writer = Writer::new(&FILES, format, Vec::new())?;
        for file in &self.frozen.files {
            let [filename, sha256, report] = [&file.filename, &file.sha256, &file.report]
                .map(|text| text.as_deref().map_or(Value::Missing, Value::Text));
            writer.row(&[Value::Text(&file.project), Value::Text(&file.version), filename, sha256, report])?;
        }
        writer.finish()
    }

    fn structures_file(&self, format: Format) -> Result<Vec<u8>, Error> {
        let mut writer = Writer::new(&STRUCTURES, format, Vec::new())?;
        for (structure, projects) in &self.frozen.structures {
            writer.row(&[Value::Text(structure), Value::Integer(*projects)])?;
        }
        writer.finish()
    }
}

fn path(table: &Table, format: Format) -> String {
    format!("data/{}.{}", table.name, format.extension())
}
