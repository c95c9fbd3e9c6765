//! What visitors ask for.

use super::draw::{Draw, Zipf};
use super::real;

/// How large the made world is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sizes {
    pub(super) projects: u32,
    pub(super) releases: u32,
}

/// Words in the names of made projects: what searches find many of.
pub(super) const WORDS: [&str; 12] =
    ["fast", "array", "codec", "data", "event", "graph", "image", "json", "math", "parse", "stream", "zip"];

const TARGETS: [&str; 5] = ["abi3-3.11", "abi3-3.9", "abi3-3.13", "abi3-3.15", "abi3t-3.15"];
const VERDICTS: [&str; 4] = ["no-blocker", "blocked", "tool-blocks", "undecided"];
const SORTS: [&str; 4] = ["name", "verdict", "blockers", "uploaded"];

/// A sort of request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    Overview,
    Project,
    Release,
    Projects,
    Items,
    Item,
    Search,
    Api,
    Badge,
    Csv,
}

/// Of a hundred requests so many are of each sort.
const SHARES: [(Asked, usize); 10] = [
    (Asked::Overview, 10),
    (Asked::Project, 24),
    (Asked::Release, 6),
    (Asked::Projects, 20),
    (Asked::Items, 8),
    (Asked::Item, 16),
    (Asked::Search, 5),
    (Asked::Api, 5),
    (Asked::Badge, 5),
    (Asked::Csv, 1),
];

impl Asked {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Overview => "overview",
            Self::Project => "project",
            Self::Release => "release",
            Self::Projects => "projects",
            Self::Items => "items",
            Self::Item => "item",
            Self::Search => "search",
            Self::Api => "api",
            Self::Badge => "badge",
            Self::Csv => "csv",
        }
    }
}

/// The addresses of a made world and how often each is asked for.
#[derive(Debug)]
pub(super) struct Mix {
    sizes: Sizes,
    items: Vec<real::Item>,
    by_project: Zipf,
    by_item: Zipf,
}

impl Mix {
    /// Projects and items are asked for the oftener the better known they are; items' fame is their spread.
    pub(super) fn new(sizes: Sizes) -> Self {
        let items = real::items();
        let by_item = Zipf::new(u32::try_from(items.len()).unwrap_or(u32::MAX), 1.0);
        Self { sizes, items, by_project: Zipf::new(sizes.projects, 1.0), by_item }
    }

    /// The next request: its sort and its path with the query.
    pub(super) fn ask(&self, draw: &mut Draw) -> (Asked, String) {
        let asked = draw.by_share(&SHARES);
        (asked, self.path(asked, draw))
    }

    fn path(&self, asked: Asked, draw: &mut Draw) -> String {
        match asked {
            Asked::Overview if draw.unit() < 0.6 => "/".to_owned(),
            Asked::Overview => format!("/?target={}", draw.one_of(&TARGETS)),
            Asked::Project => format!("/projects/{}", self.project(draw)),
            Asked::Release => {
                format!("/projects/{}/{}.0", self.project(draw), 1 + draw.below(self.sizes.releases as usize))
            }
            Asked::Projects => format!("/projects?{}", self.list(draw)),
            Asked::Items => format!("/items?{}", Self::items(draw)),
            Asked::Item => self.item(draw),
            Asked::Search => format!("/search?q={}", self.typed(draw)),
            Asked::Api => match draw.below(3) {
                0 => format!("/api/v1/projects/{}", self.project(draw)),
                1 => format!("/api/v1/overview?target={}", draw.one_of(&TARGETS)),
                _ => format!("/api/v1/items?{}", Self::items(draw)),
            },
            Asked::Badge => format!("/badge/{}.svg", self.project(draw)),
            Asked::Csv => format!("/projects.csv?{}", self.list(draw)),
        }
    }

    pub(super) fn project(&self, draw: &mut Draw) -> String {
        let rank = u32::try_from(self.by_project.rank(draw)).unwrap_or(0);
        // Fame has nothing to do with the alphabet: 7919 is prime.
        name(u64::from(rank) * 7919 % u64::from(self.sizes.projects))
    }

    fn list(&self, draw: &mut Draw) -> String {
        let mut chosen = Vec::new();
        let mut choose = |share: f64, name: &str, of: &[&str]| {
            if draw.unit() < share {
                chosen.push(format!("{name}={}", draw.one_of(of)));
            }
        };
        choose(0.5, "target", &TARGETS);
        choose(0.5, "verdict", &VERDICTS);
        choose(0.5, "sort", &SORTS);
        choose(0.2, "q", &WORDS);
        chosen.push(page(draw, self.sizes.projects / 50));
        chosen.join("&")
    }

    fn items(draw: &mut Draw) -> String {
        let kind = if draw.unit() < 0.5 { *draw.one_of(&["kind=api&", "kind=member&"]) } else { "" };
        let search = if draw.unit() < 0.2 { *draw.one_of(&["q=tuple&", "q=unicode&", "q=type&", "q=gc&"]) } else { "" };
        format!("{kind}{search}{}", page(draw, 10))
    }

    /// An item, the oftener the better known.
    pub(super) fn known_item(&self, draw: &mut Draw) -> &real::Item {
        &self.items[self.by_item.rank(draw)]
    }

    fn item(&self, draw: &mut Draw) -> String {
        let item = self.known_item(draw);
        let kind = if draw.unit() < 0.5 { format!("kind={}&", item.kind) } else { String::new() };
        format!("/items/{}?{kind}{}", item.name.replace('/', "%2F"), page(draw, 20))
    }

    fn typed(&self, draw: &mut Draw) -> String {
        match draw.below(3) {
            0 => (*draw.one_of(&WORDS)).to_owned(),
            1 => self.known_item(draw).name.chars().take(8).collect(),
            _ => self.project(draw),
        }
    }
}

/// Mostly the first page; of the others, the nearer ones.
fn page(draw: &mut Draw, last: u32) -> String {
    if draw.unit() < 0.7 {
        return String::new();
    }
    let far = draw.unit().powi(3) * f64::from(last);
    format!("page={:.0}", far + 1.0)
}

/// The name of the `n`-th made project, as `world.sql` spells it, too.
fn name(n: u64) -> String {
    let words = WORDS.len() as u64;
    let word = WORDS[usize::try_from(n % words).unwrap_or(0)];
    format!("{word}-{n}")
}
