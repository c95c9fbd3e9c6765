//! Keywords of C and C++, by the role they play in declarations and expressions.

/// The role of an identifier.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Word {
    /// An ordinary name.
    #[default]
    Name,
    /// `struct`, `union`, `class`.
    Record,
    /// `enum`.
    Enum,
    /// A type by itself: `int`, `size_t`.
    Builtin,
    /// `auto`, `__auto_type`.
    Auto,
    /// `const`, `volatile`, `inline`: says nothing about the type.
    Qualifier,
    /// `static`, `thread_local`.
    Static,
    /// `extern`.
    Extern,
    /// `typedef`.
    Typedef,
    /// `__attribute__`, `__declspec`, `alignas`: a parenthesis follows that is no parameter list.
    Attribute,
    /// `typeof`, `decltype`: a parenthesis follows that stands for a type.
    TypeOf,
    /// `sizeof`, `_Alignof`.
    Sizeof,
    /// `offsetof`.
    Offsetof,
    /// `return`, `case`, `throw`, `goto`, `co_return`: an expression follows.
    Return,
    /// `else`, `do`, `try`: a statement follows.
    Else,
    /// `if`, `while`, `switch`, `for`, `catch`: a parenthesis follows that may declare.
    Control,
    /// `template`.
    Template,
    /// `namespace`.
    Namespace,
    /// `using`.
    Using,
    /// `operator`.
    Operator,
    /// `new`.
    New,
    /// `delete`, `break`, `continue`, `default`.
    Simple,
    /// `public`, `protected`, `private`.
    Visibility,
    /// `static_cast` and its like.
    NamedCast,
    /// `this`.
    This,
    /// `typename`.
    Typename,
}

impl Word {
    /// Whether it is an ordinary name in C.
    pub(crate) fn is_cpp_only(self) -> bool {
        matches!(
            self,
            Self::Template
                | Self::Namespace
                | Self::Using
                | Self::Operator
                | Self::New
                | Self::Visibility
                | Self::This
                | Self::Typename
                | Self::NamedCast
        )
    }

    /// The role of `text`.
    pub(super) fn of(text: &[u8]) -> Self {
        match text {
            b"struct" | b"union" | b"class" => Self::Record,
            b"enum" => Self::Enum,
            b"void" | b"char" | b"short" | b"int" | b"long" | b"float" | b"double" | b"signed" | b"unsigned"
            | b"bool" | b"_Bool" | b"_Complex" | b"__int128" | b"__int64" | b"wchar_t" | b"size_t" | b"ssize_t"
            | b"ptrdiff_t" | b"int8_t" | b"int16_t" | b"int32_t" | b"int64_t" | b"uint8_t" | b"uint16_t"
            | b"uint32_t" | b"uint64_t" | b"intptr_t" | b"uintptr_t" | b"FILE" | b"va_list" | b"Py_ssize_t"
            | b"Py_hash_t" | b"Py_uhash_t" => Self::Builtin,
            b"auto" | b"__auto_type" => Self::Auto,
            b"const" | b"volatile" | b"register" | b"inline" | b"restrict" | b"__restrict" | b"__restrict__"
            | b"__inline" | b"__inline__" | b"__forceinline" | b"__volatile__" | b"__const" | b"constexpr"
            | b"consteval" | b"constinit" | b"explicit" | b"virtual" | b"mutable" | b"friend" | b"final"
            | b"override" | b"noexcept" | b"__extension__" | b"_Noreturn" | b"_Atomic" | b"__cdecl" | b"__stdcall"
            | b"__fastcall" => Self::Qualifier,
            b"static" | b"thread_local" | b"_Thread_local" | b"__thread" => Self::Static,
            b"extern" => Self::Extern,
            b"typedef" => Self::Typedef,
            b"__attribute__" | b"__attribute" | b"__declspec" | b"alignas" | b"_Alignas" | b"asm" | b"__asm__"
            | b"__asm" => Self::Attribute,
            b"typeof" | b"__typeof__" | b"__typeof" | b"decltype" => Self::TypeOf,
            b"sizeof" | b"_Alignof" | b"alignof" | b"__alignof__" => Self::Sizeof,
            b"offsetof" | b"__builtin_offsetof" => Self::Offsetof,
            b"return" | b"case" | b"throw" | b"goto" | b"co_return" | b"co_yield" | b"co_await" => Self::Return,
            b"else" | b"do" | b"try" => Self::Else,
            b"if" | b"while" | b"switch" | b"for" | b"catch" => Self::Control,
            b"template" => Self::Template,
            b"namespace" => Self::Namespace,
            b"using" => Self::Using,
            b"operator" => Self::Operator,
            b"new" => Self::New,
            b"delete" | b"break" | b"continue" | b"default" => Self::Simple,
            b"public" | b"protected" | b"private" => Self::Visibility,
            b"static_cast" | b"reinterpret_cast" | b"const_cast" | b"dynamic_cast" => Self::NamedCast,
            b"this" => Self::This,
            b"typename" => Self::Typename,
            _ => Self::Name,
        }
    }
}
