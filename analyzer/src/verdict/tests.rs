//! Precedence and levels, on findings made by hand.
