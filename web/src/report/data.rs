//! The data files of a report.

use super::{Report, Site};
use crate::error::WebError;

impl Report<'_> {
    /// Writes the series and the list, as CSV and JSON.
    pub(super) fn data(&self, site: &mut Site) -> Result<(), WebError> {
        site.insert("data/series.csv".to_owned(), self.series_csv()?);
        site.insert("data/files.csv".to_owned(), self.files_csv()?);
        for (path, json) in [
            ("data/series.json", serde_json::to_vec(&self.frozen.series)),
            ("data/files.json", serde_json::to_vec(&self.frozen.files)),
            ("data/structures.json", serde_json::to_vec(&self.frozen.structures)),
        ] {
            site.insert(path.to_owned(), json.map_err(|error| WebError::Export(csv_error(&error)))?);
        }
        Ok(())
    }

    /// A row for each series and date.
    fn series_csv(&self) -> Result<Vec<u8>, WebError> {
        let mut rows = csv::Writer::from_writer(Vec::new());
        rows.write_record(crate::pages::SERIES_HEAD).map_err(WebError::Export)?;
        for series in &self.frozen.series {
            for point in &series.points {
                let record = crate::pages::series_record(series, point, (point.projects, point.downloads));
                rows.write_record(record).map_err(WebError::Export)?;
            }
        }
        finished(rows)
    }

    /// A row for each project: which sdist counted.
    fn files_csv(&self) -> Result<Vec<u8>, WebError> {
        let mut rows = csv::Writer::from_writer(Vec::new());
        rows.write_record(["project", "version", "filename", "sha256", "report"]).map_err(WebError::Export)?;
        for file in &self.frozen.files {
            let [filename, sha256, report] =
                [&file.filename, &file.sha256, &file.report].map(|text| text.as_deref().unwrap_or_default());
            rows.write_record([&file.project, &file.version, filename, sha256, report]).map_err(WebError::Export)?;
        }
        finished(rows)
    }
}

fn finished(rows: csv::Writer<Vec<u8>>) -> Result<Vec<u8>, WebError> {
    rows.into_inner().map_err(|error| WebError::Export(error.into_error().into()))
}

fn csv_error(error: &serde_json::Error) -> csv::Error {
    std::io::Error::other(error.to_string()).into()
}
