//! Which header is which field, which is not, and what is said of it.

use super::*;
use crate::error::ErrorKind;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Pet {
    Name,
    Age,
}

impl Field for Pet {
    const KIND: &'static str = "pets";
    const ACCOUNT: Self = Self::Name;
    const EXTERNAL_ID: Self = Self::Age;
    const ALL: &'static [Self] = &[Self::Name, Self::Age];

    fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Age => "age",
        }
    }

    fn headers(self) -> &'static [&'static [&'static str]] {
        match self {
            Self::Name => &[&["pet name", "name"], &["animal"]],
            Self::Age => &[&["age"]],
        }
    }
}

fn mapped(header: &str, maps: &[(&str, &str)]) -> Result<Columns<Pet>> {
    let maps: Vec<_> =
        maps.iter().map(|(column, field)| ((*column).to_owned(), (*field).to_owned())).collect();
    let ranks = Ranks::new(&[(Pet::Name, "Tier".to_owned())]);
    Columns::of_headers("pets.csv", header.trim_end().split(','), &ranks, &maps)
}

fn columns(header: &str) -> Result<Columns<Pet>> {
    mapped(header, &[])
}

fn notes(columns: &Columns<Pet>) -> Vec<String> {
    let mut notes = Notes::default();
    columns.note_unread(&Shapes::default(), &mut notes);
    notes.finish().into_iter().map(|note| note.message).collect()
}

#[test]
fn case_spaces_and_punctuation_make_no_difference() {
    for header in ["pet name", "Pet_Name*", " PET-NAME ", "Pet/Name (%)", "pet.name", "tier", "Pet_Name__c"] {
        assert_eq!(columns(&format!("x,{header}\n")).unwrap().index(Pet::Name), Some(1), "{header:?}");
    }
}

#[test]
fn the_better_header_wins_and_the_other_is_told() {
    let columns = columns("Animal,Name,,colour,ACCTSNAP_line\n").unwrap();
    assert_eq!(columns.index(Pet::Name), Some(1));
    assert_eq!(
        notes(&columns),
        [
            "column 'Animal' was not read: 'Name' comes first",
            "column 3 has no name and was not read",
            "column 'colour' means nothing here and was not read",
        ]
    );
    assert_eq!(columns.reading().columns[1].field, Some("name"));
    assert_eq!(columns.reading().columns[0].field, None);
}

#[test]
fn two_equal_columns_are_an_error_that_names_both() {
    let error = columns("name,age,Pet Name\n").unwrap_err();
    assert_eq!(
        error.message(),
        "pets.csv has two columns for name: 'name' (column 1) and 'Pet Name' (column 3)"
    );
    assert!(columns("age,Age\n").is_err());
}

#[test]
fn a_missing_column_lists_what_was_found() {
    let error = columns("b,c\n").unwrap().missing("the name", "name one");
    assert_eq!(error.message(), "pets.csv has no column for the name; its columns are 'b', 'c'");
    assert!(
        columns(&format!("{}z\n", "b,".repeat(40)))
            .unwrap()
            .missing("x", "y")
            .message()
            .ends_with("and 11 more")
    );
}

#[test]
fn what_a_system_puts_around_every_name_is_passed_over() {
    for header in ["NAME__C", "property_name", "properties.name", "Property_Name"] {
        assert_eq!(columns(&format!("x,{header}")).unwrap().index(Pet::Name), Some(1), "{header:?}");
    }
    let both = columns("property_name,animal").unwrap();
    assert_eq!((both.index(Pet::Name), both.outdone_by(0)), (Some(1), Some("animal")));
    assert_eq!(columns("__c,property_").unwrap().index(Pet::Name), None);
}

#[test]
fn a_mapped_column_wins_and_one_that_is_taken_out_is_not_told() {
    let columns = mapped("name,Who is it?,colour", &[("who is it", "Name"), ("Colour", "")]).unwrap();
    assert_eq!(columns.index(Pet::Name), Some(1));
    assert_eq!(notes(&columns), ["column 'name' was not read: 'Who is it?' comes first"]);
    assert_eq!(columns.others().map(|(place, _)| place).collect::<Vec<_>>(), [0]);
    assert_eq!(mapped("name,age", &[("name", "age")]).unwrap().index(Pet::Name), None);
    assert_eq!(mapped("a,b,name", &[("name", "")]).unwrap().index(Pet::Name), None);
}

#[test]
fn maps_that_cannot_be_followed_name_what_is_known() {
    let told = |maps: &[(&str, &str)]| {
        let error = mapped("name,a b,a-b,c", maps).unwrap_err();
        (error.kind(), error.message().to_owned(), error.hint().unwrap_or_default().to_owned())
    };
    let (kind, message, hint) = told(&[("c", "weight")]);
    assert_eq!(kind, ErrorKind::Usage);
    assert_eq!(message, "--map 'c=weight': no field 'weight' of pets");
    assert_eq!(hint, "the fields are name, age");
    let (kind, message, _) = told(&[("d", "age")]);
    assert_eq!(kind, ErrorKind::InputRefused);
    assert_eq!(message, "pets.csv has no column 'd'; its columns are 'name', 'a b', 'a-b', 'c'");
    assert_eq!(told(&[("ab", "age")]).1, "pets.csv has several columns 'ab'");
    assert_eq!(told(&[("a b", "age"), ("c", "age")]).1, "--map: two columns are mapped to age");
    assert_eq!(told(&[("c", "age"), ("c", "name")]).1, "--map: column 'c' is mapped twice");
    assert!(mapped("name,a b,a-b,c", &[("a-b", "age")]).is_ok());
}

#[test]
fn columns_of_one_name_or_of_none_are_named_by_their_numbers() {
    let columns = mapped("status,,status,Name", &[("column 2", "age")]).unwrap();
    assert_eq!((columns.index(Pet::Age), columns.header(Pet::Age)), (Some(1), "column 2".to_owned()));
    assert_eq!(
        notes(&columns),
        [
            "column 'status' (column 1) means nothing here and was not read",
            "column 'status' (column 3) means nothing here and was not read",
        ]
    );
    for name in ["status#2", "Column 3", "column3"] {
        assert_eq!(mapped("status,x,status", &[(name, "age")]).unwrap().index(Pet::Age), Some(2), "{name}");
    }
    assert_eq!(
        mapped("a,column 1", &[("column 1", "age")]).unwrap().index(Pet::Age),
        Some(1),
        "a name comes first"
    );
    for name in ["column 0", "column 4", "status#3", "#", "column", "status#0"] {
        assert!(mapped("status,x,status", &[(name, "age")]).is_err(), "{name}");
    }
    let error = mapped("status,status", &[("status", "age")]).unwrap_err();
    let hint = "say which one by its number: --map 'column 1=...' or --map 'column 2=...'";
    assert_eq!(error.hint(), Some(hint));
}

#[test]
fn the_hint_of_two_equal_columns_is_a_map_that_works() {
    let error = columns("name,age,Name,name").unwrap_err();
    let hint = "remove or rename one of them, or pass one over: --map 'Name='";
    assert_eq!(error.hint(), Some(hint));
    let error = mapped("name,age,Name,name", &[("Name", "")]).unwrap_err();
    assert!(error.hint().is_some_and(|hint| hint.ends_with("--map 'column 4='")), "{:?}", error.hint());
    assert!(mapped("name,age,Name,name", &[("Name", ""), ("column 4", "")]).is_ok());
}

#[test]
fn a_close_miss_is_suggested_and_never_taken() {
    let columns = columns("Pet Nmae,years").unwrap();
    assert_eq!(columns.index(Pet::Name), None);
    let suggestion = "did you mean --map 'Pet Nmae=name'?";
    let error = columns.missing("the name", "name one of them pet name");
    assert_eq!(error.hint(), Some(format!("{suggestion} Else name one of them pet name").as_str()));
    let mut shapes = Shapes::default();
    shapes.observe(["Rex", "7"].into_iter());
    let mut told = Notes::default();
    columns.note_unread(&shapes, &mut told);
    let told: Vec<String> = told.finish().into_iter().map(|note| note.message).collect();
    let expected = [
        format!("column 'Pet Nmae' means nothing here and was not read (1 text such as 'Rex'); {suggestion}"),
        "column 'years' means nothing here and was not read (1 number such as 7)".to_owned(),
    ];
    assert_eq!(told, expected);
    assert!(!notes(&mapped("name,Pet Nmae", &[]).unwrap())[0].contains("did you mean"), "the field is there");
}
