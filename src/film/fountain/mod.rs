//! Fountain, the plain-text screenplay format (<https://fountain.io/syntax>), version 1.1.

mod ast;

pub use ast::*;
