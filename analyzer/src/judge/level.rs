//! The state of one nesting level: a brace, a parenthesis, an index.

use crate::lexer::Sym;
use crate::scan::{RecordId, Type};

/// What opened a level.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Opened {
    /// The file, a namespace, `extern "C"`.
    Outer,
    /// A structure's body.
    Record(Option<RecordId>),
    /// A function's body; its class, for members named without `this`.
    Function(Option<RecordId>),
    /// A block of statements.
    Block,
    /// An enumeration's body.
    Enum,
    /// The braces of an initialiser, and the type of what is initialised.
    Init(Type),
    /// A parenthesis around an expression.
    Paren,
    /// The parenthesis of `if`, `for`, `catch`: declarations may stand there.
    Control,
    /// A call.
    Call(Call),
    /// `[…]`; the type of the element.
    Index(Type),
}

/// A call: what is called, and what it gives.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Call {
    /// The name in front of the parenthesis, if it is one.
    pub(crate) callee: Sym,
    /// Where the name is: an index into the code.
    pub(crate) at: usize,
    /// The type of the result.
    pub(crate) result: Type,
    /// The argument being read.
    pub(crate) argument: u8,
}

impl Opened {
    /// Whether statements or declarations stand inside.
    pub(crate) fn has_statements(self) -> bool {
        matches!(self, Self::Outer | Self::Record(_) | Self::Function(_) | Self::Block)
    }

    /// Whether a brace opened it.
    pub(crate) fn is_brace(self) -> bool {
        self.has_statements() || matches!(self, Self::Enum | Self::Init(_))
    }
}

/// What an operand designates besides a value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Place {
    /// Nothing that is watched.
    None,
    /// A member: the index of its finding.
    Member(usize),
    /// An l-value macro's call: its name and where it is.
    Macro(Sym, usize),
}

/// A complete operand: a primary expression with its postfix operators so far.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Operand {
    /// Its type.
    pub(crate) ty: Type,
    /// What it designates.
    pub(crate) place: Place,
    /// The name, if it is one, and its index.
    pub(crate) name: Option<(Sym, usize)>,
}

impl Operand {
    /// A value of type `ty`.
    pub(crate) fn value(ty: Type) -> Self {
        Self { ty, place: Place::None, name: None }
    }
}

/// An operator in front of an operand, not yet applied.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Prefix {
    /// `*`
    Dereference,
    /// `&`
    Address,
    /// `++` and `--`
    Step,
    /// A cast, also `sizeof` and the like, which give another type.
    Cast(Type),
}

/// The operator between what has been read of an expression and the operand that follows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Joint {
    /// The operand is the expression so far: at its start, after `,` and `?`.
    #[default]
    Fresh,
    /// `+`, `-`: the side that is a pointer gives the type.
    Sum,
    /// `=` and `:`: the first known side gives the type.
    Either,
    /// The result is a number.
    Number,
}

/// One nesting level.
#[derive(Debug, Clone)]
pub(crate) struct Level {
    /// What opened it.
    pub(crate) opened: Opened,
    /// Index of the opening token.
    pub(crate) at: usize,
    /// Prefixes below this belong to outer levels.
    pub(crate) prefixes: usize,
    /// Locals below this belong to outer levels.
    pub(crate) locals: usize,
    /// The operand being built.
    pub(crate) operand: Option<Operand>,
    /// The type of the expression so far.
    pub(crate) left: Type,
    /// How the next operand joins it.
    pub(crate) joint: Joint,
    /// A statement starts at the next token.
    pub(crate) start: bool,
    /// The declaration being read.
    pub(crate) declaration: Option<Declaration>,
    /// The parameter list that belongs to a `{` at this level, and the class in front of the name.
    pub(crate) parameters: Option<Parameters>,
    /// The same of the branch before `#else`: either may be compiled.
    pub(crate) alternative: Option<Parameters>,
    /// Behind a constructor's `:`, its parameters are locals; those before it, by number.
    pub(crate) before_initialisers: Option<usize>,
    /// The braces are a lambda's, which gives this when it is called.
    pub(crate) lambda: Option<Type>,
}

/// A parameter list in front of a function's body.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Parameters {
    /// Index of the `(`.
    pub(crate) open: usize,
    /// Index of the `)`.
    pub(crate) close: usize,
    /// The class of a member defined outside it.
    pub(crate) class: Option<Sym>,
    /// Read from a declarator or before a constructor's `:`; a guess gives way to later ones.
    pub(crate) sure: bool,
    /// A constructor's `:` was seen: braces behind names are initialisers.
    pub(crate) initialisers: bool,
}

/// A declaration whose declarators are being read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Declaration {
    /// What its specifiers say.
    pub(crate) specifiers: crate::scan::Specifiers,
    /// The type of the last declared name, for its initialiser.
    pub(crate) ty: Type,
    /// The local that waits for the type of its initialiser (`auto`).
    pub(crate) auto: Option<usize>,
    /// It is the variable of a `for` over the elements of what follows.
    pub(crate) is_range: bool,
}

impl Level {
    pub(crate) fn new(opened: Opened, at: usize, prefixes: usize, locals: usize) -> Self {
        Self {
            opened,
            at,
            prefixes,
            locals,
            operand: None,
            left: Type::UNKNOWN,
            joint: Joint::Fresh,
            start: opened.has_statements() || opened == Opened::Control,
            declaration: None,
            parameters: None,
            alternative: None,
            before_initialisers: None,
            lambda: None,
        }
    }

    /// Joins a finished operand to the expression so far.
    pub(crate) fn join(&mut self, ty: Type) {
        self.left = match self.joint {
            // The side that is a pointer; where neither shows, the one that may be a pointer by another name.
            Joint::Sum if self.left.pointers > 0 || !ty.is_known() => self.left,
            Joint::Sum if ty.pointers == 0 && self.left.is_known() && self.left != Type::OTHER => self.left,
            Joint::Either if self.left.is_known() && self.left != Type::OTHER => self.left,
            Joint::Fresh | Joint::Sum | Joint::Either => ty,
            Joint::Number => Type::OTHER,
        };
    }
}
