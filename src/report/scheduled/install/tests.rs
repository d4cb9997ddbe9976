//! Paths as cron, the shell and systemd read them.

use super::*;

fn paths() -> InstallPaths {
    InstallPaths {
        program: "/usr/local/bin/acctsnap".to_owned(),
        config: None,
        database: "/var/lib/acctsnap/book.db".to_owned(),
        folder: "/var/lib/acctsnap".to_owned(),
        customer: None,
        user: Some("acctsnap".to_owned()),
    }
}

fn odd() -> InstallPaths {
    InstallPaths {
        config: Some("/srv/50% off/O'Brien $HOME.toml".to_owned()),
        customer: Some("Acme \"Inc\" \\".to_owned()),
        ..paths()
    }
}

fn line<'t>(text: &'t str, start: &str) -> &'t str {
    text.lines().find(|line| line.starts_with(start)).unwrap_or("")
}

#[test]
fn a_plain_crontab_has_plain_words() {
    let text = render(&install(Manager::Cron, &paths()).unwrap());
    assert_eq!(
        line(&text, "7 "),
        "7 * * * * /usr/local/bin/acctsnap --db /var/lib/acctsnap/book.db --wait 10m scheduled run"
    );
}

#[test]
fn odd_paths_are_quoted_for_cron_and_the_shell() {
    let text = render(&install(Manager::Cron, &odd()).unwrap());
    let command = line(&text, "7 ");
    assert!(command.contains(r"--config '/srv/50'\%' off/O'\''Brien $HOME.toml'"), "{command}");
    assert!(command.contains(r#"--customer 'Acme "Inc" \'"#), "{command}");
}

#[test]
fn odd_paths_are_quoted_for_systemd() {
    let text = render(&install(Manager::Systemd, &odd()).unwrap());
    let command = line(&text, "ExecStart=");
    assert!(command.contains(r#"--config "/srv/50%% off/O'Brien $$HOME.toml""#), "{command}");
    assert!(command.contains(r#"--customer "Acme \"Inc\" \\""#), "{command}");
    assert!(command.ends_with(" scheduled run"), "{command}");
}

#[test]
fn a_private_tmp_would_hide_a_database_that_lies_there() {
    let of = |database: &str| {
        let paths = InstallPaths { database: database.to_owned(), ..paths() };
        render(&install(Manager::Systemd, &paths).unwrap()).contains("PrivateTmp=yes")
    };
    assert!(of("/var/lib/book.db") && of("/tmpfs/book.db"));
    assert!(!of("/tmp/book.db") && !of("/var/tmp/x/book.db"));
}

#[test]
fn a_line_break_is_refused() {
    let paths = InstallPaths { database: "/a\n* * * * * evil".to_owned(), ..paths() };
    for manager in [Manager::Cron, Manager::Systemd] {
        assert_eq!(install(manager, &paths).unwrap_err().kind(), ErrorKind::Usage);
    }
}
