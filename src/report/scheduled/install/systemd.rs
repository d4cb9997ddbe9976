//! A service and its timer, for the system's systemd (systemd.exec(5), systemd.timer(5)).

use super::{InstallFile, InstallPaths, MINUTE};

const FOLDER: &str = "/etc/systemd/system";

/// What the service may not do: it reads its files and writes beside its database, and that is all.
const HARDENING: &str = "\
NoNewPrivileges=yes
CapabilityBoundingSet=
ProtectSystem=strict
ProtectHome=read-only
PrivateDevices=yes
ProtectClock=yes
ProtectHostname=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
RestrictAddressFamilies=AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
UMask=0077
";

/// The service: one run, tried again where the database stayed busy.
pub(super) fn service(paths: &InstallPaths) -> InstallFile {
    let command = paths.words().into_iter().map(word).collect::<Vec<_>>().join(" ");
    let user = paths.user.as_ref().map_or_else(String::new, |user| format!("User={}\n", specifiers(user)));
    let folder = quoted(&specifiers(&paths.folder));
    let contents = format!(
        "[Unit]\n\
         Description=acctsnap: the snapshots that are due\n\
         StartLimitIntervalSec=50min\n\
         StartLimitBurst=5\n\
         \n\
         [Service]\n\
         Type=oneshot\n\
         {user}\
         ExecStart={command} scheduled run\n\
         # A database that stayed busy (exit 6) is tried again; any other failure waits for the next hour.\n\
         Restart=on-failure\n\
         RestartPreventExitStatus=1 2 3 4 5 7 8 9 10\n\
         RestartSec=2min\n\
         \n\
         ReadWritePaths={folder}\n\
         {}\
         {HARDENING}\
         \n\
         # A nightly batch is a service of its own: every file, then one snapshot an account with everything in it.\n\
         # Type=oneshot\n\
         # SuccessExitStatus=3\n\
         # ExecStart={command} ingest kpis /path/to/kpis.csv --defer\n\
         # ExecStart={command} flush --now\n",
        private_tmp(paths),
    );
    InstallFile { path: format!("{FOLDER}/acctsnap-scheduled.service"), contents }
}

/// The timer: every hour, at once where the machine was off, and not to the second with every other timer.
pub(super) fn timer() -> InstallFile {
    let contents = format!(
        "[Unit]\n\
         Description=acctsnap: every hour the snapshots that are due\n\
         \n\
         [Timer]\n\
         OnCalendar=*-*-* *:{MINUTE:02}:00 UTC\n\
         Persistent=true\n\
         RandomizedDelaySec=2min\n\
         \n\
         [Install]\n\
         WantedBy=timers.target\n"
    );
    InstallFile { path: format!("{FOLDER}/acctsnap-scheduled.timer"), contents }
}

/// A private `/tmp` would hide what lies in the real one.
fn private_tmp(paths: &InstallPaths) -> &'static str {
    let is_temporary = |path: &String| path.starts_with("/tmp/") || path.starts_with("/var/tmp/");
    match [&paths.program, &paths.database].into_iter().chain(&paths.config).any(is_temporary) {
        true => "",
        false => "PrivateTmp=yes\n",
    }
}

/// A word of a command line, in which `$` begins a variable.
fn word(text: &str) -> String {
    quoted(&specifiers(text).replace('$', "$$"))
}

fn specifiers(text: &str) -> String {
    text.replace('%', "%%")
}

fn quoted(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-+:@,=%$".contains(c);
    match text.chars().all(is_plain) && !text.is_empty() {
        true => text.to_owned(),
        false => format!("\"{}\"", text.replace('\\', r"\\").replace('"', "\\\"")),
    }
}
