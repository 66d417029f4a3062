//! The `aiut` command.

fn main() -> std::process::ExitCode {
    aiut::cli::main()
}
