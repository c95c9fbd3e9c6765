//! The pages of a report.

use askama::Template;
use capi::Target;
use chrono::NaiveDate;
use store::PureMisses;
use trends::{Chain, Scope, Subject, Toolchain};

use super::{Report, Site, asked, targets};
use crate::app::DEFAULT_TARGET;
use crate::charts::standalone;
use crate::error::WebError;
use crate::figures::{Figure, Figured, Weight, places};
use crate::numbers::{Count, share};
use crate::pages::{Method, Misses, Table, View, sentences, table, view};
use crate::render;

/// What every page of a report has around its content.
struct Frame {
    title: String,
    section: &'static str,
    name: String,
    day: NaiveDate,
    corrects: Option<String>,
    versions: String,
    hash: String,
}

/// A figure with its values.
struct Shown {
    view: View,
    table: Table,
    id: String,
}

#[derive(Template)]
#[template(path = "report/index.html")]
struct Index {
    frame: Frame,
    lead: Vec<String>,
    first: Shown,
    steps: Vec<(Count, &'static str)>,
}

#[derive(Template)]
#[template(path = "report/figures.html")]
struct Figures {
    frame: Frame,
    figures: Vec<Shown>,
}

#[derive(Template)]
#[template(path = "report/structures.html")]
struct Structures {
    frame: Frame,
    native: Count,
    figures: Vec<Shown>,
    rows: Vec<(String, Count, String)>,
}

#[derive(Template)]
#[template(path = "report/toolchains.html")]
struct Toolchains {
    frame: Frame,
    target: Target,
    native: Count,
    figures: Vec<Shown>,
    rows: Vec<ToolchainRow>,
}

struct ToolchainRow {
    name: &'static str,
    projects: Count,
    share: String,
    /// In the order of the bars.
    verdicts: Vec<(Count, String)>,
}

#[derive(Template)]
#[template(path = "report/methodology.html")]
struct Methodology {
    frame: Frame,
    method: Method,
}

impl Report<'_> {
    /// Writes every page and picture.
    pub(super) fn pages(&self, site: &mut Site) -> Result<(), WebError> {
        let verdicts = self.figured(Figure::Verdicts, DEFAULT_TARGET)?;
        let lead = sentences(&verdicts, asked(DEFAULT_TARGET));
        let chain = verdicts.whole.points.last().map(|point| point.chain).unwrap_or_default();
        let method = self.method(chain);
        let steps = method.steps.clone();
        let first = self.shown(&verdicts, site);
        put(site, "index.html", &Index { frame: self.frame("Overview", "overview"), lead, first, steps })?;
        let mut figures = Vec::new();
        for target in targets() {
            for figure in Figure::ALL.into_iter().filter(|figure| figure.has_target()) {
                figures.push(self.shown(&self.figured(figure, target)?, site));
            }
        }
        for figure in [Figure::Removals, Figure::Deprecations] {
            figures.push(self.shown(&self.figured(figure, DEFAULT_TARGET)?, site));
        }
        put(site, "trends.html", &Figures { frame: self.frame("Trends", "trends"), figures })?;
        self.structures(site, chain)?;
        self.toolchains(site, chain)?;
        put(site, "methodology.html", &Methodology { frame: self.frame("Methodology", "methodology"), method })?;
        site.insert("style.css".to_owned(), include_bytes!("../../assets/style.css").to_vec());
        Ok(())
    }

    fn structures(&self, site: &mut Site, chain: Chain) -> Result<(), WebError> {
        let figures = vec![self.shown(&self.figured(Figure::Structures, DEFAULT_TARGET)?, site)];
        let rows = self.frozen.structures.iter();
        let rows = rows.map(|(name, n)| (name.clone(), Count(*n), share(*n, chain.with_native)));
        let page = Structures {
            frame: self.frame("Structures", "structures"),
            native: Count(chain.with_native),
            figures,
            rows: rows.collect(),
        };
        put(site, "structures.html", &page)
    }

    fn toolchains(&self, site: &mut Site, chain: Chain) -> Result<(), WebError> {
        let figures = vec![self.shown(&self.figured(Figure::Toolchains, DEFAULT_TARGET)?, site)];
        let row = |toolchain: &Toolchain| {
            let scope = Scope::Toolchain(*toolchain);
            let of = |outcome| {
                let series = self.series(&Subject::Verdict(DEFAULT_TARGET, outcome), scope)?;
                series.points.last().map(|point| (point.projects, point.chain.with_native))
            };
            let native = of(crate::bars::PARTS[0])?.1;
            let verdicts = crate::bars::PARTS.into_iter().filter_map(of);
            (native > 0).then(|| ToolchainRow {
                name: toolchain.name(),
                projects: Count(native),
                share: share(native, chain.with_native),
                verdicts: verdicts.map(|(n, native)| (Count(n), share(n, native))).collect(),
            })
        };
        let page = Toolchains {
            frame: self.frame("Toolchains", "toolchains"),
            target: DEFAULT_TARGET,
            native: Count(chain.with_native),
            figures,
            rows: Toolchain::ALL.iter().filter_map(row).collect(),
        };
        put(site, "toolchains.html", &page)
    }

    fn figured(&self, figure: Figure, target: Target) -> Result<Figured, WebError> {
        let missing = || WebError::NotFound(format!("the snapshot holds no figure {}", figure.as_str()));
        let made = figure.of(asked(target), |subject, scope| self.series(subject, scope)).ok_or_else(missing)?;
        // A report has it for several targets.
        let id = if figure.has_target() { format!("{}-{target}", made.id) } else { made.id.clone() };
        Ok(Figured { id, ..made })
    }

    fn marks(&self) -> Vec<(NaiveDate, String)> {
        crate::pages::changed(&self.frozen.marks)
    }

    /// A figure with its values; its pictures go into the site.
    fn shown(&self, made: &Figured, site: &mut Site) -> Shown {
        let places = places(&made.whole.points, None);
        let mut view = view(made, &places, &self.marks(), &[]);
        let id = made.id.clone();
        let source = format!("abiscope, {}, {}", self.frozen.day, self.versions());
        for (chart, weight) in view.charts.iter_mut().zip([Weight::Each, Weight::Downloads]) {
            // A page by itself has nowhere to lead.
            chart.chart.addresses.clear();
            chart.svg = format!("charts/{id}-{}.svg", weight.as_str());
            site.insert(chart.svg.clone(), standalone(&chart.chart, &source).into_bytes());
        }
        Shown { table: table(made, &places, false), view, id }
    }

    fn method(&self, chain: Chain) -> Method {
        let store::Prefilter { pure, sampled, decided, with_native } = self.frozen.prefilter;
        let misses = Misses::new(&PureMisses { pure, sampled, decided, with_native, misses: Vec::new() });
        Method::new(chain, (self.frozen.observed_from, self.frozen.day), &self.frozen.marks, Some(misses))
    }

    fn versions(&self) -> String {
        format!("analyzer {}, C-API data {}", self.frozen.analyzer_version, self.frozen.capi_version)
    }

    fn frame(&self, title: &str, section: &'static str) -> Frame {
        Frame {
            title: title.to_owned(),
            section,
            name: self.head.map_or_else(|| self.frozen.day.to_string(), |head| head.name.clone()),
            day: self.frozen.day,
            corrects: self.head.and_then(|head| head.corrects.clone()),
            versions: self.versions(),
            hash: self.frozen.hash.clone(),
        }
    }
}

fn put(site: &mut Site, path: &str, template: &impl Template) -> Result<(), WebError> {
    site.insert(path.to_owned(), render::text(template)?.into_bytes());
    Ok(())
}
