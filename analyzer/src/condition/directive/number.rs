//! Numbers that may be known only roughly.

use std::sync::Arc;

use super::super::atom::opaque_name;
use super::super::variable::is_identifier;
use super::integer::Integer;

/// A number in one case of a build.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Number {
    Known(Integer),
    Rough(Arc<Rough>),
}

/// A number that is known by its expression, and to lie between two bounds.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Rough {
    /// The C expression.
    pub(super) text: String,
    pub(super) low: i64,
    pub(super) high: i64,
    /// Where an ordering depends on the patch release, the highest value answers: a feature version stands for its
    /// newest patch release.
    pub(super) newest: bool,
}

/// What a comparison gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Decision {
    Decided(bool),
    /// It is what `opaque(text)` says, or the opposite.
    Opaque {
        text: Arc<str>,
        negated: bool,
    },
}

/// The longest expression that is kept as text inside another.
const MAX_TEXT: usize = 400;

impl Number {
    pub(super) fn known(value: i64) -> Self {
        Self::Known(Integer::signed(value))
    }

    /// A number about which only its expression is known.
    pub(super) fn opaque(text: &str) -> Self {
        Self::between(text, i64::MIN, i64::MAX)
    }

    pub(super) fn between(text: &str, low: i64, high: i64) -> Self {
        Self::rough(text.to_owned(), low, high, false)
    }

    pub(super) fn rough(text: String, low: i64, high: i64, newest: bool) -> Self {
        if low == high {
            return Self::known(low);
        }
        let text = if text.len() > MAX_TEXT { opaque_name(&text) } else { text };
        Self::Rough(Arc::new(Rough { text, low, high, newest }))
    }

    fn text(&self) -> String {
        match self {
            Self::Known(integer) => integer.to_string(),
            Self::Rough(rough) if rough.text.contains(' ') && !rough.text.ends_with(')') => format!("({})", rough.text),
            Self::Rough(rough) => rough.text.clone(),
        }
    }

    /// The bounds; `None` outside the signed range.
    fn bounds(&self) -> Option<(i64, i64)> {
        match self {
            Self::Known(integer) => integer.value().map(|value| (value, value)),
            Self::Rough(rough) => Some((rough.low, rough.high)),
        }
    }

    /// `left op right` for an arithmetic operator.
    pub(super) fn operate(left: &Self, op: &str, right: &Self) -> Self {
        if let (Self::Known(a), Self::Known(b)) = (left, right)
            && let Some(known) = Integer::operate(*a, op, *b)
        {
            return Self::Known(known);
        }
        let text = format!("{} {op} {}", left.text(), right.text());
        match left.bounds().zip(right.bounds()).and_then(|(a, b)| bounds(a, op, b)) {
            Some((low, high)) => Self::rough(text, low, high, left.keeps_newest(op, right)),
            None => Self::opaque(&text),
        }
    }

    /// Whether the operation grows with the left side, so that its highest value stays the newest one's.
    fn keeps_newest(&self, op: &str, right: &Self) -> bool {
        let grows = matches!(op, "+" | "-" | "<<" | ">>" | "/" | "*");
        let steady = right.bounds().is_some_and(|(low, high)| low == high && (low > 0 || matches!(op, "+" | "-")));
        grows && steady && matches!(self, Self::Rough(rough) if rough.newest)
    }

    /// `-x`, `~x` and `+x`.
    pub(super) fn unary(op: &str, operand: &Self) -> Self {
        match (op, operand) {
            ("+", _) => operand.clone(),
            ("-", Self::Known(integer)) => Self::Known(integer.minus()),
            ("~", Self::Known(integer)) => Self::Known(integer.complement()),
            _ => Self::opaque(&format!("{op}{}", operand.text())),
        }
    }

    /// Whether the number is not zero.
    pub(super) fn truth(&self) -> Decision {
        match self {
            Self::Known(integer) => Decision::Decided(!integer.is_zero()),
            Self::Rough(rough) if rough.low > 0 || rough.high < 0 => Decision::Decided(true),
            Self::Rough(rough) if is_identifier(&rough.text) => {
                Decision::opaque(&format!("{} != 0", rough.text), false)
            }
            Self::Rough(rough) => Decision::opaque(&rough.text, false),
        }
    }

    /// `left op right` for a comparison.
    pub(super) fn compare(left: &Self, op: &str, right: &Self) -> Decision {
        match (left, right) {
            (Self::Known(a), Self::Known(b)) => {
                Decision::Decided(Integer::operate(*a, op, *b).is_some_and(|truth| !truth.is_zero()))
            }
            (Self::Known(_), Self::Rough(_)) => Self::compare(right, swapped(op), left),
            (Self::Rough(rough), Self::Known(k)) if k.is_zero() && rough.may_be_zero() && matches!(op, "==" | "!=") => {
                match left.truth() {
                    Decision::Opaque { text, negated } => Decision::Opaque { text, negated: negated == (op == "!=") },
                    decided @ Decision::Decided(_) => decided,
                }
            }
            (Self::Rough(rough), _) => {
                let decided = right.bounds().and_then(|(low, high)| {
                    ordered((rough.low, rough.high), op, (low, high)).or_else(|| rough.by_newest(op, low, high))
                });
                decided.map_or_else(|| Decision::comparison(left, op, right), Decision::Decided)
            }
        }
    }
}

impl Rough {
    fn may_be_zero(&self) -> bool {
        self.low <= 0 && self.high >= 0
    }

    /// The answer of the newest patch release to an ordering.
    fn by_newest(&self, op: &str, low: i64, high: i64) -> Option<bool> {
        let ordering = !matches!(op, "==" | "!=");
        (self.newest && ordering && low == high).then(|| ordered((self.high, self.high), op, (low, low))).flatten()
    }
}

impl Decision {
    fn opaque(text: &str, negated: bool) -> Self {
        Self::Opaque { text: text.into(), negated }
    }

    /// One text for a comparison and its opposite.
    fn comparison(left: &Number, op: &str, right: &Number) -> Self {
        let (op, negated) = match op {
            "<" => (">=", true),
            "<=" => (">", true),
            "!=" => ("==", true),
            _ => (op, false),
        };
        Self::opaque(&format!("{} {op} {}", left.text(), right.text()), negated)
    }
}

fn swapped(op: &str) -> &str {
    match op {
        "<" => ">",
        "<=" => ">=",
        ">" => "<",
        ">=" => "<=",
        _ => op,
    }
}

/// What the bounds say about a comparison.
fn ordered(a: (i64, i64), op: &str, b: (i64, i64)) -> Option<bool> {
    let (below, above) = (a.1 < b.0, a.0 > b.1);
    let apart = below || above;
    let same = a.0 == a.1 && a == b;
    let (yes, no) = match op {
        "<" => (below, a.0 >= b.1),
        "<=" => (a.1 <= b.0, above),
        ">" => (above, a.1 <= b.0),
        ">=" => (a.0 >= b.1, below),
        "==" => (same, apart),
        _ => (apart, same),
    };
    (yes || no).then_some(yes)
}

/// Bounds of an arithmetic result; `None` if nothing is known, or it may overflow.
fn bounds(a: (i64, i64), op: &str, b: (i64, i64)) -> Option<(i64, i64)> {
    match op {
        "+" => Some((a.0.checked_add(b.0)?, a.1.checked_add(b.1)?)),
        "-" => Some((a.0.checked_sub(b.1)?, a.1.checked_sub(b.0)?)),
        _ if b.0 != b.1 || b.0 < 0 => None,
        "*" => Some((a.0.checked_mul(b.0)?, a.1.checked_mul(b.0)?)),
        "/" => Some((a.0.checked_div(b.0)?, a.1.checked_div(b.0)?)),
        "%" if a.0 >= 0 && b.0 > 0 => {
            let same = a.0 / b.0 == a.1 / b.0;
            Some(if same { (a.0 % b.0, a.1 % b.0) } else { (0, b.0 - 1) })
        }
        ">>" => shift(b.0).map(|count| (a.0 >> count, a.1 >> count)),
        "<<" => {
            let factor = 1_i64.checked_shl(shift(b.0)?).filter(|factor| *factor > 0)?;
            Some((a.0.checked_mul(factor)?, a.1.checked_mul(factor)?))
        }
        "&" => mask(a, b.0),
        _ => None,
    }
}

/// `a & mask` for a mask of neighbouring bits, where the bits above do not change; else no more than the mask.
fn mask(a: (i64, i64), mask: i64) -> Option<(i64, i64)> {
    let above = 64 - mask.leading_zeros();
    let filled = mask | (1_i64.checked_shl(mask.trailing_zeros())? - 1);
    let neighbours = filled.checked_add(1)? & filled == 0;
    let steady = a.0 >> above == a.1 >> above;
    Some(if neighbours && steady { (a.0 & mask, a.1 & mask) } else { (0, mask) })
}

fn shift(count: i64) -> Option<u32> {
    u32::try_from(count).ok().filter(|count| *count < 63)
}
