//! Whatever is drawn is well-formed, within its frame and the same each time.

use proptest::prelude::*;

use super::*;

fn day(n: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2020, 1, 31).expect("a day") + chrono::Days::new(n)
}

fn a_chart() -> impl Strategy<Value = Chart> {
    let value = prop_oneof![Just(None), (0.0..1e7_f64).prop_map(Some), Just(Some(f64::NAN)), Just(Some(f64::INFINITY))];
    let dates = proptest::collection::btree_set(0..4000_u64, 0..12);
    (dates, proptest::collection::vec(proptest::collection::vec(value, 12), 0..6), any::<bool>(), any::<bool>())
        .prop_map(|(dates, lines, is_stacked, is_share)| {
            let dates: Vec<NaiveDate> = dates.into_iter().map(day).collect();
            let lines = lines.into_iter().enumerate();
            let lines = lines.map(|(n, values)| Line::nth(n, "a <label> & \"more\"", values[..dates.len()].to_vec()));
            Chart {
                title: "A <made> chart".to_owned(),
                definition: "What is & is not counted. ".repeat(9),
                unit: if is_share { Unit::Share } else { Unit::Count },
                is_stacked,
                said: dates.iter().map(|day| format!("{day}: <some>")).collect(),
                addresses: dates.iter().map(|day| format!("/trends?a=b&month={day}")).collect(),
                lines: lines.collect(),
                observed_from: Some(day(2000)),
                marks: vec![(day(100), "analyzer <4>".to_owned())],
                top: None,
                dates,
            }
        })
}

/// Elements open and close in order, and text has no bare `<` or `&`.
fn is_well_formed(svg: &str) -> bool {
    let mut reader = quick_xml::Reader::from_str(svg);
    reader.config_mut().check_end_names = true;
    loop {
        match reader.read_event() {
            Ok(quick_xml::events::Event::Eof) => return true,
            Ok(_) => {}
            Err(_) => return false,
        }
    }
}

proptest! {
    #[test]
    fn any_chart_is_well_formed_finite_and_drawn_the_same_twice(chart in a_chart()) {
        let svg = standalone(&chart, "abiscope");
        prop_assert!(is_well_formed(&svg), "{svg}");
        prop_assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
        prop_assert_eq!(&svg, &standalone(&chart, "abiscope"));
    }

    #[test]
    fn every_point_lies_within_the_box(chart in a_chart()) {
        let svg = Plot(&chart).to_string();
        for points in svg.split("points=\"").skip(1) {
            let points = points.split('"').next().expect("an end");
            for point in points.split(' ').filter(|point| !point.is_empty()) {
                let (x, y) = point.split_once(',').expect("a point");
                let (x, y): (f64, f64) = (x.parse().expect("a number"), y.parse().expect("a number"));
                prop_assert!((0.0..=1000.0).contains(&x) && (0.0..=220.0).contains(&y), "{point}");
            }
        }
    }
}

fn simple(values: &[Option<f64>], is_stacked: bool) -> Chart {
    let dates: Vec<NaiveDate> = (0..values.len()).map(|n| day(100 * n as u64)).collect();
    Chart {
        title: String::new(),
        definition: String::new(),
        unit: Unit::Count,
        is_stacked,
        said: Vec::new(),
        addresses: Vec::new(),
        lines: vec![Line::nth(0, "one", values.to_vec()), Line::nth(1, "other", values.to_vec())],
        observed_from: None,
        marks: Vec::new(),
        top: None,
        dates,
    }
}

#[test]
fn a_gap_is_a_gap_and_what_was_not_observed_is_dashed() {
    let mut chart = simple(&[Some(1.0), Some(2.0), None, Some(4.0), Some(3.0)], false);
    let svg = Plot(&chart).to_string();
    assert_eq!(svg.matches("<polyline").count(), 4, "two lines of two parts each: {svg}");
    assert!(!svg.contains("before"));
    chart.observed_from = Some(day(50));
    let svg = Plot(&chart).to_string();
    assert!(svg.contains("class=\"s-l-0 before\" points=\"0.0,165.0 250.0,110.0\""), "{svg}");
}

#[test]
fn parts_of_a_stack_lie_on_each_other_and_pairs_have_one_scale() {
    let chart = simple(&[Some(1.0), Some(2.0)], true);
    assert_eq!(chart.drawn(), [vec![Some(1.0), Some(2.0)], vec![Some(2.0), Some(4.0)]]);
    let svg = Plot(&chart).to_string();
    assert!(svg.contains("points=\"0.0,110.0 1000.0,0.0 1000.0,110.0 0.0,165.0\""), "{svg}");
    let (one, other) = chart.paired(simple(&[Some(70.0), Some(9.0)], false));
    assert_eq!((one.scale_top(), other.scale_top()), (80.0, 80.0));
}

#[test]
fn a_chart_by_itself_has_the_colours_of_the_pages() {
    let pages = include_str!("../../assets/style.css");
    for colour in STYLE.split('#').skip(1).map(|rest| rest.split([';', '}']).next().unwrap_or_default()) {
        let long = if colour.len() == 3 { colour.chars().flat_map(|c| [c, c]).collect() } else { colour.to_owned() };
        assert!(pages.contains(&format!("#{long}")), "#{colour}");
    }
}
