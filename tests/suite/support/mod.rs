//! A hermetic place to run the program in: a folder of its own, nothing of the caller's environment but `PATH`.
//!
//! A test binary takes it in with `pub mod support;` and must never run the program in any other way: the
//! developer's own database, config, time zone and language would leak in.

pub mod book;
pub mod chain;
pub mod direct;
pub mod golden;
pub mod outcome;
pub mod random;
pub mod shape;

use std::ffi::{OsStr, OsString};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::{env, fs, thread};

pub use outcome::Outcome;

/// The actor whom the program sees, unless a test says otherwise.
pub const ACTOR: &str = "tester@example";

/// A folder that lives as long as the test: working folder, home and database of every run in it.
#[derive(Debug)]
pub struct Sandbox {
    folder: tempfile::TempDir,
}

#[expect(clippy::expect_used, reason = "a test without its sandbox cannot go on")]
impl Sandbox {
    /// An empty one.
    #[expect(clippy::new_without_default, reason = "an empty folder is made, not a value")]
    pub fn new() -> Self {
        let folder = tempfile::Builder::new().prefix("acctsnap-").tempdir().expect("a folder for the test");
        let sandbox = Self { folder };
        for name in ["home", "tmp"] {
            fs::create_dir(sandbox.path(name)).expect("a folder in the sandbox");
        }
        sandbox
    }

    /// Where a file of this name lies; the file need not exist.
    pub fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file, with the folders above it.
    pub fn write(&self, name: impl AsRef<Path>, contents: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("the folder of the file");
        fs::write(&path, contents).expect("the file in the sandbox");
        path
    }

    /// The text of a file.
    pub fn read(&self, name: impl AsRef<Path>) -> String {
        fs::read_to_string(self.path(name)).expect("a text file in the sandbox")
    }

    /// Copies a file of `examples/` here, under its own name without folders.
    pub fn copy_example(&self, name: &str) -> PathBuf {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name);
        let contents = fs::read(&source).expect("a file of examples/");
        self.write(source.file_name().expect("an example is a file"), contents)
    }

    /// Runs acctsnap and waits for it.
    pub fn run<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Outcome {
        self.command(arguments).run()
    }

    /// Prepares a run of acctsnap.
    pub fn command<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Invocation {
        self.program(env!("CARGO_BIN_EXE_acctsnap"), arguments)
    }

    /// Prepares a run of any program under the same conditions.
    pub fn program<A: AsRef<OsStr>>(
        &self,
        program: impl AsRef<OsStr>,
        arguments: impl IntoIterator<Item = A>,
    ) -> Invocation {
        let mut command = Command::new(program);
        command.env_clear().current_dir(self.folder.path());
        command.env("PATH", env::var_os("PATH").unwrap_or_default());
        command.env("HOME", self.path("home")).env("TMPDIR", self.path("tmp"));
        command.env("XDG_CONFIG_HOME", self.path("home/.config"));
        command.env("XDG_DATA_HOME", self.path("home/.local/share"));
        command.env("TZ", "UTC").env("LANG", "C.UTF-8");
        command.env("ACCTSNAP_ACTOR", ACTOR).env("ACCTSNAP_DB", self.path("test.db"));
        // Where branches are counted, those of the program are.
        command.envs(env::var_os("LLVM_PROFILE_FILE").map(|file| ("LLVM_PROFILE_FILE", file)));
        let arguments = arguments.into_iter().map(|argument| argument.as_ref().to_owned()).collect();
        Invocation { command, arguments, stdin: None, sandbox: self.folder.path().to_owned() }
    }
}

/// A run that is being prepared.
///
/// Its database is `test.db` in the sandbox, given as `ACCTSNAP_DB`, so that a `--db` among the arguments wins.
#[derive(Debug)]
pub struct Invocation {
    command: Command,
    arguments: Vec<OsString>,
    stdin: Option<Vec<u8>>,
    sandbox: PathBuf,
}

#[expect(clippy::expect_used, reason = "a test whose program cannot be run cannot go on")]
impl Invocation {
    /// Takes this instant (RFC 3339) as now.
    #[must_use]
    pub fn at(mut self, instant: &str) -> Self {
        self.arguments.splice(0..0, ["--at".into(), instant.into()]);
        self
    }

    /// Adds an argument.
    #[must_use]
    pub fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.arguments.push(argument.as_ref().to_owned());
        self
    }

    /// Takes another database: a path, relative to the working folder.
    #[must_use]
    pub fn db(self, path: impl AsRef<OsStr>) -> Self {
        self.env("ACCTSNAP_DB", path)
    }

    /// Names no database, so that the config or the default decides.
    #[must_use]
    pub fn without_db(mut self) -> Self {
        self.command.env_remove("ACCTSNAP_DB");
        self
    }

    /// Sets a variable of the environment.
    #[must_use]
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Gives standard input; without it, it is empty.
    #[must_use]
    pub fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.stdin = Some(bytes.into());
        self
    }

    /// Runs in another folder: a path, relative to the sandbox.
    #[must_use]
    pub fn cwd(mut self, folder: impl AsRef<Path>) -> Self {
        self.command.current_dir(self.sandbox.join(folder));
        self
    }

    /// Starts the program without waiting, for tests of crowds and crashes; standard input is empty.
    pub fn spawn(mut self) -> Child {
        self.command.args(&self.arguments);
        self.command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        self.command.spawn().expect("the program starts")
    }

    /// Runs the program and waits for it.
    pub fn run(mut self) -> Outcome {
        self.command.args(&self.arguments);
        self.command.stdin(if self.stdin.is_some() { Stdio::piped() } else { Stdio::null() });
        self.command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = self.command.spawn().expect("the program starts");
        // Fed from a thread of its own: a program that answers while it reads would block both otherwise.
        let feeder = child.stdin.take().zip(self.stdin).map(|(mut pipe, bytes)| {
            thread::spawn(move || drop(pipe.write_all(&bytes))) // one that stops reading early is no failure
        });
        let output = child.wait_with_output().expect("the program ends");
        feeder.map(thread::JoinHandle::join).transpose().expect("standard input was given");
        Outcome::new(&self.sandbox, &self.arguments, output)
    }
}
