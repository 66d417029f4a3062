//! The `aiut` command.

fn main() -> std::process::ExitCode {
    #[cfg(feature = "failpoints")]
    aiut::base::fault::break_as_told();
    aiut::cli::main()
}
