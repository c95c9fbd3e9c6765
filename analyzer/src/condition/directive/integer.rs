//! The preprocessor's integers: 64 bits, signed or unsigned (C11 6.10.1).

use std::fmt;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Integer {
    bits: u64,
    unsigned: bool,
}

impl Integer {
    pub(super) const fn signed(value: i64) -> Self {
        Self { bits: value.cast_unsigned(), unsigned: false }
    }

    pub(super) const fn truth(value: bool) -> Self {
        Self::signed(if value { 1 } else { 0 })
    }

    pub(super) const fn is_zero(self) -> bool {
        self.bits == 0
    }

    /// The value, if it is in the signed range.
    pub(super) fn value(self) -> Option<i64> {
        if self.unsigned { i64::try_from(self.bits).ok() } else { Some(self.bits.cast_signed()) }
    }

    /// A literal: decimal, octal, hexadecimal or binary, with digit separators and suffixes.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.replace('\'', "").to_ascii_lowercase();
        let (radix, digits) = match text.as_bytes() {
            [b'0', b'x', ..] => (16, &text[2..]),
            [b'0', b'b', ..] => (2, &text[2..]),
            [b'0', _, ..] => (8, &text[1..]),
            _ => (10, &text[..]),
        };
        let end = digits.find(|c: char| !c.is_digit(radix)).unwrap_or(digits.len());
        let (digits, suffix) = digits.split_at(end);
        if !matches!(suffix, "" | "u" | "l" | "ul" | "lu" | "ll" | "ull" | "llu" | "z" | "uz" | "zu" | "i64" | "ui64") {
            return None;
        }
        let bits = if digits.is_empty() && radix == 8 { 0 } else { u64::from_str_radix(digits, radix).ok()? };
        Some(Self { bits, unsigned: suffix.contains('u') || bits > i64::MAX.cast_unsigned() })
    }

    /// `left op right` for an arithmetic operator or a comparison; `None` where C says nothing (division by zero).
    pub(super) fn operate(left: Self, op: &str, right: Self) -> Option<Self> {
        let unsigned = left.unsigned || right.unsigned;
        let (a, b) = (left.bits, right.bits);
        let ordering = if unsigned { a.cmp(&b) } else { a.cast_signed().cmp(&b.cast_signed()) };
        let bits = match op {
            "==" => return Some(Self::truth(a == b)),
            "!=" => return Some(Self::truth(a != b)),
            "<" => return Some(Self::truth(ordering.is_lt())),
            "<=" => return Some(Self::truth(ordering.is_le())),
            ">" => return Some(Self::truth(ordering.is_gt())),
            ">=" => return Some(Self::truth(ordering.is_ge())),
            "<<" | ">>" => return left.shift(op == "<<", right),
            "+" => a.wrapping_add(b),
            "-" => a.wrapping_sub(b),
            "*" => a.wrapping_mul(b),
            "&" => a & b,
            "|" => a | b,
            "^" => a ^ b,
            "/" if unsigned => a.checked_div(b)?,
            "%" if unsigned => a.checked_rem(b)?,
            "/" => a.cast_signed().checked_div(b.cast_signed())?.cast_unsigned(),
            "%" => a.cast_signed().checked_rem(b.cast_signed())?.cast_unsigned(),
            _ => return None,
        };
        Some(Self { bits, unsigned })
    }

    /// The type is the left side's; counts outside 0..64 are undefined in C.
    fn shift(self, left: bool, count: Self) -> Option<Self> {
        let count = u32::try_from(count.value()?).ok().filter(|count| *count < 64)?;
        let bits = match (left, self.unsigned) {
            (true, _) => self.bits << count,
            (false, true) => self.bits >> count,
            (false, false) => (self.bits.cast_signed() >> count).cast_unsigned(),
        };
        Some(Self { bits, ..self })
    }

    /// The sign changed.
    pub(super) fn minus(self) -> Self {
        Self { bits: self.bits.wrapping_neg(), ..self }
    }

    /// All bits changed.
    pub(super) fn complement(self) -> Self {
        Self { bits: !self.bits, ..self }
    }
}

/// Large positive values are `PY_VERSION_HEX` or masks, best read in hexadecimal.
impl fmt::Display for Integer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.value() {
            Some(value @ 0x0100_0000..) => write!(f, "{value:#010x}"),
            Some(value) => write!(f, "{value}"),
            None => write!(f, "{:#x}u", self.bits),
        }
    }
}
