//! Tests of the file form: what it says, how it looks, and what a refusal names.

use crate::filters::value::Value;
use crate::recipe::specimens::{BALANCE, catalogue};
use crate::recipe::{Edit, What, Why};

use super::*;

mod hostile;

const SAMPLE: &str = r#"version = 1
name = "Evening"
[[edit]]
filter = "exposure"
ev = 0.7
[[edit]]
filter = "blur"
radius = 4
opacity = 0.5
[[edit]]
filter = "crop"
left = "120px"
width = 0.5
[[edit]]
filter = "flip"
axis = "vertical"
enabled = false
"#;

fn read(text: &str) -> RecipeFile {
    RecipeFile::parse(text, &catalogue()).unwrap()
}

fn refusal(text: &str) -> String {
    RecipeFile::parse(text, &catalogue())
        .unwrap_err()
        .to_string()
}

/// A recipe of one edit with these fields.
fn one_edit(fields: &str) -> String {
    format!("version = 1\n[[edit]]\n{fields}")
}

fn stamp() -> PhotoStamp {
    PhotoStamp {
        size_bytes: 8_123_456,
        width_px: 7360,
        height_px: 4912,
        sha256: Sha256Hex::of_hash(&[0xAB; 32]),
        extra: toml::Table::new(),
    }
}

#[test]
fn the_sample_says_what_it_says() {
    let recipe = read(SAMPLE).recipe;
    assert_eq!(recipe.name(), Some("Evening"));
    let ids: Vec<_> = recipe.edits().iter().map(Edit::filter_id).collect();
    assert_eq!(ids, ["exposure", "blur", "crop", "flip"]);
    let values = |edit_idx: usize| recipe.edits()[edit_idx].values().unwrap().as_slice();
    assert_eq!(values(0), [Value::Number(0.7)]);
    assert_eq!(values(1), [Value::Number(4.0)]);
    assert_eq!(recipe.edits()[1].opacity, 0.5);
    assert_eq!(values(2), [Value::Pixels(120.0), Value::Number(0.5)]);
    assert_eq!(values(3), [Value::Choice(1)]);
    assert!(!recipe.edits()[3].enabled);
    assert_eq!(recipe.stopping_export().count(), 0);
}

#[test]
fn the_written_form_is_for_people() {
    let mut file = read(SAMPLE);
    file.photo = Some(stamp());
    let hash = "ab".repeat(32);
    let expected = format!(
        r#"version = 1
name = "Evening"

[[edit]]
filter = "exposure"
formula = 1
ev = 0.7

[[edit]]
filter = "blur"
formula = 1
radius = 4.0
opacity = 0.5

[[edit]]
filter = "crop"
formula = 1
left = "120px"
width = 0.5

[[edit]]
filter = "flip"
formula = 1
axis = "vertical"
enabled = false

[photo]
size_bytes = 8123456
width = 7360
height = 4912
sha256 = "{hash}"
"#
    );
    assert_eq!(file.to_text().unwrap(), expected);
    assert_eq!(read(&expected), file);
}

#[test]
fn what_is_not_known_survives_and_is_unavailable() {
    let text = r#"version = 1
"odd key\n" = [1, 0x10, "two", { three = 3.5, when = 1979-05-27T07:32:00Z }]
mood = "calm"
[[edit]]
filter = "dehaze"
formula = 2
amount = 30
mask = { kind = "radial", centre = [0.5, 0.5], steps = [{ at = 1 }] }
opacity = 0.25
[[edit]]
filter = "blur"
radius = 900
falloff = "soft"
[[edit]]
filter = "white-balance"
formula = 4
temperature = "as shot"
enabled = false
[photo]
size_bytes = 1
width = 2
height = 3
sha256 = "0000000000000000000000000000000000000000000000000000000000000000"
rating = 5
[lens.profile]
name = "50 mm"
"#;
    let file = read(text);
    let whys = file.recipe.edits().iter().map(|edit| match &edit.what {
        What::Unavailable(unavailable) => unavailable.why.clone(),
        What::Known { .. } => panic!("{edit:?}"),
    });
    let whys: Vec<_> = whys.collect();
    let unknown_field = Why::UnknownField("falloff".to_owned());
    assert_eq!(
        whys,
        [Why::UnknownFilter, unknown_field, Why::NewerFormula(4)]
    );
    assert_eq!(file.recipe.edits()[0].opacity, 0.25);
    assert_eq!(file.recipe.stopping_export().count(), 2);
    let written = file.to_text().unwrap();
    assert_eq!(read(&written), file, "{written}");
    let plain = |text: &str| text.parse::<toml::Table>().unwrap();
    assert_eq!(plain(&written), plain(text));
}

#[test]
fn an_old_formula_is_kept() {
    let file = read(&one_edit(
        "filter = \"white-balance\"\nformula = 2\ntint = 5\n",
    ));
    assert!(matches!(
        file.recipe.edits()[0].what,
        What::Known { formula: 2, .. }
    ));
    assert!(file.to_text().unwrap().contains("formula = 2\n"));
    let today = read(&one_edit("filter = \"white-balance\"\n"));
    assert!(
        matches!(today.recipe.edits()[0].what, What::Known { formula, .. } if formula == BALANCE.formula)
    );
    let values = today.recipe.edits()[0].values().unwrap();
    assert_eq!(values, &crate::filters::value::Values::on_add(&BALANCE));
}

#[test]
fn refusals_name_parameter_range_and_line() {
    for (fields, words) in [
        (
            "filter = \"exposure\"\nev = 9",
            "exposure.ev is 9, allowed are −5 to 5 (line 4)",
        ),
        (
            "filter = \"exposure\"\nev = nan",
            "exposure.ev is no finite number (line 4)",
        ),
        (
            "filter = \"exposure\"\nev = 1e999",
            "exposure.ev is no finite number (line 4)",
        ),
        (
            "filter = \"exposure\"\nev = []",
            "exposure.ev should be a number (line 4)",
        ),
        (
            "filter = \"blur\"\nopacity = 1.5",
            "blur.opacity is 1.5, allowed are 0 to 1 (line 4)",
        ),
        (
            "filter = \"crop\"\nopacity = 0.5",
            "crop has no opacity (line 4)",
        ),
        (
            "filter = \"blur\"\nformula = 0",
            "blur.formula should be a whole number from 1 (line 4)",
        ),
        (
            "filter = \"dehaze\"\nx = [inf]",
            "dehaze.x is no finite number (line 4)",
        ),
        (
            "filter = \"dehaze\"\nenabled = 1",
            "dehaze.enabled should be true or false (line 4)",
        ),
        ("filter = 3", "edit.filter should be text (line 3)"),
        ("radius = 3", "edit.filter is missing (line 2)"),
    ] {
        assert_eq!(refusal(&one_edit(fields)), words);
    }
}

#[test]
fn foreign_and_newer_files_are_told_apart() {
    let foreign = "this is no recipe: it does not say `version = 1`";
    for text in [
        "",
        "\n# only words\n",
        "[package]\nversion = \"1\"",
        "version = 0",
        "version = \"1\"",
    ] {
        assert_eq!(refusal(text), foreign, "{text}");
    }
    let newer = RecipeFile::parse("edit = 7\nversion = 2", &catalogue()).unwrap_err();
    assert!(newer.is_newer_file());
    assert_eq!(
        newer.to_string(),
        "the recipe's version is 2, this Parallax reads up to 1; a newer one wrote it (line 2)"
    );
    let broken = refusal("version = 1\nname = \"cut o");
    assert!(
        broken.starts_with("the recipe is not valid TOML: ") && broken.ends_with("(line 2)"),
        "{broken}"
    );
    let zeros = RecipeFile::parse_bytes(&[0; 100], &catalogue()).unwrap_err();
    assert!(matches!(zeros, RecipeError::Syntax { .. }));
    let binary = RecipeFile::parse_bytes(&[0xFF, 0xD8], &catalogue()).unwrap_err();
    assert!(matches!(binary, RecipeError::NotText(_)));
}

#[test]
fn a_stamp_must_be_whole() {
    for (field, words) in [
        ("width = 3", "photo.sha256 is missing (line 2)"),
        (
            "sha256 = \"12\"\nsize_bytes = 1\nwidth = 1\nheight = 1",
            "photo.sha256 should be 64 hexadecimal digits (line 3)",
        ),
    ] {
        assert_eq!(refusal(&format!("version = 1\n[photo]\n{field}")), words);
    }
}

#[test]
fn marks_and_line_ends_of_other_systems_are_taken() {
    let text = format!("\u{FEFF}{}", SAMPLE.replace('\n', "\r\n"));
    assert_eq!(read(&text), read(SAMPLE));
    let wrong = text.replace("radius = 4", "radius = -4");
    let words = "blur.radius is −4, allowed are 0 to 200 (line 8)";
    assert_eq!(refusal(&wrong), words);
}

#[test]
fn files_are_read_from_disk_and_no_further_than_allowed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("evening.toml");
    std::fs::write(&path, SAMPLE).unwrap();
    assert_eq!(RecipeFile::read(&path, &catalogue()).unwrap(), read(SAMPLE));
    let absent = RecipeFile::read(&folder.path().join("absent.toml"), &catalogue()).unwrap_err();
    assert!(absent.to_string().starts_with("cannot read the recipe "));
    std::fs::write(&path, vec![b'#'; MAX_BYTES + 1]).unwrap();
    assert!(matches!(
        RecipeFile::read(&path, &catalogue()),
        Err(RecipeError::TooLarge { .. })
    ));
}
