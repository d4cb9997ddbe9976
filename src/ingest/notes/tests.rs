//! Whole files of notes.

use super::*;
use crate::ingest::testing::{Reading, messages, told};
use crate::model::note::{Note, NoteRow};
use crate::model::time::Timestamp;

fn read(text: &str) -> Result<KindFile<NoteBatch>> {
    Reading::default().text("notes.csv", text, read_notes).map(without_duplicates)
}

fn without_duplicates(mut file: KindFile<NoteBatch>) -> KindFile<NoteBatch> {
    find_duplicate_notes(&mut file.batch, &mut file.rejections, crate::ingest::Duplicates::Refuse);
    file
}

fn the_note(file: &KindFile<NoteBatch>) -> &NoteRow {
    let [row] = file.batch.rows.as_slice() else { panic!("{:?} {:?}", file.batch, file.rejections) };
    row
}

#[test]
fn a_note_is_kept_as_it_stands() {
    let text = "Company,Note ID,Type,Title,Content,Author,Date\n\
                Acme,n1,Call, Renewal ,\"two\r\nlines, \tand a tab\n\",Jo,2026-10-05\n";
    let file = read(text).unwrap();
    let some = |text: &str| Some(text.to_owned());
    let expected = Note {
        note_id: "n1".to_owned(),
        note_type: some("Call"),
        title: some(" Renewal "),
        content: some("two\r\nlines, \tand a tab\n"),
        author: some("Jo"),
        written_at: Timestamp::parse("2026-10-05T00:00:00Z").ok(),
    };
    assert_eq!(the_note(&file), &NoteRow { account: 0, line: 2, note: expected, blanks: 0 });
    assert!(messages(&file).is_empty());
}

#[test]
fn headers_as_other_tools_write_them() {
    for (header, field) in [
        ("Activity ID", "note_id"),
        ("id", "note_id"),
        ("Activity Type", "type"),
        ("category", "type"),
        ("Subject", "title"),
        ("note", "content"),
        ("Body", "content"),
        ("Description", "content"),
        ("Comments", "content"),
        ("Summary", "content"),
        ("Created By", "author"),
        ("CSM", "author"),
        ("Owner", "author"),
        ("Logged by", "author"),
        ("Created At", "date"),
        ("Timestamp", "date"),
        ("Activity Date", "date"),
    ] {
        let file = read(&format!("account,headline,{header}\nAcme,Call,2026-10-05\n")).unwrap();
        assert_eq!(file.tables[0].columns.columns[2].field, Some(field), "{header}");
    }
    let file = read("account,id,text,summary\nAcme,7,long,short\n").unwrap();
    assert_eq!(the_note(&file).note.content.as_deref(), Some("long"));
    assert_eq!(messages(&file), ["column 'summary' was not read: 'text' comes first"]);
}

#[test]
fn json_says_the_same() {
    let json = r#"[{"account": "Acme", "id": 17, "subject": "Call", "body": "a\nb", "owner": null,
        "created_at": "2026-10-05T10:00:00+02:00"}]"#;
    let file = Reading::default().text("notes.json", json, read_notes).unwrap();
    let row = the_note(&file);
    assert_eq!((row.note.note_id.as_str(), row.note.content.as_deref()), ("17", Some("a\nb")));
    assert_eq!(row.note.written_at, Timestamp::parse("2026-10-05T08:00:00Z").ok());
    assert_eq!((row.line, row.blanks), (1, 1));
}

#[test]
fn a_note_without_an_id_gets_one_from_its_text() {
    let text = "account,title,content,author,date\nAcme,Call,Went well,Jo,2026-10-05\nBolt,Call,Went well,Jo,2026-10-05 \n\
                Acme,Call,Went badly,Jo,2026-10-05\n";
    let file = read(text).unwrap();
    let ids: Vec<&str> = file.batch.rows.iter().map(|row| row.note.note_id.as_str()).collect();
    assert_eq!(ids[..2], ["n-45ca84fe0785f0b4"; 2]);
    assert!(ids[2].starts_with("n-") && ids[2].len() == 18 && ids[2] != ids[0]);
    assert_eq!(messages(&file), ["3 notes have no id: each gets one from its author, date, title and text"]);
    let json = r#"{"account": "Acme", "text": "Went well", "subject": "Call", "by": "", "author": "Jo", "date": "2026-10-05"}"#;
    let same = Reading::default().text("notes.json", json, read_notes).unwrap();
    assert_eq!(the_note(&same).note.note_id, ids[0]);
}

#[test]
fn words_for_no_value_say_nothing() {
    let file = read("account,id,title,content,author,date\nAcme,N/A,N/A,Went well,unknown,-\n").unwrap();
    let row = the_note(&file);
    assert_eq!((&row.note.title, &row.note.author, row.note.written_at, row.blanks), (&None, &None, None, 4));
    assert!(row.note.note_id.starts_with("n-"));
    assert!(messages(&file)[0].starts_with("4 cells hold a word for no value"), "{:?}", messages(&file));
}

#[test]
fn what_cannot_be_taken_says_why() {
    let long = "x".repeat(100_001);
    let text = format!(
        "account,id,title,content,author,date\nA,1,,,Jo,2026-10-05\nA,2,Call,a\u{1b}[2J,Jo,\nA,3,Call,{long},Jo,\n\
         A,4,Call,,Jo,2026-11-23\nA,5,Call,,Jo,32/10/2026\n,6,Call,,Jo,\nA,7,Call,,J\u{1}o,\nA,8,Call,,Jo,2026-11-22T23:59\n"
    );
    let file = read(&text).unwrap();
    let told: Vec<_> = told(&file.rejections).into_iter().map(|(line, code, _)| (line, code)).collect();
    let expected = [
        (2, "empty_note"),
        (3, "control_character"),
        (4, "too_long"),
        (5, "future_date"),
        (6, "bad_date"),
        (7, "missing_account"),
        (8, "control_character"),
    ];
    assert_eq!(told, expected);
    assert_eq!((the_note(&file).line, file.records_read), (9, 8));
}

#[test]
fn one_id_has_one_text_for_each_account() {
    let text = "account,id,content\nA,1,one\nB,1,two\nA,1,three\nB,1,two\n";
    let file = read(text).unwrap();
    assert_eq!(file.batch.rows.iter().map(|row| row.line).collect::<Vec<_>>(), [3, 5]);
    let value = "one (line 2) and three (line 4)".to_owned();
    assert_eq!(told(&file.rejections), [(2, "duplicate_row", value.clone()), (4, "duplicate_row", value)]);
}

#[test]
fn a_file_without_text_is_refused() {
    let error = read("account,id,mood\nA,1,good\n").unwrap_err();
    assert!(error.message().starts_with("notes.csv has no column for the text of a note"), "{error:?}");
    assert!(error.hint().unwrap().contains("--map 'COLUMN=content'"));
    assert!(read("title,content\nCall,x\n").unwrap_err().message().contains("no column for the account"));
}
