//! Tokens: twelve bytes each, because the largest sdists have twenty million.

use super::Sym;

/// A token: what it is, where it starts, and for identifiers which one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token {
    /// What it is.
    pub(crate) kind: Kind,
    /// Byte offset of its first byte.
    pub(crate) start: u32,
    /// The identifier; [`Sym::NONE`] for everything else.
    pub(crate) sym: Sym,
}

/// What a token is. Operators that the analysis treats alike share a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// An identifier or keyword.
    Ident,
    /// A preprocessing number.
    Number,
    /// A string literal of any sort.
    Str,
    /// A character literal.
    Char,
    /// `(`
    LParen,
    /// `)`
    RParen,
    /// `[`
    LBracket,
    /// `]`
    RBracket,
    /// `{`
    LBrace,
    /// `}`
    RBrace,
    /// `;`
    Semi,
    /// `,`
    Comma,
    /// `.`
    Dot,
    /// `->`
    Arrow,
    /// `:`
    Colon,
    /// `::`
    Scope,
    /// `?`
    Question,
    /// `=`
    Assign,
    /// `+=` and its like.
    OpAssign,
    /// `++` and `--`.
    Step,
    /// `*`
    Star,
    /// `&`
    Amp,
    /// `&&`
    AmpAmp,
    /// `+` and `-`.
    Sign,
    /// `!` and `~`.
    Not,
    /// `<`
    Less,
    /// `>`
    Greater,
    /// Any other binary operator.
    Operator,
    /// `...`
    Ellipsis,
    /// `#` inside a macro body.
    Hash,
    /// `##`
    Paste,
    /// The start of a preprocessor line: the `#`.
    Directive(Directive),
    /// The end of a preprocessor line.
    EndDirective,
    /// The end of a logical line of Cython.
    Newline,
    /// A byte that starts no token, such as a stray backslash.
    Stray,
    /// The end of the file; `start` is its length.
    End,
}

/// A preprocessor line by its keyword.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Directive {
    If,
    Ifdef,
    Ifndef,
    Elif,
    Elifdef,
    Elifndef,
    Else,
    Endif,
    Define,
    Undef,
    /// `#include`, `#include_next`, `#import`: what follows is not lexed.
    Include,
    /// Any other: what follows is not lexed.
    Other,
}

impl Directive {
    /// The directive of this keyword.
    pub(super) fn of(keyword: &[u8]) -> Self {
        match keyword {
            b"if" => Self::If,
            b"ifdef" => Self::Ifdef,
            b"ifndef" => Self::Ifndef,
            b"elif" => Self::Elif,
            b"elifdef" => Self::Elifdef,
            b"elifndef" => Self::Elifndef,
            b"else" => Self::Else,
            b"endif" => Self::Endif,
            b"define" => Self::Define,
            b"undef" => Self::Undef,
            b"include" | b"include_next" | b"import" => Self::Include,
            _ => Self::Other,
        }
    }
}

impl Token {
    /// Whether it is an identifier or keyword.
    pub(crate) fn is_ident(self) -> bool {
        self.kind == Kind::Ident
    }
}
