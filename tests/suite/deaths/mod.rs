//! Every way to die: killed at each call that touches the disk, and a disk that fails at each of them. Afterwards the
//! database is whole, and the same command again ends where an undisturbed run does.
//!
//! They need `strace`, which injects the deaths, and say so where they are skipped. The normal run takes a share of
//! the calls, spread over the whole run; all of them: `cargo test --test suite deaths:: -- --ignored --nocapture`.

#![expect(clippy::print_stderr, reason = "a skipped test says so, and a long one how much it did")]

mod disk;
pub mod harness;
mod kill;
mod power;
