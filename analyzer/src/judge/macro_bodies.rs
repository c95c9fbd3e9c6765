//! The bodies of macros, each judged by itself with what its uses say about its parameters.

use crate::lexer::Sym;
use crate::scan::{FileId, Regions, Type, Unit};

use super::level::{Level, Opened};
use super::walk::{Judged, Project, Walk};

/// Judges the bodies of the macros that `unit` defines. Comes after all code, whose calls say what the parameters are.
pub(crate) fn judge_macros(project: &mut Project<'_>, unit: &Unit, file: FileId, out: &mut Judged) {
    let package = project.package;
    let empty = Regions::default();
    // The first pass went file by file, so a file's macros are together.
    let first = package.macros.partition_point(|made| made.file < file);
    let last = package.macros.partition_point(|made| made.file <= file);
    for index in (first..last).rev() {
        let made = &package.macros[index];
        let number = u32::try_from(index).unwrap_or(u32::MAX);
        let body = &unit.line_tokens[made.definition.body.clone()];
        let locals = macro_locals(project, number);
        let expanded = project.expansions.guard(number, made.guard, project.guards);
        let mut walk = Walk::new(project, body, file, unit.cpp, &empty);
        walk.fixed_guard = Some(expanded.unwrap_or(made.guard));
        walk.macro_number = Some(number);
        walk.levels.push(Level::new(Opened::Function(None), 0, 0, 0));
        walk.locals.extend(locals);
        while walk.at < body.len() && walk.has_room() {
            walk.step();
        }
        walk.finish_operand();
        if expanded.is_none() {
            walk.out.not_compiled();
        }
        let times = walk.project.expansions.times(number);
        walk.out.findings.iter_mut().for_each(|finding| finding.expansions = times);
        out.absorb(walk.end());
    }
}

/// The parameters of a macro and the variables that it finds where it is used, with the types that they have there.
fn macro_locals(project: &Project<'_>, number: u32) -> Vec<(Sym, Type)> {
    let made = &project.package.macros[number as usize];
    let parameters = made.definition.parameters.iter().flatten().zip(0..=u8::MAX).map(|(&name, position)| {
        let ty = project.given.parameter(number, made.definition.name, position);
        (name, ty.unwrap_or(Type::UNKNOWN))
    });
    let given = |name| project.given.free(number, made.definition.name, name);
    let free = made.free.iter().filter_map(|&name| Some((name, given(name)?)));
    parameters.chain(free).collect()
}
