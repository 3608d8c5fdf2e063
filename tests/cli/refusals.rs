//! What is refused: one clear line each, the right code, and nothing lost.

use std::fs;

use super::pictures::photo_in;
use super::room::Room;

/// Runs `apply in.png -o out.png` with more words; it must be refused and leave nothing.
#[track_caller]
fn check(words: &str, code: i32, parts: &[&str]) {
    let room = Room::new();
    photo_in(&room);
    let before = fs::read(room.path("in.png")).unwrap();
    let line = format!("apply in.png -o out.png {words}");
    room.say(&line).assert_refused(code, parts);
    assert_eq!(room.names(), ["in.png"], "{words}");
    assert_eq!(fs::read(room.path("in.png")).unwrap(), before);
}

#[test]
fn an_unknown_filter_is_told_with_the_nearest_name() {
    check("--set exposre.ev=1", 2, &["exposre", "exposure"]);
    check("--set zzzzzzzz", 2, &["zzzzzzzz", "parallax filters"]);
}

#[test]
fn an_unknown_parameter_is_told_with_those_there_are() {
    check("--set exposure.stops=1", 2, &["stops", "ev"]);
}

#[test]
fn a_value_out_of_its_range_is_told_with_the_range() {
    check("--set exposure.ev=99", 2, &["exposure.ev", "99", "to"]);
    check("--set blur.radius=-1", 2, &["blur.radius", "0"]);
    check(
        "--set blur.radius=1 --set blur.opacity=7",
        2,
        &["opacity", "0", "1"],
    );
}

#[test]
fn what_is_no_number_is_refused() {
    for value in ["NaN", "nan", "inf", "-inf", "1e999", "much", ""] {
        check(&format!("--set exposure.ev={value}"), 2, &["exposure.ev"]);
    }
}

#[test]
fn wrong_options_are_wrong_usage() {
    check("--quality 0", 2, &["--quality"]);
    check("--quality 101", 2, &["--quality"]);
    check("--depth 12", 2, &["--depth"]);
    check("--subsampling 411", 2, &["--subsampling"]);
    check("--workers 0", 2, &["--workers"]);
    check("--tile 0", 2, &["--tile"]);
    check("--backend green-threads", 2, &["--backend"]);
    check("--transport pigeons", 2, &["--transport"]);
    check("--frobnicate", 2, &["--frobnicate"]);
    check("--timings log.txt", 2, &["log.txt", ".trace.json"]);
    check("--timings in.png", 2, &["in.png"]);
}

#[test]
fn a_missing_argument_is_named() {
    let room = Room::new();
    room.say("apply").assert_refused(2, &["IN", "--help"]);
    room.say("apply in.png").assert_refused(2, &["--output"]);
    room.say("completions tcsh")
        .assert_refused(2, &["tcsh", "bash"]);
    room.say("worker --role cook").assert_refused(2, &["cook"]);
}

#[test]
fn a_recipe_that_cannot_be_read_or_done_is_named() {
    let room = Room::new();
    photo_in(&room);
    room.write("broken.toml", "version = ");
    room.write("newer.toml", "version = 99\n");
    room.write(
        "far.toml",
        "version = 1\n[[edit]]\nfilter = \"exposure\"\nev = 99\n",
    );
    room.write(
        "unknown.toml",
        "version = 1\n[[edit]]\nfilter = \"sparkle\"\n",
    );
    let apply = |recipe: &str| room.say(&format!("apply in.png -o out.png --recipe {recipe}"));
    apply("missing.toml").assert_refused(3, &["missing.toml", "recipe"]);
    apply("broken.toml").assert_refused(3, &["broken.toml", "TOML"]);
    apply("newer.toml").assert_refused(3, &["newer.toml", "99"]);
    apply("far.toml").assert_refused(2, &["far.toml"]);
    apply("unknown.toml").assert_refused(2, &["unknown.toml", "sparkle"]);
    assert!(!room.path("out.png").exists());
}

#[test]
fn an_unknown_filter_that_is_switched_off_does_not_stop_an_export() {
    let room = Room::new();
    photo_in(&room);
    let off = "version = 1\n[[edit]]\nfilter = \"sparkle\"\nenabled = false\n";
    room.write("off.toml", off);
    room.say("apply in.png -o out.png --recipe off.toml")
        .assert_done();
}

#[test]
fn photos_that_cannot_be_opened_end_with_code_3() {
    let room = Room::new();
    photo_in(&room);
    room.write("text.jpg", "not a photo at all\n");
    room.write("empty.png", "");
    fs::create_dir(room.path("folder.jpg")).unwrap();
    for (photo, words) in [
        ("missing.jpg", "no such file"),
        ("text.jpg", "not a picture"),
        ("empty.png", "not a picture"),
        ("folder.jpg", "folder"),
    ] {
        room.run(["info", photo]).assert_refused(3, &[photo, words]);
        room.run(["apply", photo, "-o", "out.png"])
            .assert_refused(3, &[photo, words]);
        room.run(["bench", photo])
            .assert_refused(3, &[photo, words]);
    }
    room.run(["missing.jpg"])
        .assert_refused(3, &["missing.jpg"]);
    assert!(!room.path("out.png").exists());
}

#[test]
fn a_photo_over_the_limit_is_told_with_the_limit_and_the_option() {
    let room = Room::new();
    super::pictures::save(&super::pictures::rgb8(1100, 1000), &room.path("in.png"));
    let words = ["1.1 megapixels", "the limit is 1", "--max-megapixels 2"];
    room.say("apply in.png -o out.png --max-megapixels 1")
        .assert_refused(3, &words);
    room.say("info in.png --max-megapixels 1")
        .assert_refused(3, &words);
    room.say("info in.png --max-megapixels 2").assert_done();
}

#[test]
fn names_with_line_feeds_still_make_one_line() {
    Room::new()
        .run(["info", "a\nb.jpg"])
        .assert_refused(3, &["a b.jpg"]);
}

#[test]
fn a_misspelt_command_is_taken_for_a_photo_that_is_not_there() {
    Room::new()
        .run(["applyy"])
        .assert_refused(3, &["applyy", "the command is called apply"]);
}

#[test]
fn a_missing_look_table_is_told_by_name_wherever_it_was_asked_for() {
    let room = Room::new();
    photo_in(&room);
    let recipe = "version = 1\n[[edit]]\nfilter = \"lut\"\nfile = \"gone.cube\"\n";
    room.write("gone.toml", recipe);
    room.write("off.toml", format!("{recipe}enabled = false\n"));
    room.write("odd.cube", "hello");
    for (edits, parts) in [
        (
            "--set lut.file=gone.cube",
            ["lut.file", "no file", "gone.cube"],
        ),
        ("--recipe gone.toml", ["lut", "no file", "gone.cube"]),
        (
            "--set lut.file=odd.cube",
            ["lut.file", "LUT_3D_SIZE", "odd.cube"],
        ),
    ] {
        room.say(&format!("apply in.png -o out.png {edits}"))
            .assert_refused(3, &parts);
    }
    room.say("apply in.png -o out.png --recipe off.toml")
        .assert_done();
}
