//! The text that Prometheus reads, read strictly.

use std::collections::{BTreeMap, BTreeSet};

/// One scrape.
#[derive(Debug, Default)]
pub struct Exposition {
    types: BTreeMap<String, String>,
    helps: BTreeSet<String>,
    /// By name with labels, as written.
    series: BTreeMap<String, f64>,
}

impl Exposition {
    /// Reads it; panics at whatever is not as the format and Prometheus' conventions have it.
    pub fn read(text: &str) -> Self {
        let mut read = Self::default();
        for line in text.lines().filter(|line| !line.is_empty()) {
            if let Some(rest) = line.strip_prefix("# HELP ") {
                let (name, help) = rest.split_once(' ').expect(line);
                assert!(help.ends_with('.') && read.helps.insert(name.to_owned()), "{line}");
            } else if let Some(rest) = line.strip_prefix("# TYPE ") {
                let (name, kind) = rest.split_once(' ').expect(line);
                assert!(["counter", "gauge", "histogram"].contains(&kind), "{line}");
                assert!(read.types.insert(name.to_owned(), kind.to_owned()).is_none(), "{name} is there twice");
            } else {
                let (series, value) = line.rsplit_once(' ').expect(line);
                let value = value.parse().expect(line);
                assert!(read.series.insert(series.to_owned(), value).is_none(), "{series} is there twice");
            }
        }
        read.series.keys().for_each(|series| read.is_well_named(series));
        read
    }

    fn is_well_named(&self, series: &str) {
        let name = name(series);
        let family = ["_bucket", "_sum", "_count"]
            .iter()
            .filter_map(|end| name.strip_suffix(end))
            .find(|family| self.types.get(*family).is_some_and(|kind| kind == "histogram"))
            .unwrap_or(name);
        let kind = self.types.get(family).unwrap_or_else(|| panic!("{series} has no type"));
        assert!(self.helps.contains(family), "{family} has no help");
        assert!(family.starts_with("abiscope_"), "{family}");
        assert!(family.chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{family}");
        assert_eq!(kind == "counter", family.ends_with("_total"), "{family} is a {kind}");
        assert!(kind != "histogram" || family.ends_with("_seconds"), "{family}");
    }

    /// The value of a series, as written.
    pub fn value(&self, series: &str) -> f64 {
        *self.series.get(series).unwrap_or_else(|| panic!("{series} is missing in {:?}", self.series.keys()))
    }

    /// Whether a series has this value.
    pub fn says(&self, series: &str, value: u64) {
        assert_eq!(self.value(series).to_string(), value.to_string(), "{series}");
    }

    /// The sum over all series of this name whose text has `with` in it; 0 if there is none.
    pub fn sum(&self, of: &str, with: &str) -> f64 {
        let series = self.series.iter().filter(|(series, _)| name(series) == of && series.contains(with));
        series.map(|(_, value)| value).sum()
    }

    /// Whether there is any series of this name.
    pub fn has(&self, of: &str) -> bool {
        self.series.keys().any(|series| name(series) == of)
    }
}

fn name(series: &str) -> &str {
    series.split('{').next().unwrap_or(series)
}

#[test]
#[should_panic(expected = "twice")]
fn a_series_that_is_there_twice_is_noticed() {
    Exposition::read("# HELP abiscope_a A.\n# TYPE abiscope_a gauge\nabiscope_a 1\nabiscope_a 2\n");
}

#[test]
#[should_panic(expected = "abiscope_b is a counter")]
fn a_counter_without_its_ending_is_noticed() {
    Exposition::read("# HELP abiscope_b A.\n# TYPE abiscope_b counter\nabiscope_b{x=\"y\"} 1\n");
}
