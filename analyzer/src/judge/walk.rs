//! The walk over one file's tokens.

use std::collections::BTreeMap;

use hashbrown::HashSet;
use rustc_hash::FxBuildHasher;

use crate::Condition;
use crate::lexer::{Directive, Kind, Names, Sym, Token, Word};
use crate::rules::{self, own::Remaining};
use crate::scan::{self, FastMap, FileId, Guard, Guards, Package, Regions, Syntax, Type, Unit};

use super::expansion::Expansions;
use super::finding::{Finding, Part};
use super::given::Given;
use super::kept::{KeptStates, State};
use super::lambda::Lambda;
use super::level::{Level, Opened, Operand, Parameters, Prefix};
use super::locals::Locals;
use super::member_name::MemberNames;
use super::near::NearMacros;
use super::resolve::Resolver;

/// How many levels are searched for the function around, from the innermost: a bound for hostile nesting.
pub(super) const MAX_LEVELS: usize = 256;

/// What all files of a package share while they are judged.
pub(crate) struct Project<'a> {
    /// The identifiers.
    pub(crate) names: &'a mut Names,
    /// The package's own declarations.
    pub(crate) package: &'a Package,
    /// The files, by their number.
    pub(crate) units: &'a [Unit],
    /// The conditions.
    pub(crate) guards: &'a mut Guards,
    /// Types of members.
    pub(crate) resolver: &'a mut Resolver,
    /// The types that uses of macros give to their bodies.
    pub(crate) given: Given,
    /// Where macros are expanded.
    pub(crate) expansions: &'a mut Expansions,
    /// Arguments that macros use as names of members.
    pub(crate) member_names: &'a mut MemberNames,
    /// The macros that names mean in the file being judged.
    pub(crate) near: NearMacros,
    /// An empty table of local variables, whose memory each walk uses again.
    pub(crate) locals: Locals,
    /// When a name means CPython's, by file, name and condition of the use.
    pub(crate) remaining: FastMap<(FileId, Sym, Guard), Option<Remaining>>,
    /// Names of CPython's that a file declares inside of functions.
    pub(crate) prototypes: HashSet<(FileId, Sym), FxBuildHasher>,
    /// Where a macro does something with an argument, by file, macro and position.
    pub(crate) kept: FastMap<(FileId, Sym, u8), Guard>,
    /// The condition of debug builds.
    pub(crate) debug: Guard,
    /// The condition of limited mode.
    pub(crate) limited: Condition,
    /// The types of macros' expansions, as far as they were asked for, and how many are being worked out.
    pub(crate) values: FastMap<u32, Type>,
    pub(crate) values_asked: u8,
    /// Tokens that macros may still be expanded to: a bound for all uses in the package together.
    pub(crate) expansion_left: usize,
    /// Findings that the package may still have.
    pub(crate) findings_left: usize,
    /// Findings in other files than the one being walked: names in the bodies of macros.
    pub(crate) elsewhere: Vec<(FileId, Finding)>,
}

impl Project<'_> {
    /// Whether `file` declares this name of CPython's inside of a function.
    pub(crate) fn is_declared_inside(&self, file: FileId, name: Sym) -> bool {
        !self.prototypes.is_empty() && self.prototypes.contains(&(file, name))
    }
}

/// What one file gave.
#[derive(Debug, Default)]
pub(crate) struct Judged {
    /// The findings, in no particular order.
    pub(crate) findings: Vec<Finding>,
    /// Accesses to ambiguous member names whose structure could not be told.
    pub(crate) unresolved: BTreeMap<String, u64>,
    /// When an `#error` ends the build.
    pub(crate) errors: Vec<Guard>,
}

/// State of the walk.
pub(crate) struct Walk<'a, 'p> {
    pub(crate) project: &'a mut Project<'p>,
    pub(crate) code: &'a [Token],
    pub(crate) file: FileId,
    pub(crate) cpp: bool,
    pub(crate) regions: &'a Regions,
    pub(crate) levels: Vec<Level>,
    pub(crate) prefixes: Vec<Prefix>,
    pub(crate) locals: Locals,
    pub(crate) at: usize,
    pub(crate) guard: Guard,
    /// The first token that may have another condition than the current one.
    next_guard: usize,
    /// The condition when the walk is over a macro's body, where the code's regions do not apply.
    pub(super) fixed_guard: Option<Guard>,
    /// The macro whose body it is.
    pub(crate) macro_number: Option<u32>,
    /// Whether the file includes CPython's internal headers, and so can mean what only they have.
    pub(crate) sees_internals: bool,
    pub(crate) declared_at: usize,
    /// The type in front of the `::` at this index, where it is a template with its arguments.
    pub(crate) qualifier: Option<(usize, Type)>,
    /// Lambdas whose braces are ahead.
    pub(crate) lambdas: Vec<Lambda>,
    pub(crate) out: Judged,
}

/// Judges the code of `unit`.
pub(crate) fn judge_file(
    project: &mut Project<'_>,
    unit: &Unit,
    file: FileId,
    regions: &Regions,
    source: &[u8],
) -> Judged {
    let mut walk = Walk::new(project, &unit.code, file, unit.cpp, regions);
    let mut kept = KeptStates::default();
    let mut lines = unit.lines.iter().zip(&regions.lines).peekable();
    while walk.at < walk.code.len() && walk.has_room() {
        while let Some((line, guard)) = lines.next_if(|(line, _)| line.code_at <= walk.at) {
            walk.branch(line.directive, &mut kept);
            if *guard != Guard::NEVER && scan::is_error(line, source) {
                walk.out.errors.push(*guard);
            }
            if line.directive == Directive::Include {
                walk.out.findings.extend(rules::internal_header::check(line, source, *guard));
            }
        }
        walk.step();
    }
    walk.end()
}

impl Judged {
    /// Nothing of it is compiled as it stands: what is made of it is judged by itself.
    pub(crate) fn not_compiled(&mut self) {
        for finding in &mut self.findings {
            finding.part = Part { compiled: Some(Guard::NEVER), ..Part::default() };
        }
    }

    pub(super) fn absorb(&mut self, other: Self) {
        self.findings.extend(other.findings);
        self.errors.extend(other.errors);
        for (name, count) in other.unresolved {
            *self.unresolved.entry(name).or_default() += count;
        }
    }
}

impl<'a, 'p> Walk<'a, 'p> {
    pub(super) fn new(
        project: &'a mut Project<'p>,
        code: &'a [Token],
        file: FileId,
        cpp: bool,
        regions: &'a Regions,
    ) -> Self {
        let sees_internals = project.package.sees_internals(file);
        let locals = std::mem::take(&mut project.locals);
        Self {
            project,
            code,
            file,
            cpp,
            regions,
            levels: vec![Level::new(Opened::Outer, 0, 0, 0)],
            prefixes: Vec::new(),
            locals,
            at: 0,
            guard: Guard::ALWAYS,
            next_guard: 0,
            fixed_guard: None,
            macro_number: None,
            sees_internals,
            declared_at: usize::MAX,
            qualifier: None,
            lambdas: Vec::new(),
            out: Judged::default(),
        }
    }

    /// Whether more may be found.
    pub(super) fn has_room(&mut self) -> bool {
        let has_room = self.out.findings.len() < self.project.findings_left;
        if !has_room {
            self.project.names.remaining.cut();
        }
        has_room
    }

    /// What was found.
    pub(super) fn end(mut self) -> Judged {
        self.project.findings_left = self.project.findings_left.saturating_sub(self.out.findings.len());
        self.locals.truncate(0);
        self.project.locals = self.locals;
        self.out
    }

    pub(crate) fn syntax(&self) -> Syntax<'_> {
        Syntax::new(self.code, self.project.names, self.cpp)
    }

    pub(crate) fn kind(&self, at: usize) -> Kind {
        self.code.get(at).map_or(Kind::End, |t| t.kind)
    }

    pub(crate) fn sym(&self, at: usize) -> Sym {
        self.code.get(at).map_or(Sym::NONE, |t| t.sym)
    }

    pub(crate) fn word(&self, at: usize) -> Option<Word> {
        self.syntax().word(at)
    }

    /// The kind of the token before the current one.
    pub(crate) fn before(&self) -> Kind {
        self.at.checked_sub(1).map_or(Kind::End, |at| self.kind(at))
    }

    /// The innermost level. There is always one: the file's is never popped.
    pub(crate) fn top(&mut self) -> &mut Level {
        if self.levels.is_empty() {
            self.levels.push(Level::new(Opened::Outer, 0, 0, 0));
        }
        let last = self.levels.len() - 1;
        &mut self.levels[last]
    }

    pub(crate) fn push(&mut self, opened: Opened) {
        let level = Level::new(opened, self.at, self.prefixes.len(), self.locals.len());
        self.levels.push(level);
    }

    pub(crate) fn guard_at(&self, at: usize) -> Guard {
        self.fixed_guard.unwrap_or_else(|| self.regions.at(at))
    }

    /// At a preprocessor line.
    fn branch(&mut self, directive: Directive, kept: &mut KeptStates) {
        match directive {
            Directive::If | Directive::Ifdef | Directive::Ifndef => {
                kept.enter(&self.levels, &self.prefixes, &self.locals);
            }
            Directive::Elif | Directive::Elifdef | Directive::Elifndef | Directive::Else => {
                if let Some(State { levels, prefixes, locals }) = kept.innermost() {
                    // Locals of the branch before stay known: what one branch declares, code after `#endif` uses.
                    let same_depth = levels.len() <= self.levels.len();
                    let before = self.top().parameters;
                    self.levels.clear();
                    self.levels.extend_from_slice(levels);
                    self.top().alternative = before;
                    self.prefixes.clear();
                    self.prefixes.extend_from_slice(prefixes);
                    if !same_depth {
                        self.locals.put_back(locals);
                    }
                }
            }
            Directive::Endif => kept.leave(),
            _ => {}
        }
    }

    /// One token.
    pub(super) fn step(&mut self) {
        if self.at >= self.next_guard {
            (self.guard, self.next_guard) = match self.fixed_guard {
                Some(guard) => (guard, usize::MAX),
                None => self.regions.run(self.at),
            };
        }
        if self.guard == Guard::NEVER && self.fixed_guard.is_none() {
            self.at += 1;
            return;
        }
        if self.top().start && self.statement_start() {
            return;
        }
        let token = self.code[self.at];
        match token.kind {
            Kind::Ident => return self.identifier(token),
            Kind::Number | Kind::Char | Kind::Str => self.operand(Operand::value(Type::OTHER)),
            Kind::LBrace => self.open_brace(),
            Kind::RBrace => self.close_brace(),
            Kind::Semi => self.semicolon(),
            Kind::LParen => return self.open_parenthesis(),
            Kind::RParen => self.close_parenthesis(),
            Kind::LBracket => return self.open_bracket(),
            Kind::RBracket => self.close_bracket(),
            Kind::Dot | Kind::Arrow => return self.member(token),
            Kind::Comma => self.comma(),
            Kind::Colon => self.colon(),
            _ => self.operator(token.kind),
        }
        self.at += 1;
    }

    fn open_brace(&mut self) {
        let opened = self.brace_kind();
        self.finish_operand();
        if let Opened::Function(_) = opened {
            let parameters = self.top().parameters.take();
            let alternative = self.top().alternative.take();
            self.end_initialisers();
            self.push(opened);
            self.declare_parameters(alternative);
            self.declare_parameters(parameters);
            return;
        }
        if self.cpp && matches!(opened, Opened::Record(_)) {
            rules::layout::check_bases(self);
        }
        self.push(opened);
        self.open_lambda();
    }

    pub(super) fn declare_parameters(&mut self, parameters: Option<Parameters>) {
        let Some(parameters) = parameters else { return };
        let found = self.syntax().parameters(parameters.open, parameters.close);
        self.locals.extend(found);
    }

    fn close_brace(&mut self) {
        // Unbalanced parentheses inside are given up.
        while !self.top().opened.is_brace() {
            self.pop();
        }
        let opened = self.top().opened;
        let lambda = self.top().lambda;
        self.finish_operand();
        if self.levels.len() > 1 {
            self.pop();
        }
        if let Some(result) = lambda {
            self.top().operand = Some(Operand::value(result.as_function()));
            return;
        }
        match opened {
            Opened::Init(ty) => self.top().operand = Some(Operand::value(ty)),
            Opened::Record(_) | Opened::Enum => {}
            _ => self.restart(),
        }
    }

    /// Leaves the innermost level without looking at what it holds.
    pub(crate) fn pop(&mut self) {
        if let Some(level) = self.levels.pop() {
            self.prefixes.truncate(level.prefixes);
            if level.opened.has_statements() {
                self.locals.truncate(level.locals);
            }
        }
    }

    fn semicolon(&mut self) {
        // A parenthesis open at a semicolon is a `for`, or broken code that ends here.
        while matches!(self.top().opened, Opened::Paren | Opened::Call(_) | Opened::Index(_)) {
            self.finish_operand();
            self.pop();
        }
        self.finish_operand();
        self.end_auto();
        self.restart();
    }

    /// The parameters of a constructor are no locals any more.
    fn end_initialisers(&mut self) {
        if let Some(before) = self.top().before_initialisers.take() {
            self.locals.truncate(before);
        }
    }

    /// A new statement starts at the next token.
    pub(crate) fn restart(&mut self) {
        self.end_initialisers();
        let top = self.top();
        top.operand = None;
        top.left = Type::UNKNOWN;
        top.joint = super::level::Joint::Fresh;
        top.declaration = None;
        top.parameters = None;
        top.alternative = None;
        top.start = top.opened.has_statements() || top.opened == Opened::Control;
        let prefixes = top.prefixes;
        self.prefixes.truncate(prefixes);
    }

    /// The type of a local of this name.
    pub(crate) fn local(&self, name: Sym) -> Option<Type> {
        self.locals.get(name)
    }

    /// Adds a finding and gives its index.
    pub(crate) fn report(&mut self, mut finding: Finding) -> usize {
        self.narrow(&mut finding);
        self.out.findings.push(finding);
        self.out.findings.len() - 1
    }

    /// Whether the current token names a parameter in the list of a function that is being declared.
    pub(crate) fn is_parameter_name(&self) -> bool {
        let is_list = self.levels.iter().rev().nth(1).and_then(|level| level.parameters);
        let is_inside = is_list.is_some_and(|list| list.open < self.at && self.at < list.close);
        is_inside
            && matches!(self.before(), Kind::Ident | Kind::Star | Kind::Amp)
            && matches!(self.kind(self.at + 1), Kind::Comma | Kind::RParen | Kind::LBracket | Kind::Assign)
    }

    /// Whether the current token is the name of a constant in an enumeration's body.
    pub(crate) fn is_enumerator(&self) -> bool {
        let is_inside = self.levels.last().is_some_and(|level| level.opened == Opened::Enum);
        is_inside && matches!(self.before(), Kind::LBrace | Kind::Comma)
    }

    /// Whether the innermost level is that of a macro's body itself: the body may define functions.
    pub(crate) fn is_macro_level(&self) -> bool {
        self.macro_number.is_some() && self.levels.len() == 2
    }

    /// Whether the walk is over the body of a macro.
    pub(crate) fn is_macro_body(&self) -> bool {
        self.fixed_guard.is_some()
    }

    /// If the token at `at` is a parameter of the macro whose body this is: which.
    pub(crate) fn member_slot(&self, at: usize) -> Option<(u32, u8)> {
        let number = self.macro_number?;
        let parameters = self.project.package.macros[number as usize].definition.parameters.as_ref()?;
        let position = parameters.iter().position(|&name| name == self.sym(at))?;
        Some((number, u8::try_from(position).ok()?))
    }

    /// Whether the walk is in a function's statements, not inside parentheses.
    pub(crate) fn in_statement(&self) -> bool {
        let innermost = self.levels.last().map(|level| level.opened);
        matches!(innermost, Some(Opened::Function(_) | Opened::Block)) && self.macro_number.is_none()
    }

    /// Whether the innermost level is a structure's body.
    pub(crate) fn in_record(&self) -> bool {
        self.levels.last().is_some_and(|level| matches!(level.opened, Opened::Record(_)))
    }

    /// The type of what the innermost initialiser initialises.
    pub(crate) fn initialised_type(&self) -> Type {
        match self.levels.last().map(|level| level.opened) {
            Some(Opened::Init(ty)) => ty,
            _ => Type::UNKNOWN,
        }
    }

    /// Whether the walk is inside a function.
    pub(crate) fn in_function(&self) -> bool {
        self.levels.iter().rev().take(MAX_LEVELS).any(|level| matches!(level.opened, Opened::Function(_)))
    }
}
