//! What a byte can start or continue.

const START: u8 = 1;
const CONTINUE: u8 = 2;
const DIGIT: u8 = 4;
const BLANK: u8 = 8;

const TABLE: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte = u8::MIN;
    loop {
        table[byte as usize] = match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'$' | 0x80.. => START | CONTINUE,
            b'0'..=b'9' => DIGIT | CONTINUE,
            b' ' | b'\t' | b'\r' | 0x0b | 0x0c | 0 => BLANK,
            _ => 0,
        };
        if byte == u8::MAX {
            break table;
        }
        byte += 1;
    }
};

/// Whether `byte` can start an identifier. Bytes beyond ASCII can: names in UTF-8 and Latin-1 stay in one piece.
pub(super) fn starts_identifier(byte: u8) -> bool {
    TABLE[byte as usize] & START != 0
}

/// Whether `byte` can continue an identifier or a number.
pub(super) fn continues_identifier(byte: u8) -> bool {
    TABLE[byte as usize] & CONTINUE != 0
}

/// Whether `byte` is a decimal digit.
pub(super) fn is_digit(byte: u8) -> bool {
    TABLE[byte as usize] & DIGIT != 0
}

/// White space within a line; a NUL counts, as compilers have it.
pub(super) fn is_blank(byte: u8) -> bool {
    TABLE[byte as usize] & BLANK != 0
}
