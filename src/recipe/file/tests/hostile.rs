//! Tests with files of any content: what is written is read again, limits hold, and nothing hostile
//! does more than be refused.

use proptest::prelude::*;

use crate::filters::value::Values;
use crate::recipe::specimens::{BLUR, any_recipe};

use super::*;

#[test]
fn limits_hold() {
    let many = |n_edits: usize| {
        format!(
            "version = 1\n{}",
            "[[edit]]\nfilter = \"blur\"\n".repeat(n_edits)
        )
    };
    assert_eq!(read(&many(MAX_EDITS)).recipe.edits().len(), MAX_EDITS);
    assert!(refusal(&many(MAX_EDITS + 1)).contains("1001 edits, allowed are 1000"));
    let huge = format!("version = 1\n#{}", "x".repeat(MAX_BYTES));
    assert!(matches!(
        RecipeFile::parse(&huge, &catalogue()),
        Err(RecipeError::TooLarge { .. })
    ));
    let nested = |depth: usize| {
        format!(
            "version = 1\nx = {}{}",
            "[".repeat(depth),
            "]".repeat(depth)
        )
    };
    assert!(
        read(&nested(MAX_DEPTH - 1))
            .recipe
            .extra()
            .contains_key("x")
    );
    assert!(matches!(
        RecipeFile::parse(&nested(MAX_DEPTH + 1), &catalogue()),
        Err(RecipeError::TooDeep { .. })
    ));
}

/// Ways to make a parser's stack deep; each at most as large as a recipe may be.
#[test]
fn deep_files_are_refused_without_harm() {
    let dotted = |n_keys: usize| vec!["a"; n_keys].join(".");
    let laid = format!("{{{} = ", dotted(79)).repeat(70);
    for text in [
        format!("version = 1\nx = {}", "[".repeat(MAX_BYTES - 100)),
        format!("version = 1\n{} = 1", dotted(MAX_BYTES / 2 - 100)),
        format!("version = 1\n[{}]", dotted(MAX_BYTES / 2 - 100)),
        format!("version = 1\nx = {laid} 1 {}", "}".repeat(70)),
        format!("version = 1\nx = {}", "{a=".repeat(MAX_BYTES / 4)),
        format!("version = 1\n{}", "[[a]]\n".repeat(MAX_BYTES / 8)),
    ] {
        let outcome = RecipeFile::parse(&text, &catalogue());
        let is_flat = text.contains("[[a]]");
        assert_eq!(outcome.is_ok(), is_flat, "{}", &text[..40]);
    }
}

#[test]
fn nothing_is_written_that_could_not_be_read() {
    let (mut recipe, _) = Recipe::empty().inserted(&BLUR, &Values::on_add(&BLUR));
    while recipe.edits().len() <= MAX_EDITS {
        recipe = recipe.appended(&recipe);
    }
    assert!(matches!(
        RecipeFile::preset(recipe).to_text(),
        Err(RecipeError::TooManyEdits { .. })
    ));
    let long_name = Recipe::empty().with_name(Some(&"n".repeat(MAX_BYTES)));
    assert!(matches!(
        RecipeFile::preset(long_name).to_text(),
        Err(RecipeError::TooLarge { .. })
    ));
}

/// A value of any shape that a newer Parallax might write.
fn any_extra() -> impl Strategy<Value = toml::Value> {
    let leaf = prop_oneof![
        any::<i64>().prop_map(toml::Value::Integer),
        any::<f64>()
            .prop_filter("finite", |x| x.is_finite())
            .prop_map(toml::Value::Float),
        any::<bool>().prop_map(toml::Value::Boolean),
        ".{0,12}".prop_map(toml::Value::String),
        "[\\x00-\\x7f]{0,6}".prop_map(toml::Value::String),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(toml::Value::Array),
            prop::collection::vec((".{0,6}", inner), 0..4)
                .prop_map(|fields| toml::Value::Table(fields.into_iter().collect())),
        ]
    })
}

fn any_file() -> impl Strategy<Value = RecipeFile> {
    let extra = prop::collection::vec(("x.{0,6}", any_extra()), 0..4);
    (any_recipe(), any::<Option<String>>(), extra, any::<bool>()).prop_map(
        |(recipe, name, extra, is_sidecar)| {
            let extra: toml::Table = extra.into_iter().collect();
            let photo_extra = extra.clone();
            RecipeFile {
                recipe: recipe.with_name(name.as_deref()).with_extra(extra),
                photo: is_sidecar.then(|| PhotoStamp {
                    extra: photo_extra,
                    ..stamp()
                }),
            }
        },
    )
}

/// What gets past a parser that looks for it: bytes that mean something in TOML, and numbers that
/// mean trouble.
const MISCHIEF: [&str; 16] = [
    "[[",
    "]]",
    "=",
    "\"",
    "\"\"\"",
    "\\u0000",
    "nan",
    "inf",
    "1e308",
    "-9223372036854775809",
    "{",
    "}",
    "\n",
    "0x",
    "\u{FEFF}",
    "filter = \"crop\"\n",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn what_is_written_is_read_again(file in any_file()) {
        let text = file.to_text().unwrap();
        let again = RecipeFile::parse(&text, &catalogue());
        let again = again.map_err(|error| TestCaseError::fail(format!("{error}: {text}")))?;
        prop_assert!(again.recipe.says_same(&file.recipe), "{}", text);
        prop_assert_eq!(&again.photo, &file.photo);
        prop_assert_eq!(again.recipe.fingerprint(), file.recipe.fingerprint());
        prop_assert_eq!(again.to_text().unwrap(), text);
    }

    #[test]
    fn no_mutation_does_more_than_be_refused(
        file in any_file(),
        wounds in prop::collection::vec((any::<prop::sample::Index>(), 0..6_usize, any::<u8>()), 1..12),
    ) {
        let mut bytes = file.to_text().unwrap().into_bytes();
        for (place, kind, byte) in wounds {
            let at = place.index(bytes.len().max(1)).min(bytes.len());
            match kind {
                0 if at < bytes.len() => bytes[at] = byte,
                1 => bytes.truncate(at),
                2 if at < bytes.len() => drop(bytes.remove(at)),
                3 => {
                    let copy = bytes[at..].to_vec();
                    bytes.extend(copy);
                }
                _ => {
                    let mischief = MISCHIEF[usize::from(byte) % MISCHIEF.len()].bytes();
                    bytes.splice(at..at, mischief).for_each(drop);
                }
            }
        }
        if let Ok(read) = RecipeFile::parse_bytes(&bytes, &catalogue()) {
            let text = read.to_text().unwrap();
            prop_assert_eq!(RecipeFile::parse(&text, &catalogue()).unwrap(), read);
        }
    }
}
