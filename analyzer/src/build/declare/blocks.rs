//! What stands around a call in the scripts of Meson and CMake.

use crate::build::calls::{Call, calls};

use super::depends::depends_on;
use super::page::{When, shortened};
use crate::declared::Dependence;

/// A call with its place and its conditions.
pub(super) struct Placed<'a> {
    pub(super) name: &'a str,
    pub(super) arguments: &'a str,
    /// Of the arguments, in the text without comments.
    pub(super) at: usize,
    pub(super) when: When,
}

/// A script with blanks in the place of comments: what is left stands where it stood.
pub(super) fn code(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let comment = line.find('#').unwrap_or(line.len());
        code.push_str(&line[..comment]);
        code.extend(line[comment..].bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
    }
    code
}

/// The calls of a script, with what `if` and `foreach` around them ask about.
pub(super) fn placed<'a>(code: &'a str, opens: &'a [Opening]) -> Vec<Placed<'a>> {
    let place = |call: Call<'a>| {
        // Arguments are a part of the code.
        let at = call.arguments.as_ptr() as usize - code.as_ptr() as usize;
        Placed { name: call.name, arguments: call.arguments, at, when: around(opens, at) }
    };
    calls(code).into_iter().map(place).collect()
}

/// A block: from where to where, and under which condition.
#[derive(Debug)]
pub(super) struct Opening {
    from: usize,
    to: usize,
    condition: String,
    depends_on: Vec<Dependence>,
}

/// Blocks that are kept; real scripts have some hundreds.
const MAX_BLOCKS: usize = 4000;

/// All blocks of the script, outer ones first. Both languages write one statement on a line.
pub(super) fn blocks(code: &str) -> Vec<Opening> {
    let mut found: Vec<Opening> = Vec::new();
    let mut open: Vec<(usize, String, String)> = Vec::new();
    let mut at = 0;
    for line in code.split_inclusive('\n') {
        let text = line.trim();
        let word_end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
        let word = text[..word_end].to_ascii_lowercase();
        let rest = text[word_end..].trim();
        let rest = rest.strip_prefix('(').map_or(rest, |inside| inside.strip_suffix(')').unwrap_or(inside));
        match word.as_str() {
            "if" => open.push((at, rest.to_owned(), String::new())),
            "foreach" | "while" => open.push((at, format!("{word} {rest}"), String::new())),
            "elif" | "elseif" | "else" => {
                if let Some((from, condition, before)) = open.pop() {
                    let others = if before.is_empty() { condition.clone() } else { before };
                    let next = if word == "else" { format!("not ({others})") } else { rest.to_owned() };
                    close(&mut found, from, at, &condition);
                    open.push((at, next, others));
                }
            }
            "endif" | "endforeach" | "endwhile" => {
                if let Some((from, condition, _)) = open.pop() {
                    close(&mut found, from, at, &condition);
                }
            }
            _ => {}
        }
        at += line.len();
        if open.len() > 64 {
            break;
        }
    }
    found.sort_by_key(|block| block.from);
    found
}

fn close(found: &mut Vec<Opening>, from: usize, to: usize, condition: &str) {
    if found.len() < MAX_BLOCKS {
        let condition = shortened(condition);
        found.push(Opening { from, to, depends_on: depends_on(&condition), condition });
    }
}

fn around(blocks: &[Opening], at: usize) -> When {
    let around = blocks.iter().filter(|block| block.from < at && at < block.to);
    around.fold(When::always(), |when, block| when.and(&block.condition, &block.depends_on))
}
