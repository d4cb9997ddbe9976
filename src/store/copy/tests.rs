//! Copies of a small database: whole, alone in their folder, and refused where they are not what they should be.

use super::*;

/// A database of the current version with one customer head, in WAL mode as ours are.
fn database(folder: &Path) -> PathBuf {
    let path = folder.join("a.db");
    let connection = Connection::open(&path).unwrap();
    connection.execute_batch("PRAGMA journal_mode = WAL").unwrap();
    migrations::run(&connection, Found::Empty, Timestamp::from_millis(0)).unwrap();
    path
}

fn names_in(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_copy_is_one_file_in_rollback_mode_of_its_owner_alone() {
    let (source, target) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let path = target.path().join("copy.db");
    let store = Store::open_as_it_is(&database(source.path())).unwrap();
    let copy = store.copy_beside(&path, &mut |_| Ok(())).unwrap();
    assert_eq!(copy.holdings, store.holdings().unwrap());
    let (bytes, sha256) = (copy.bytes, copy.sha256.clone());
    copy.place(&path).unwrap();
    assert_eq!(names_in(target.path()), ["copy.db"]);
    let content = std::fs::read(&path).unwrap();
    assert_eq!((content.len() as u64, hex(&Sha256::digest(&content))), (bytes, sha256));
    assert_eq!(content[18..20], [1, 1], "the file format's read and write versions say rollback journal");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn a_copy_that_was_stopped_leaves_nothing() {
    let (source, target) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let store = Store::open_as_it_is(&database(source.path())).unwrap();
    let mut stop = |_| Err(Error::new(ErrorKind::Interrupted, "stopped"));
    let stopped = store.copy_beside(&target.path().join("copy.db"), &mut stop).unwrap_err();
    assert_eq!(stopped.kind(), ErrorKind::Interrupted);
    assert_eq!(names_in(target.path()), [""; 0]);
}

#[test]
fn what_stands_at_the_name_stays() {
    let folder = tempfile::tempdir().unwrap();
    let path = database(folder.path());
    let store = Store::open_as_it_is(&path).unwrap();
    let before = std::fs::read(&path).unwrap();
    let copy = store.copy_beside(&path, &mut |_| Ok(())).unwrap();
    assert_eq!(copy.place(&path).unwrap_err().kind(), ErrorKind::Usage);
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[test]
fn a_copy_with_another_ledger_or_broken_pages_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = database(folder.path());
    let store = Store::open_as_it_is(&path).unwrap();
    let expected = store.holdings().unwrap();
    check(&path, &expected).unwrap();
    let more = Holdings { snapshots: 1, ..expected.clone() };
    assert_eq!(check(&path, &more).unwrap_err().kind(), ErrorKind::Damaged);
    let copy = folder.path().join("copy.db");
    store.copy_beside(&copy, &mut |_| Ok(())).unwrap().place(&copy).unwrap();
    let mut content = std::fs::read(&copy).unwrap();
    let middle = content.len() / 2;
    content[middle..middle + 4096].fill(0x55);
    std::fs::write(&copy, content).unwrap();
    assert_eq!(check(&copy, &expected).unwrap_err().kind(), ErrorKind::Damaged);
}

#[test]
fn what_a_killed_copy_left_is_removed_a_day_later() {
    let folder = tempfile::tempdir().unwrap();
    let (old, young) = (folder.path().join(".acctsnap-copy-old"), folder.path().join(".acctsnap-copy-young"));
    let stranger = folder.path().join("old.db");
    for path in [&old, &young, &stranger] {
        std::fs::write(path, "half").unwrap();
    }
    for path in [&old, &stranger] {
        let file = File::options().write(true).open(path).unwrap();
        file.set_modified(std::time::UNIX_EPOCH).unwrap();
    }
    sweep(folder.path());
    assert_eq!(names_in(folder.path()), [".acctsnap-copy-young", "old.db"]);
}
