//! What is opened, what is spooled, and what is refused before anything of it is understood.

use super::*;
use crate::error::ErrorKind;

#[test]
fn only_regular_files_are_opened() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(Source::open(folder.path()).unwrap_err().kind(), ErrorKind::InputRefused);
    let absent = Source::open(&folder.path().join("absent.csv")).unwrap_err();
    assert_eq!(absent.kind(), ErrorKind::FileNotFound);
    assert!(absent.message().contains("absent.csv"));
}

#[cfg(unix)]
#[test]
fn a_device_is_refused_with_the_way_out() {
    let error = Source::open(Path::new("/dev/null")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InputRefused);
    assert!(error.hint().unwrap().contains("standard input"));
}

#[test]
fn a_spooled_stream_is_read_twice_and_hashed() {
    let source = Source::spool("-", b"abc".as_slice()).unwrap();
    assert_eq!(source.size(), 3);
    for _ in 0..2 {
        let mut text = String::new();
        source.reader().read_to_string(&mut text).unwrap();
        assert_eq!(text, "abc");
    }
    // FIPS 180-2, appendix B.1
    assert_eq!(source.sha256().unwrap()[..4], [0xba, 0x78, 0x16, 0xbf]);
    assert!(source.confirm_sha256([0; 32]).unwrap_err().message().contains("changed"));
}

#[test]
fn a_stream_that_never_ends_is_refused() {
    let error = Source::spool("-", std::io::repeat(0)).unwrap_err();
    assert_eq!(error.message(), "- is nothing but NUL bytes");
    let spool = |size: u64| Source::spool_at_most(1 << 20, "-".to_owned(), std::io::repeat(b'a').take(size));
    assert_eq!(spool(1 << 20).unwrap().size(), 1 << 20);
    assert_eq!(spool(u64::MAX).unwrap_err().message(), "- is larger than 1 MiB, or never ends");
}

#[test]
fn the_name_inside_an_archive_has_no_ending_of_it() {
    for (name, inner) in [("a/b.jsonl.GZ", "b.jsonl"), ("b.csv.zst", "b.csv"), ("gz", "gz"), ("ä.gz", "ä")]
    {
        assert_eq!(Source::spool(name, b"".as_slice()).unwrap().inner_name(), inner);
    }
}
