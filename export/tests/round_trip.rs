//! What was written is read back by readers that are not ours.
#![allow(clippy::unwrap_used, reason = "a test may")]

use bytes::Bytes;
use chrono::{DateTime, Utc};
use export::{Column, Error, Format, Kind, Table, Value, Writer, schema};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use proptest::prelude::*;

const TABLE: Table = Table {
    name: "things",
    about: "Each thing.",
    columns: &[
        Column::new("name", Kind::Text, "Its name."),
        Column::count("sites", "sites", "How many."),
        Column::new("sure", Kind::Boolean, "It is sure."),
        Column::new("at", Kind::Time, "When."),
        Column::new("words", Kind::Texts, "Its words."),
    ],
};

type Row = (Option<String>, Option<i64>, Option<bool>, Option<i64>, Option<Vec<String>>);

fn moment(micros: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(micros).unwrap()
}

fn written(rows: &[Row], format: Format) -> Vec<u8> {
    let mut writer = Writer::new(&TABLE, format, Vec::new()).unwrap();
    for (name, sites, sure, at, words) in rows {
        let values =
            [name.as_ref().into(), (*sites).into(), (*sure).into(), at.map(moment).into(), words.as_ref().into()];
        writer.row(&values).unwrap();
    }
    writer.finish().unwrap()
}

fn from_parquet(bytes: Vec<u8>) -> Vec<Row> {
    let reader = SerializedFileReader::new(Bytes::from(bytes)).unwrap();
    let rows = reader.get_row_iter(None).unwrap().map(|row| {
        let row = row.unwrap();
        let fields: Vec<Field> = row.get_column_iter().map(|(_, field)| field.clone()).collect();
        let text = |field: &Field| match field {
            Field::Null => None,
            Field::Str(text) => Some(text.clone()),
            other => panic!("{other:?} is no text"),
        };
        let sites = match fields[1] {
            Field::Null => None,
            Field::Long(number) => Some(number),
            ref other => panic!("{other:?} is no number"),
        };
        let sure = match fields[2] {
            Field::Null => None,
            Field::Bool(truth) => Some(truth),
            ref other => panic!("{other:?} is no truth"),
        };
        let at = match fields[3] {
            Field::Null => None,
            Field::TimestampMicros(micros) => Some(micros),
            ref other => panic!("{other:?} is no time"),
        };
        let words = match &fields[4] {
            Field::Null => None,
            Field::ListInternal(list) => Some(list.elements().iter().map(|one| text(one).unwrap()).collect()),
            other => panic!("{other:?} is no list"),
        };
        (text(&fields[0]), sites, sure, at, words)
    });
    rows.collect()
}

fn from_lines(bytes: &[u8]) -> Vec<Row> {
    let lines = std::str::from_utf8(bytes).unwrap().split_terminator('\n');
    let rows = lines.map(|line| {
        let row: serde_json::Map<String, serde_json::Value> = serde_json::from_str(line).unwrap();
        assert_eq!(row.len(), TABLE.columns.len());
        let at = row["at"].as_str().map(|at| at.parse::<DateTime<Utc>>().unwrap().timestamp_micros());
        let texts = |list: &Vec<serde_json::Value>| list.iter().map(|one| one.as_str().unwrap().to_owned()).collect();
        let words = row["words"].as_array().map(texts);
        (row["name"].as_str().map(ToOwned::to_owned), row["sites"].as_i64(), row["sure"].as_bool(), at, words)
    });
    rows.collect()
}

/// An empty name is read as a missing one: CSV does not tell them apart.
fn from_csv(bytes: &[u8]) -> Vec<Row> {
    let mut reader = csv::Reader::from_reader(bytes);
    assert_eq!(reader.headers().unwrap(), vec!["name", "sites", "sure", "at", "words"]);
    let rows = reader.records().map(|record| {
        let record = record.unwrap();
        let cell = |place: usize| Some(&record[place]).filter(|cell| !cell.is_empty());
        (
            cell(0).map(ToOwned::to_owned),
            cell(1).map(|number| number.parse().unwrap()),
            cell(2).map(|truth| truth.parse().unwrap()),
            cell(3).map(|at| at.parse::<DateTime<Utc>>().unwrap().timestamp_micros()),
            cell(4).map(|words| serde_json::from_str(words).unwrap()),
        )
    });
    rows.collect()
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[\"',\\n\\r\\\\\\t ;a]{0,8}",
        Just(String::new()),
        Just("\0".to_owned()),
        Just("ß 𝒳 \u{202e}\u{feff}".to_owned())
    ]
}

fn row() -> impl Strategy<Value = Row> {
    let number = prop_oneof![any::<i64>(), Just(i64::MIN), Just(i64::MAX), Just(0)];
    // From the year 1 to the year 9999, which RFC 3339 can say.
    let at = -62_135_596_800_000_000_i64..253_402_300_800_000_000;
    let words = proptest::option::of(proptest::collection::vec(text(), 0..4));
    let option = proptest::option::of::<BoxedStrategy<String>>;
    (option(text().boxed()), proptest::option::of(number), any::<Option<bool>>(), proptest::option::of(at), words)
}

proptest! {
    #[test]
    fn every_row_is_read_back_from_every_format(rows in proptest::collection::vec(row(), 0..12)) {
        prop_assert_eq!(&from_parquet(written(&rows, Format::Parquet)), &rows);
        prop_assert_eq!(&from_lines(&written(&rows, Format::JsonLines)), &rows);
        let in_csv = |row: &Row| (row.0.clone().filter(|name| !name.is_empty()), row.1, row.2, row.3, row.4.clone());
        prop_assert_eq!(from_csv(&written(&rows, Format::Csv)), rows.iter().map(in_csv).collect::<Vec<_>>());
        for format in Format::ALL {
            prop_assert_eq!(written(&rows, format), written(&rows, format));
        }
    }
}

#[test]
fn what_is_written_looks_as_people_expect() {
    let rows = [
        (Some("a \"b\",\nc".to_owned()), Some(-1), Some(true), Some(1_500_000), Some(vec!["x".to_owned()])),
        (None, None, None, None, Some(Vec::new())),
    ];
    let csv =
        "name,sites,sure,at,words\n\"a \"\"b\"\",\nc\",-1,true,1970-01-01T00:00:01.500000Z,\"[\"\"x\"\"]\"\n,,,,[]\n";
    assert_eq!(String::from_utf8(written(&rows, Format::Csv)).unwrap(), csv);
    let lines = "{\"name\":\"a \\\"b\\\",\\nc\",\"sites\":-1,\"sure\":true,\"at\":\"1970-01-01T00:00:01.500000Z\",\"words\":[\"x\"]}\n\
                 {\"name\":null,\"sites\":null,\"sure\":null,\"at\":null,\"words\":[]}\n";
    assert_eq!(String::from_utf8(written(&rows, Format::JsonLines)).unwrap(), lines);
}

#[test]
fn many_rows_are_several_groups_of_one_file() {
    let rows: Vec<Row> = (0..100_001).map(|n| (None, Some(n), None, None, None)).collect();
    let bytes = written(&rows, Format::Parquet);
    let reader = SerializedFileReader::new(Bytes::from(bytes.clone())).unwrap();
    let groups: Vec<i64> =
        reader.metadata().row_groups().iter().map(parquet::file::metadata::RowGroupMetaData::num_rows).collect();
    assert_eq!(groups, [100_000, 1]);
    assert_eq!(from_parquet(bytes), rows);
}

#[test]
fn a_row_of_another_table_is_refused_and_leaves_no_trace() {
    for format in Format::ALL {
        let mut writer = Writer::new(&TABLE, format, Vec::new()).unwrap();
        assert!(matches!(writer.row(&[Value::Missing; 4]), Err(Error::OtherWidth { columns: 5, found: 4, .. })));
        let mut row = [Value::Missing; 5];
        row[1] = Value::Text("1");
        assert!(matches!(writer.row(&row), Err(Error::OtherKind { column: "sites", .. })));
        assert_eq!(writer.finish().unwrap(), written(&[], format));
    }
}

#[test]
fn the_schema_tells_every_column() {
    let schema = schema([&TABLE]);
    let columns = schema["tables"][0]["columns"].as_array().unwrap();
    let told: Vec<_> =
        columns.iter().map(|one| (one["name"].as_str().unwrap(), one["type"].as_str().unwrap())).collect();
    let expected =
        [("name", "text"), ("sites", "integer"), ("sure", "boolean"), ("at", "time"), ("words", "list of text")];
    assert_eq!(told, expected);
    assert_eq!((&columns[1]["unit"], &columns[1]["about"]), (&"sites".into(), &"How many.".into()));
}
