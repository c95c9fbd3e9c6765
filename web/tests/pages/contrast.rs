//! AA contrast (WCAG 2.2, 1.4.3) of every pair of colours that the style uses for text, in both schemes;
//! and 3:1 of each part of a bar against the page (1.4.11).

use std::collections::HashMap;

const STYLE: &str = include_str!("../../assets/style.css");

/// Text colours and the backgrounds they stand on.
const PAIRS: [(&[&str], &[&str]); 4] = [
    (&["bar-text"], &["bar-no-blocker", "bar-blocked", "bar-tool-blocks", "bar-undecided"]),
    (&["text", "muted", "accent"], &["bg", "raised"]),
    (&["no-blocker", "blocked", "tool-blocks", "undecided", "pure"], &["bg", "raised"]),
    (&["text", "muted"], &["hit"]),
];

/// The custom properties of the block that starts at `start`.
fn colours(start: usize) -> HashMap<&'static str, (f64, f64, f64)> {
    let block = &STYLE[start..start + STYLE[start..].find('}').expect("an end")];
    let declarations = block.split(['{', ';']).filter_map(|line| line.trim().strip_prefix("--")?.split_once(": #"));
    declarations.map(|(name, hex)| (name, rgb(hex))).collect()
}

fn rgb(hex: &str) -> (f64, f64, f64) {
    let part = |i: usize| f64::from(u8::from_str_radix(&hex[i..i + 2], 16).expect("a colour"));
    (part(0), part(2), part(4))
}

fn luminance((r, g, b): (f64, f64, f64)) -> f64 {
    let linear = |part: f64| {
        let part = part / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
}

fn contrast(one: (f64, f64, f64), other: (f64, f64, f64)) -> f64 {
    let (one, other) = (luminance(one) + 0.05, luminance(other) + 0.05);
    if one > other { one / other } else { other / one }
}

#[test]
fn black_on_white_is_twenty_one() {
    assert!((contrast(rgb("000000"), rgb("ffffff")) - 21.0).abs() < 1e-9);
}

#[test]
fn every_pair_is_readable_in_both_schemes() {
    let light = STYLE.find(":root").expect("light");
    let dark = light + 5 + STYLE[light + 5..].find(":root").expect("dark");
    for (scheme, start) in [("light", light), ("dark", dark)] {
        let colours = colours(start);
        for part in PAIRS[0].1 {
            let ratio = contrast(colours[part], colours["bg"]);
            assert!(ratio >= 3.0, "{scheme}: {part} on the page has {ratio:.2}");
        }
        for (texts, backgrounds) in PAIRS {
            for (text, background) in
                texts.iter().flat_map(|text| backgrounds.iter().map(move |background| (text, background)))
            {
                let ratio = contrast(colours[text], colours[background]);
                assert!(ratio >= 4.5, "{scheme}: {text} on {background} has {ratio:.2}");
            }
        }
    }
}
