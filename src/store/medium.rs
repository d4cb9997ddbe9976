//! What a database lies on: a local disk, a network's file system, something that nobody can write.
//!
//! It decides how a file is opened, and looks at nothing but the file system's own answers.

use std::path::Path;

/// What a database lies on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Medium {
    /// A disk of this machine, or one that cannot be told from it.
    Local,
    /// A file system whose other side is, or may be, another machine: a log's index cannot be shared across it
    /// (<https://www.sqlite.org/wal.html>, "all processes using a database must be on the same host computer").
    Network(&'static str),
}

/// The numbers by which Linux tells these file systems (statfs(2), linux/magic.h).
#[cfg(target_os = "linux")]
const NETWORK: [(u32, &str); 13] = [
    (0x0000_6969, "NFS"),
    (0x0000_517b, "SMB"),
    (0xff53_4d42, "CIFS"),
    (0xfe53_4d42, "SMB2"),
    (0x0102_1997, "9P"),
    (0x6573_5546, "FUSE"),
    (0x00c3_6400, "Ceph"),
    (0x5346_414f, "AFS"),
    (0x6b41_4653, "AFS"),
    (0x7375_7245, "Coda"),
    (0x0bd0_0bd0, "Lustre"),
    (0x4750_4653, "GPFS"),
    (0x786f_4256, "a folder shared with VirtualBox"),
];

impl Medium {
    /// What a file lies on; a local disk where the system does not tell.
    #[cfg(target_os = "linux")]
    pub(super) fn of(path: &Path) -> Self {
        rustix::fs::statfs(path).map_or(Self::Local, |found| Self::of_magic(i128::from(found.f_type)))
    }

    /// What a file lies on; only Linux is asked.
    #[cfg(not(target_os = "linux"))]
    pub(super) fn of(_path: &Path) -> Self {
        Self::Local
    }

    /// The number's lower half is looked at: where the kernel's type is signed, CIFS comes negative.
    #[cfg(target_os = "linux")]
    fn of_magic(magic: i128) -> Self {
        let known = NETWORK.iter().find(|(number, _)| i128::from(*number) == magic & 0xffff_ffff);
        known.map_or(Self::Local, |(_, name)| Self::Network(name))
    }
}

/// Whether nobody can begin to write a database there: the medium is read-only, or nobody may make its log.
#[cfg(unix)]
pub(super) fn is_beyond_writing(folder: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    let read_only = rustix::fs::statvfs(folder)
        .is_ok_and(|found| found.f_flag.contains(rustix::fs::StatVfsMountFlags::RDONLY));
    read_only || std::fs::metadata(folder).is_ok_and(|found| found.permissions().mode() & 0o222 == 0)
}

/// Whether nobody can begin to write a database there; where it cannot be told, somebody might.
#[cfg(not(unix))]
pub(super) fn is_beyond_writing(_folder: &Path) -> bool {
    false
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn networks_are_told_from_disks_by_their_numbers() {
        let cases = [
            (0x6969, Medium::Network("NFS")),
            (0xff53_4d42, Medium::Network("CIFS")),
            (-0x00ac_b2be, Medium::Network("CIFS")),
            (0x6573_5546, Medium::Network("FUSE")),
            (0xef53, Medium::Local),
            (0x9123_683e, Medium::Local),
            (0x0102_1994, Medium::Local),
        ];
        for (magic, medium) in cases {
            assert_eq!(Medium::of_magic(magic), medium, "{magic:#x}");
        }
    }

    #[test]
    fn a_folder_that_nobody_may_write_is_beyond_writing() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Medium::of(Path::new("/nowhere/at/all")), Medium::Local);
        assert!(!is_beyond_writing(folder.path()));
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o555)).unwrap();
        assert!(is_beyond_writing(folder.path()));
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    }
}
