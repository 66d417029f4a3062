//! `aiut-server`: the server of a film team.

use std::process::ExitCode;

fn main() -> ExitCode {
    aiut_server::main(std::env::args_os())
}
