//! The binary: arguments in, exit code out.

use std::process::ExitCode;

/// Millions of small values are made and dropped; the system's allocator takes about a tenth of the time for that.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    acctsnap::cli::main()
}
