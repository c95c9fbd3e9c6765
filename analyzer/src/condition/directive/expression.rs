//! The C expression grammar, evaluated as it is read (C11 6.6, 6.10.1).

use std::collections::HashMap;

use super::super::tree::{TooLarge, Tree};
use super::super::{Macro, Macros, atom, macros::Definition};
use super::Memory;
use super::builtin::{self, Known};
use super::number::Number;
use super::remembered::{Consulted, tidy};
use super::token::{self, Token};
use super::value::{MAX_LEAVES, Meaning, Value};

/// The expression cannot be evaluated: not C, or too large.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fault;

impl From<TooLarge> for Fault {
    fn from(_: TooLarge) -> Self {
        Self
    }
}

/// Parentheses, operators and macros inside each other.
const MAX_DEPTH: usize = 200;

/// Macros inside each other.
const MAX_MACROS: usize = 64;

/// Steps for one directive: a token, or a pair of leaves that an operator looks at.
pub(super) const MAX_STEPS: usize = 400_000;

/// What names mean while one directive is evaluated.
pub(super) struct Scope<'m> {
    macros: &'m dyn Macros,
    memory: &'m mut Memory,
    /// The package's macros that were asked.
    pub(super) consulted: Vec<Consulted>,
    /// The macros being expanded, innermost last.
    active: Vec<String>,
    /// A macro came up again inside itself: what is made from it must not be remembered.
    met_itself: bool,
    depth: usize,
    /// How many are left.
    pub(super) steps: usize,
}

impl<'m> Scope<'m> {
    pub(super) fn new(macros: &'m dyn Macros, memory: &'m mut Memory, steps: usize) -> Self {
        Self { macros, memory, consulted: Vec::new(), active: Vec::new(), met_itself: false, depth: 0, steps }
    }

    /// Where the expression is not zero.
    pub(super) fn truth(&mut self, tokens: &[Token<'_>]) -> Result<Tree<bool>, Fault> {
        Ok(self.value(tokens, &HashMap::new())?.truth()?)
    }

    /// The value of a whole expression.
    fn value(&mut self, tokens: &[Token<'_>], arguments: &Arguments<'_>) -> Result<Value, Fault> {
        let mut expression = Expression { scope: self, arguments, rest: tokens };
        let value = expression.comma()?;
        if expression.rest.is_empty() { Ok(value) } else { Err(Fault) }
    }

    fn spend(&mut self, steps: usize) -> Result<(), Fault> {
        let left = self.steps.checked_sub(steps);
        self.steps = left.unwrap_or(0);
        left.map(|_| ()).ok_or(Fault)
    }

    /// The answer depends on what `name` is.
    fn consult(&mut self, name: &str) {
        let consulted = self.memory.names.consult(name, self.macros);
        self.consulted.push(consulted);
    }

    /// What a name means without a call.
    pub(super) fn meaning(&mut self, name: &str) -> Result<Meaning, Fault> {
        self.spend(1)?;
        if let Some(Known { defined, value }) = builtin::fixed(name) {
            return Ok(Meaning { defined: defined.clone(), value: Value::Number(value.clone()) });
        }
        if let Some((meaning, consulted)) = self.memory.meanings.get(name.as_bytes(), self.macros) {
            let meaning = meaning.clone();
            self.consulted.extend_from_slice(consulted);
            let steps = consulted.len();
            return self.spend(steps).map(|()| meaning);
        }
        let before = std::mem::take(&mut self.met_itself);
        let start = self.consulted.len();
        let meaning = self.combined(name, None)?;
        tidy(&mut self.consulted, start);
        if !self.met_itself {
            self.memory.meanings.insert(name.as_bytes(), meaning.clone(), self.consulted[start..].to_vec());
        }
        self.met_itself |= before;
        Ok(meaning)
    }

    /// Where a name is defined. Most names that are asked for nobody defines.
    pub(super) fn defined(&mut self, name: &str) -> Result<Tree<bool>, Fault> {
        if builtin::fixed(name).is_some() || self.macros.look_up(name).is_some() {
            return Ok(self.meaning(name)?.defined);
        }
        self.spend(1)?;
        self.consult(name);
        Ok(builtin::usual(name).defined)
    }

    /// The package's definitions, each where it is in force, and what is usual elsewhere.
    fn combined(&mut self, name: &str, call: Option<&[Value]>) -> Result<Meaning, Fault> {
        let usual = builtin::usual(name);
        let usual = Meaning { defined: usual.defined, value: Value::Number(usual.value) };
        self.consult(name);
        let macros = self.macros;
        let Some(Macro { definitions, undefined }) = macros.look_up(name) else {
            return Ok(usual);
        };
        let undefined = undefined.tree().cloned().unwrap_or(Tree::FALSE);
        let mut meaning = Meaning {
            defined: undefined.negate().and(&usual.defined)?,
            value: Value::choose(&undefined, &Value::known(0), &usual.value)?,
        };
        for definition in definitions {
            // Under an unknown condition: as if nothing were known about the name.
            let there = definition.condition.tree().cloned().unwrap_or_else(|| atom::opaque(name));
            let value = self.expansion(name, definition, call)?;
            meaning.defined = meaning.defined.or(&there)?;
            meaning.value = Value::choose(&there, &value, &meaning.value)?;
            self.spend(meaning.value.leaves())?;
        }
        Ok(meaning)
    }

    /// The value of one definition.
    fn expansion(&mut self, name: &str, definition: &Definition, call: Option<&[Value]>) -> Result<Value, Fault> {
        if self.active.iter().any(|active| active == name) {
            // Not expanded again, and what is left of it is a name without a value (C11 6.10.3.4).
            self.met_itself = true;
            return Ok(Value::known(0));
        }
        let empty = Vec::new();
        let (parameters, values) = match (&definition.parameters, call) {
            (None, None) => (&empty, &[][..]),
            (Some(parameters), Some(values)) if parameters.len() == values.len() => (parameters, values),
            (Some(_), None) => return Ok(Value::known(0)),
            _ => return Ok(Value::opaque(name)),
        };
        if self.active.len() >= MAX_MACROS {
            self.met_itself = true;
            return Ok(Value::opaque(name));
        }
        let text = token::clean(definition.body.as_bytes());
        let tokens = token::tokens(&text);
        if tokens.is_empty() {
            return Ok(Value::known(0));
        }
        self.spend(tokens.len())?;
        let arguments = parameters.iter().map(String::as_str).zip(values.iter().cloned()).collect();
        self.active.push(name.to_owned());
        let value = self.value(&tokens, &arguments);
        self.active.pop();
        // A body that is no expression has a value that cannot be told; a budget that is used up stays so.
        value.or_else(|fault| if self.steps == 0 { Err(fault) } else { Ok(Value::opaque(name)) })
    }
}

/// The arguments of the macro being expanded, by parameter.
type Arguments<'a> = HashMap<&'a str, Value>;

struct Expression<'s, 'm, 'a, 't> {
    scope: &'s mut Scope<'m>,
    arguments: &'a Arguments<'a>,
    rest: &'a [Token<'t>],
}

/// How tightly a binary operator binds.
fn precedence(mark: &str) -> Option<u8> {
    Some(match mark {
        "||" => 1,
        "&&" => 2,
        "|" => 3,
        "^" => 4,
        "&" => 5,
        "==" | "!=" => 6,
        "<" | "<=" | ">" | ">=" => 7,
        "<<" | ">>" => 8,
        "+" | "-" => 9,
        "*" | "/" | "%" => 10,
        _ => return None,
    })
}

/// Operators of the preprocessor and of compilers that look like calls, and whose arguments are not expressions.
fn is_query(name: &str) -> bool {
    name.starts_with("__has_") || name.starts_with("__is_") || name == "__building_module"
}

impl<'a, 't> Expression<'_, '_, 'a, 't> {
    fn comma(&mut self) -> Result<Value, Fault> {
        let mut value = self.conditional()?;
        while self.take(",") {
            value = self.conditional()?;
        }
        Ok(value)
    }

    fn conditional(&mut self) -> Result<Value, Fault> {
        self.deeper(|this| {
            let value = this.binary(1)?;
            if !this.take("?") {
                return Ok(value);
            }
            let then = this.comma()?;
            if !this.take(":") {
                return Err(Fault);
            }
            let otherwise = this.conditional()?;
            this.charge(&[&value, &then, &otherwise])?;
            Ok(Value::choose(&value.truth()?, &then, &otherwise)?)
        })
    }

    /// Operators that bind at least as tightly as `least`; all of them group from the left.
    fn binary(&mut self, least: u8) -> Result<Value, Fault> {
        let mut left = self.unary()?;
        while let Some(Token::Mark(op)) = self.rest.first().copied()
            && let Some(binds) = precedence(op).filter(|binds| *binds >= least)
        {
            self.rest = &self.rest[1..];
            let right = self.binary(binds + 1)?;
            self.charge(&[&left, &right])?;
            left = match op {
                "&&" => Value::Truth(left.truth()?.and(&right.truth()?)?),
                "||" => Value::Truth(left.truth()?.or(&right.truth()?)?),
                _ => Value::operate(&left, op, &right)?,
            };
        }
        Ok(left)
    }

    fn unary(&mut self) -> Result<Value, Fault> {
        if self.take("!") {
            let operand = self.deeper(Self::unary)?;
            return Ok(Value::Truth(operand.truth()?.negate()));
        }
        for op in ["-", "+", "~"] {
            if self.take(op) {
                let operand = self.deeper(Self::unary)?;
                return Ok(Value::Number(operand.number().map(&mut |number| Number::unary(op, number))));
            }
        }
        self.primary()
    }

    fn primary(&mut self) -> Result<Value, Fault> {
        let (token, rest) = self.rest.split_first().ok_or(Fault)?;
        self.rest = rest;
        self.scope.spend(1)?;
        match *token {
            Token::Integer(integer) => Ok(Value::Number(Tree::Leaf(Number::Known(integer)))),
            Token::Mark("(") => {
                let value = self.comma()?;
                if self.take(")") { Ok(value) } else { Err(Fault) }
            }
            Token::Name("defined") => self.defined(),
            Token::Name(name) => self.name(name),
            Token::Mark(_) | Token::Other(_) => Err(Fault),
        }
    }

    /// `defined X` or `defined(X)`.
    fn defined(&mut self) -> Result<Value, Fault> {
        let parentheses = self.take("(");
        let Some((Token::Name(name), rest)) = self.rest.split_first() else {
            return Err(Fault);
        };
        self.rest = rest;
        if parentheses && !self.take(")") {
            return Err(Fault);
        }
        Ok(Value::Truth(self.scope.defined(name)?))
    }

    fn name(&mut self, name: &str) -> Result<Value, Fault> {
        if let Some(value) = self.arguments.get(name) {
            return Ok(value.clone());
        }
        if self.rest.first() != Some(&Token::Mark("(")) {
            return Ok(self.scope.meaning(name)?.value);
        }
        let arguments = self.brackets()?;
        if is_query(name) {
            return Ok(Value::opaque(&format!("{name}({})", token::spell(arguments))));
        }
        let values: Vec<Value> =
            split_arguments(arguments).into_iter().map(|tokens| self.argument(tokens)).collect::<Result<_, _>>()?;
        self.call(name, &values, arguments)
    }

    /// An argument that is no expression has a value that cannot be told.
    fn argument(&mut self, tokens: &[Token<'t>]) -> Result<Value, Fault> {
        let value = self.deeper(|this| {
            let arguments = this.arguments;
            this.scope.value(tokens, arguments)
        });
        value.or_else(|fault| if self.scope.steps == 0 { Err(fault) } else { Ok(Value::opaque(&token::spell(tokens))) })
    }

    fn call(&mut self, name: &str, values: &[Value], arguments: &[Token<'t>]) -> Result<Value, Fault> {
        if let Some(packed) = packed_version(name, values) {
            return Ok(packed?);
        }
        self.scope.consult(name);
        let macros = self.scope.macros;
        if macros.look_up(name).is_some_and(|known| !known.definitions.is_empty()) {
            let before = self.scope.depth;
            self.scope.depth += 1;
            let meaning = if before < MAX_DEPTH { self.scope.combined(name, Some(values)) } else { Err(Fault) };
            self.scope.depth = before;
            return Ok(meaning?.value);
        }
        Ok(Value::opaque(&format!("{name}({})", token::spell(arguments))))
    }

    /// The tokens between parentheses that balance.
    fn brackets(&mut self) -> Result<&'a [Token<'t>], Fault> {
        let mut depth = 0_usize;
        let end = self.rest.iter().position(|token| {
            match token {
                Token::Mark("(") => depth += 1,
                Token::Mark(")") => depth -= 1,
                _ => {}
            }
            depth == 0
        });
        let (inside, rest) = self.rest.split_at(end.ok_or(Fault)?);
        self.rest = &rest[1..];
        Ok(&inside[1..])
    }

    fn take(&mut self, mark: &str) -> bool {
        match self.rest.split_first() {
            Some((Token::Mark(first), rest)) if *first == mark => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    fn deeper<T>(&mut self, f: impl FnOnce(&mut Self) -> Result<T, Fault>) -> Result<T, Fault> {
        if self.scope.depth >= MAX_DEPTH {
            return Err(Fault);
        }
        self.scope.depth += 1;
        let result = f(self);
        self.scope.depth -= 1;
        result
    }

    /// Pays for combining values; refuses those that have grown too large.
    fn charge(&mut self, values: &[&Value]) -> Result<(), Fault> {
        let leaves: Vec<usize> = values.iter().map(|value| value.leaves()).collect();
        if leaves.iter().any(|leaves| *leaves > MAX_LEAVES) {
            return Err(Fault);
        }
        self.scope.spend(leaves.iter().product())
    }
}

/// The arguments of a call, split at commas outside inner parentheses. `F()` has none.
fn split_arguments<'a, 't>(tokens: &'a [Token<'t>]) -> Vec<&'a [Token<'t>]> {
    if tokens.is_empty() {
        return Vec::new();
    }
    let mut depth = 0_usize;
    let is_comma = |token: &Token<'_>| {
        match token {
            Token::Mark("(") => depth += 1,
            Token::Mark(")") => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && *token == Token::Mark(",")
    };
    tokens.split(is_comma).collect()
}

/// `Py_PACK_VERSION(major, minor)` and `Py_PACK_FULL_VERSION(major, minor, micro, level, serial)`: packages use them with a
/// backport, so their value does not depend on the version.
fn packed_version(name: &str, values: &[Value]) -> Option<Result<Value, TooLarge>> {
    let shifts: &[i64] = match (name, values.len()) {
        ("Py_PACK_VERSION", 2) => &[24, 16],
        ("Py_PACK_FULL_VERSION", 5) => &[24, 16, 8, 4, 0],
        _ => return None,
    };
    let mut parts = values.iter().zip(shifts);
    Some(parts.try_fold(Value::known(0), |sum, (part, shift)| {
        let shifted = Value::operate(part, "<<", &Value::known(*shift))?;
        Value::operate(&sum, "|", &shifted)
    }))
}
