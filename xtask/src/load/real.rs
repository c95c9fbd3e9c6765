//! The real 40 packages, as `real40.sql` wrote them from a survey: what the made world is like.

const PACKAGES: &str = include_str!("real40.tsv");
const ITEMS: &str = include_str!("items40.tsv");
const WORDS: &str = include_str!("words40.tsv");

/// An item of the C API, and its place among those by fame.
#[derive(Debug, Clone)]
pub(super) struct Item {
    pub(super) kind: &'static str,
    pub(super) name: &'static str,
    /// Packages that use it.
    pub(super) packages: f64,
    /// Ways in which one of them uses it.
    pub(super) ways: &'static str,
    /// Sites of a way.
    pub(super) sites: &'static str,
    /// Targets that it blocks: `all`, or a list, or nothing.
    pub(super) blocks: &'static str,
}

/// A package: its columns as they are written to the database, and how many items of the C API it uses.
#[derive(Debug, Clone, Copy)]
pub(super) struct Package {
    pub(super) line: &'static str,
    pub(super) items: f64,
}

/// The items, the best known first.
pub(super) fn items() -> Vec<Item> {
    ITEMS.lines().filter_map(item).collect()
}

fn item(line: &'static str) -> Option<Item> {
    let mut columns = line.split('\t');
    let mut next = || columns.next();
    let (kind, name, packages) = (next()?, next()?, next()?.parse().ok()?);
    Some(Item { kind, name, packages, ways: next()?, sites: next()?, blocks: next()? })
}

/// The packages with native source.
pub(super) fn packages() -> Vec<Package> {
    let package = |line: &'static str| Some(Package { line, items: line.split('\t').nth(2)?.parse().ok()? });
    PACKAGES.lines().filter_map(package).collect()
}

/// Origins and conditions.
pub(super) const fn words() -> &'static str {
    WORDS
}

/// The exponent with which the number of packages falls with an item's rank (least squares over the logarithms of items
/// that more than one package uses).
pub(super) fn exponent(items: &[Item]) -> f64 {
    let points = items.iter().zip(1_u32..).filter(|(item, _)| item.packages > 1.0);
    let points: Vec<(f64, f64)> = points.map(|(item, rank)| (f64::from(rank).ln(), item.packages.ln())).collect();
    let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / f64::from(count(points.len()));
    let (x, y) = (mean(|point| point.0), mean(|point| point.1));
    let with = |of: fn(f64, f64) -> f64| points.iter().map(|(a, b)| of(a - x, b - y)).sum::<f64>();
    -with(|a, b| a * b) / with(|a, _| a * a)
}

/// What the chance of the first item must be for a package to use so many of them: the chance of the item at rank *r* is
/// that times *r* to the power -`s`, and never more than 1.
pub(super) fn first_chance(items: f64, of: usize, s: f64) -> f64 {
    let expected = |first: f64| (1..=count(of)).map(|rank| (first * f64::from(rank).powf(-s)).min(1.0)).sum::<f64>();
    let (mut low, mut high) = (0.0, f64::from(count(of)));
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if expected(middle) < items { low = middle } else { high = middle }
    }
    low
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_model_is_read_whole() {
        assert_eq!(packages().len(), PACKAGES.lines().count());
        assert_eq!(items().len(), ITEMS.lines().count());
        assert!(items().is_sorted_by(|more, less| more.packages >= less.packages));
    }

    #[test]
    fn as_many_items_are_expected_as_a_package_has() {
        let first = first_chance(100.0, 1000, 0.7);
        let expected: f64 = (1..=1000).map(|rank| (first * f64::from(rank).powf(-0.7)).min(1.0)).sum();
        assert!((expected - 100.0).abs() < 1e-6, "{expected}");
    }
}
