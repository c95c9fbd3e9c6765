//! The `#if`s that a line is in.

use super::Condition;

/// Follows `#if`, `#elif`, `#else` and `#endif`, and knows the condition of the current line. Unbalanced directives
/// are counted and change nothing.
#[derive(Debug, Clone, Default)]
pub struct ConditionStack {
    frames: Vec<Frame>,
    current: Condition,
    /// `#if`s inside each other beyond [`MAX_DEPTH`].
    deeper: usize,
    unbalanced: usize,
}

#[derive(Debug, Clone)]
struct Frame {
    /// The condition around the `#if`.
    outside: Condition,
    /// Where no branch before the current one was taken.
    left: Condition,
    has_else: bool,
}

/// `#if`s inside each other that are told apart; the lines of deeper ones count as `unknown`.
const MAX_DEPTH: usize = 1024;

impl ConditionStack {
    /// When the current line is compiled.
    pub fn current(&self) -> &Condition {
        &self.current
    }

    /// Open `#if`s.
    pub fn depth(&self) -> usize {
        self.frames.len() + self.deeper
    }

    /// Directives so far that had no `#if`, or came after `#else`.
    pub fn unbalanced(&self) -> usize {
        self.unbalanced
    }

    /// `#if`, `#ifdef`, `#ifndef`.
    pub fn begin(&mut self, condition: &Condition) {
        if self.frames.len() >= MAX_DEPTH {
            self.deeper += 1;
            self.current = self.current.and(&Condition::unknown());
            return;
        }
        let outside = self.current.clone();
        self.current = outside.and(condition);
        self.frames.push(Frame { outside, left: condition.negate(), has_else: false });
    }

    /// `#elif`, `#elifdef`, `#elifndef`.
    pub fn elif(&mut self, condition: &Condition) {
        self.branch(condition, false);
    }

    /// `#else`.
    pub fn otherwise(&mut self) {
        self.branch(&Condition::always(), true);
    }

    fn branch(&mut self, condition: &Condition, is_else: bool) {
        if self.deeper > 0 {
            return;
        }
        match self.frames.last_mut() {
            Some(frame) if !frame.has_else => {
                self.current = frame.outside.and(&frame.left.and(condition));
                frame.left = frame.left.and(&condition.negate());
                frame.has_else = is_else;
            }
            _ => self.unbalanced += 1,
        }
    }

    /// `#endif`.
    pub fn end(&mut self) {
        if self.deeper > 0 {
            self.deeper -= 1;
        } else if let Some(frame) = self.frames.pop() {
            self.current = frame.outside;
        } else {
            self.unbalanced += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn c(text: &str) -> Condition {
        text.parse().expect("a condition")
    }

    #[test]
    fn each_branch_excludes_those_before_it() {
        let mut stack = ConditionStack::default();
        stack.begin(&c("python < 3.6"));
        assert_eq!(*stack.current(), c("python < 3.6"));
        stack.elif(&c("python < 3.9"));
        assert_eq!(*stack.current(), c("python >= 3.6 and python < 3.9"));
        stack.begin(&c("limited"));
        stack.otherwise();
        assert_eq!(*stack.current(), c("python >= 3.6 and python < 3.9 and not limited"));
        stack.end();
        stack.otherwise();
        assert_eq!(*stack.current(), c("python >= 3.9"));
        stack.end();
        assert!(stack.current().is_always());
        assert_eq!((stack.depth(), stack.unbalanced()), (0, 0));
    }

    #[test]
    fn a_branch_that_cannot_be_told_leaves_the_others_untold_but_dead_code_dead() {
        let mut stack = ConditionStack::default();
        stack.begin(&Condition::unknown());
        stack.otherwise();
        assert!(stack.current().is_unknown());
        stack.begin(&Condition::never());
        assert!(stack.current().is_never());
    }

    #[test]
    fn unbalanced_directives_change_nothing() {
        let mut stack = ConditionStack::default();
        stack.end();
        stack.otherwise();
        stack.elif(&c("debug"));
        assert!(stack.current().is_always());
        stack.begin(&c("debug"));
        stack.otherwise();
        stack.otherwise();
        stack.elif(&c("limited"));
        assert_eq!(*stack.current(), c("not debug"));
        assert_eq!(stack.unbalanced(), 5);
    }

    #[test]
    fn a_hundred_thousand_open_ifs_are_counted_and_closed() {
        let mut stack = ConditionStack::default();
        for _ in 0..100_000 {
            stack.begin(&c("debug"));
            stack.otherwise();
            stack.elif(&c("limited"));
        }
        assert_eq!(stack.depth(), 100_000);
        for _ in 0..100_000 {
            stack.end();
        }
        assert_eq!(stack.depth(), 0);
        assert!(stack.current().is_always());
    }
}
