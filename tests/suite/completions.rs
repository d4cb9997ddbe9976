//! Completion, in the shells themselves: hostile names come out as text and run nothing; nothing is made, changed or
//! told on the way.

#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says why it is skipped"
)]

use std::process::Command;

use crate::support::Sandbox;

/// A name that would leave a file behind in any shell that ran a part of it.
const HOSTILE: &str = r#"Evil $(touch ran) `touch ran` 'a' "b" \c; touch ran & > ran #*?{x,y}~=!"#;

fn portfolio() -> Sandbox {
    let sandbox = Sandbox::new();
    let quoted = HOSTILE.replace('"', "\"\"");
    let rows = format!(
        "account,external_id,kpi,value\nTech Corp,t-1,NPS,40\nTempo,t-2,NPS,50\nÄrger & Söhne,t-3,NPS,1\n\"{quoted}\",t-4,NPS,2\n"
    );
    sandbox.write("kpis.csv", rows);
    sandbox.run(["ingest", "kpis", "kpis.csv"]).ok();
    sandbox.write("theirs.csv", "account,kpi,value\nTechnical Secrets,NPS,1\n");
    sandbox.run(["ingest", "kpis", "theirs.csv", "--customer", "other"]).ok();
    sandbox
}

fn asked(sandbox: &Sandbox, line: &str) -> String {
    let outcome = sandbox.run(["__complete", "fish", line]);
    assert_eq!(outcome.ok().stderr, "", "{line}");
    outcome.stdout.clone()
}

fn words(sandbox: &Sandbox, line: &str) -> Vec<String> {
    let answer = asked(sandbox, line);
    answer.lines().skip(1).map(|line| line.split('\t').next().unwrap().to_owned()).collect()
}

/// Runs a script with `acctsnap` on the path; None where there is no such shell.
fn in_shell(sandbox: &Sandbox, shell: &str, script: &str) -> Option<String> {
    if Command::new(shell).arg("--version").output().is_err() {
        eprintln!("skipped: there is no {shell} here");
        return None;
    }
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_acctsnap"));
    let path =
        format!("{}:{}", program.parent().unwrap().display(), std::env::var("PATH").unwrap_or_default());
    sandbox.run(["completions", shell, "-o", "script"]).ok();
    let flags: &[&str] = match shell {
        "bash" => &["--norc", "--noprofile"],
        "zsh" => &["-f"],
        _ => &["--no-config"],
    };
    let arguments = flags.iter().copied().chain(["-c", script]);
    let outcome = sandbox.program(shell, arguments).env("PATH", path).run();
    assert!(!sandbox.path("ran").exists(), "a name was run by {shell}\n{}", outcome.transcript());
    Some(outcome.stdout)
}

#[test]
fn names_of_the_customer_alone_are_offered() {
    let sandbox = portfolio();
    assert_eq!(words(&sandbox, "acctsnap latest -a Te"), ["Tech Corp", "Tempo"]);
    assert_eq!(words(&sandbox, "acctsnap latest -a te"), ["Tech Corp", "Tempo"]);
    assert_eq!(words(&sandbox, "acctsnap latest --account=Te"), ["--account=Tech Corp", "--account=Tempo"]);
    assert_eq!(words(&sandbox, "acctsnap --customer other latest -a Te"), ["Technical Secrets"]);
    assert_eq!(words(&sandbox, "acctsnap accounts show t-"), ["t-1", "t-2", "t-3", "t-4"]);
    assert_eq!(words(&sandbox, "acctsnap latest -a ext:t-1"), ["ext:t-1"]);
    assert_eq!(words(&sandbox, "acctsnap flush --customer o"), ["other"]);
}

#[test]
fn commands_flags_fields_and_schemas_are_offered() {
    let sandbox = Sandbox::new();
    for (line, word) in [
        ("acctsnap lat", "latest"),
        ("acctsnap snapshots l", "list"),
        ("acctsnap latest --crea", "--create-missing"),
        ("acctsnap latest --format js", "json"),
        ("acctsnap latest --field overall_health_sc", "overall_health_score"),
        ("acctsnap schema uploa", "uploads"),
        ("acctsnap compare -a x pre", "previous"),
        ("acctsnap snapshot list --type rag", "rag_auto"),
    ] {
        assert!(words(&sandbox, line).iter().any(|offered| offered == word), "{line}");
    }
    assert_eq!(asked(&sandbox, "acctsnap ingest kpis "), "files\n");
    assert!(words(&sandbox, "acctsnap __").is_empty());
}

#[test]
fn whatever_goes_wrong_nothing_is_made_and_nothing_told() {
    let sandbox = Sandbox::new();
    assert_eq!(asked(&sandbox, "acctsnap latest -a "), "words\n");
    assert!(!sandbox.path("test.db").exists());
    sandbox.write("test.db", "this is no database, though it is long enough to be looked at");
    assert_eq!(asked(&sandbox, "acctsnap latest -a "), "words\n");
    sandbox.write("snapshots.toml", "[[[");
    assert_eq!(asked(&sandbox, "acctsnap latest -a "), "words\n");
    let outcome = sandbox.run(["completions", "bash", "--json"]);
    outcome.fails_with(2);
    sandbox.run(["completions", "tcsh"]).fails_with(2);
}

#[test]
fn bash_reads_back_the_very_name() {
    let sandbox = portfolio();
    let script = r#"source ./script
complete_line() {
    COMP_LINE=$1 COMP_POINT=${#1} COMP_WORDBREAKS=$' \t\n"\'@><=;|&(:' COMPREPLY=()
    _acctsnap
}
complete_line 'acctsnap latest -a Ev'
eval "words=(${COMPREPLY[0]})"; printf '%s|%s\n' "${#words[@]}" "${words[0]}"
complete_line "acctsnap latest -a 'Ev"
eval "words=('${COMPREPLY[0]}')"; printf '%s|%s\n' "${#words[@]}" "${words[0]}"
complete_line 'acctsnap latest --account=Tech\ '
printf '%s|%s\n' "${#COMPREPLY[@]}" "${COMPREPLY[0]}"
"#;
    let Some(said) = in_shell(&sandbox, "bash", script) else { return };
    assert_eq!(said, format!("1|{HOSTILE}\n1|{HOSTILE}\n1|Tech\\ Corp\n"));
}

#[test]
fn fish_offers_the_names_as_they_are() {
    let sandbox = portfolio();
    let script = "source ./script; complete -C 'acctsnap latest -a Te'; complete -C 'acctsnap latest -a Ev'";
    let Some(said) = in_shell(&sandbox, "fish", script) else { return };
    let offered: Vec<&str> = said.lines().collect();
    assert_eq!(offered.len(), 3, "{said}");
    assert!(offered[0].starts_with("Tech") && offered[2].starts_with("Evil"), "{said}");
}

#[test]
fn zsh_puts_the_quoted_name_into_the_line() {
    let sandbox = portfolio();
    // A real interactive zsh behind a pseudo terminal: what stands in its line after the tab is written to a file,
    // then read back as words.
    let script = r#"zmodload zsh/zpty
zpty z "PS1=READY zsh -f -i"
zpty -w z 'autoload -Uz compinit && compinit -u -d ./dump; source ./script; unsetopt beep bang_hist'
zpty -w z 'report() { print -r -- "$BUFFER" > ./line; BUFFER=; zle accept-line }; zle -N report; bindkey "^X" report; print LOAD""ED'
zpty -r z said '*LOADED*'
zpty -w -n z $'acctsnap latest -a Ev\t\C-x'
for attempt in {1..200}; do [[ -s ./line ]] && break; sleep 0.1; done
zpty -d z
words=(${(z)"$(<./line)"}); print -r -- "${#words}|${(Q)words[4]}"
"#;
    let Some(said) = in_shell(&sandbox, "zsh", script) else { return };
    assert_eq!(said, format!("4|{HOSTILE}\n"));
}
