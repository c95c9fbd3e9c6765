//! A chart by itself, with its title, its definition and its own style: a file for a PEP, a README or a report.

use std::fmt::Write as _;

use super::plot::{HEIGHT, escaped, number};
use super::{Chart, Plot};

const WIDTH: u32 = 760;
const LEFT: u32 = 56;
const ABOVE: f64 = 96.0;
const PLOT_WIDTH: u32 = 540;
/// Height of a line of text.
const LINE: f64 = 17.0;
/// Characters of a line of the definition.
const CHARACTERS: usize = 108;

/// Light and dark; the same colours as on pages.
pub(crate) const STYLE: &str = "\
text{font:12px system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans','DejaVu Sans',sans-serif;fill:#1a1f26}\
.bg{fill:#fff}.title{font-size:15px;font-weight:650}.of,.tick{fill:#555f6b}\
.grid{stroke:#d5dae0}.year{stroke:#555f6b}.changed line{stroke:#555f6b;stroke-dasharray:2 3}.changed text{fill:#555f6b}\
polyline{fill:none;stroke-width:2;vector-effect:non-scaling-stroke;stroke-linejoin:round}.before{stroke-dasharray:4 4}\
.veil{fill:#fff;opacity:.35}polygon{stroke:#fff;stroke-width:1;vector-effect:non-scaling-stroke}\
.at rect{fill:transparent}.at line,.at circle,.at text{visibility:hidden}.at line{stroke:#555f6b}\
.at:hover line,.at:hover circle,.at:hover text,.at:focus line,.at:focus circle,.at:focus text{visibility:visible}\
.s-l-0{stroke:#0a53a8}.s-l-1{stroke:#a1421a}.s-l-2{stroke:#11694d}.s-l-3{stroke:#6b3fa5}.s-l-4{stroke:#765600}\
.e-l-0{fill:#0a53a8}.e-l-1{fill:#a1421a}.e-l-2{fill:#11694d}.e-l-3{fill:#6b3fa5}.e-l-4{fill:#765600}\
.a-no-blocker{fill:#1c7a5b}.a-blocked{fill:#a8502b}.a-tool-blocks{fill:#7450ac}.a-undecided{fill:#81621a}\
.e-no-blocker{fill:#11694d}.e-blocked{fill:#a1421a}.e-tool-blocks{fill:#6b3fa5}.e-undecided{fill:#765600}\
@media(prefers-color-scheme:dark){text{fill:#e4e7eb}.bg,.veil{fill:#13161a}.of,.tick,.changed text{fill:#9ba6b2}\
.grid{stroke:#30363e}.year,.at line,.changed line{stroke:#9ba6b2}polygon{stroke:#13161a}\
.s-l-0{stroke:#7fb6f5}.s-l-1{stroke:#f0926a}.s-l-2{stroke:#5ec8a0}.s-l-3{stroke:#bb9df2}.s-l-4{stroke:#d8b650}\
.e-l-0{fill:#7fb6f5}.e-l-1{fill:#f0926a}.e-l-2{fill:#5ec8a0}.e-l-3{fill:#bb9df2}.e-l-4{fill:#d8b650}\
.a-no-blocker{fill:#2a8064}.a-blocked{fill:#a5522f}.a-tool-blocks{fill:#7657b3}.a-undecided{fill:#84691c}\
.e-no-blocker{fill:#5ec8a0}.e-blocked{fill:#f0926a}.e-tool-blocks{fill:#bb9df2}.e-undecided{fill:#d8b650}}";

/// The chart as a file; `source` says where it is from.
pub(crate) fn standalone(chart: &Chart, source: &str) -> String {
    let definition = wrapped(&chart.definition);
    let above = ABOVE + LINE * f64::from(u32::try_from(definition.len().saturating_sub(2)).unwrap_or(0));
    let height = above + HEIGHT + 56.0;
    let mut svg = String::new();
    let (title, said) = (escaped(&chart.title), escaped(&summary(chart)));
    let _ = write!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" viewBox=\"0 0 {WIDTH} {height}\" \
         role=\"img\" aria-labelledby=\"t d\"><title id=\"t\">{title}</title><desc id=\"d\">{said}</desc><style>{STYLE}</style>\
         <rect class=\"bg\" width=\"100%\" height=\"100%\"/><text class=\"title\" x=\"16\" y=\"28\">{title}</text>"
    );
    let mut y = 48.0;
    for line in &definition {
        let _ = write!(svg, "<text class=\"of\" x=\"16\" y=\"{y}\">{}</text>", escaped(line));
        y += LINE;
    }
    let _ = writeln!(
        svg,
        "<svg x=\"{LEFT}\" y=\"{above}\" width=\"{PLOT_WIDTH}\" height=\"{HEIGHT}\" overflow=\"visible\">{}</svg>\
         <text class=\"of\" x=\"16\" y=\"{}\">{}</text></svg>",
        Plot(chart),
        height - 12.0,
        escaped(source)
    );
    svg
}

/// The last value of each line.
pub(crate) fn summary(chart: &Chart) -> String {
    let last = chart.dates.last().map(ToString::to_string).unwrap_or_default();
    let values = chart.lines.iter().map(|line| {
        let value = line.last().map_or_else(|| "none".to_owned(), |value| number(value, chart.unit));
        format!("{} {value}", line.label)
    });
    format!("{}: {}.", last, values.collect::<Vec<_>>().join(", "))
}

/// Lines of text.
fn wrapped(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= CHARACTERS => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
