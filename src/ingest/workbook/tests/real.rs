//! Workbooks that others really exchange, where they are there.

use std::path::{Path, PathBuf};

use super::*;

fn folder() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/real/xlsx");
    if !folder.exists() {
        eprintln!("skipped: {} is not there", folder.display());
        return None;
    }
    Some(folder)
}

#[test]
fn dump() {
    let Some(folder) = folder() else { return };
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .flat_map(|d| std::fs::read_dir(d.unwrap().path()).unwrap())
        .map(|f| f.unwrap().path())
        .collect();
    files.sort();
    for file in files {
        let bytes = std::fs::read(&file).unwrap();
        let name = file.file_name().unwrap().to_str().unwrap();
        assert!(crate::ingest::workbook::is_workbook(&bytes, name), "{name}");
        match read(name, &bytes) {
            Err(e) => println!("#### REFUSED {}", e.message()),
            Ok(w) => {
                println!("#### {name} {:?}", w.notes);
                for s in &w.sheets {
                    println!("  == {:?} hidden {} rows {}", s.name, s.hidden, s.rows());
                    for r in rows(s).iter().take(14) {
                        println!("     {}", &r.chars().take(200).collect::<String>().escape_debug());
                    }
                }
            }
        }
    }
}
