//! Which build of aiut this is.

/// 32 hexadecimal digits that move on with the sources, the locked dependencies and the compiler;
/// `build.rs` computes them. Whatever code computes and a project keeps between runs, to spare the
/// work, is kept for the build that computed it: another one may come to something else.
pub const BUILD: &str = env!("AIUT_BUILD");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_build_has_a_digest() {
        assert_eq!(BUILD.len(), 32);
        assert!(BUILD.bytes().all(|b| b.is_ascii_hexdigit()));
    }
}
