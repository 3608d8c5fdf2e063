//! Nothing asked for, nothing changed: every sample of every layout and depth.

use super::pictures::{every_form, open, save};
use super::room::Room;
use super::support::corpus;

#[test]
fn an_empty_recipe_copies_samples() {
    let room = Room::new();
    for (form, picture) in every_form() {
        for input in ["png", "tif"] {
            // The reference library writes no grey with alpha as TIFF.
            if input == "tif" && form.starts_with("graya") {
                continue;
            }
            let name = format!("{form}.{input}");
            save(&picture, &room.path(&name));
            for output in ["png", "tif"] {
                let copy = format!("{form}-{input}.{output}");
                room.say(&format!("apply {name} -o {copy} --profile input"))
                    .assert_done();
                if output == "tif" && form.starts_with("graya") {
                    room.say(&format!("apply {copy} -o {form}-back.png --profile input"))
                        .assert_done();
                    assert!(
                        open(&room.path(&format!("{form}-back.png"))) == picture,
                        "{copy}"
                    );
                    continue;
                }
                assert!(open(&room.path(&copy)) == picture, "{name} to {copy}");
            }
        }
    }
}

#[test]
fn edits_at_their_identity_copy_samples() {
    let room = Room::new();
    let (_, picture) = every_form().pop().unwrap();
    save(&picture, &room.path("in.png"));
    let edits = "--set exposure.ev=0 --set contrast.amount=0 --set blur.radius=0";
    room.say(&format!("apply in.png -o out.png --profile input {edits}"))
        .assert_done();
    assert!(open(&room.path("out.png")) == picture);
}

#[test]
fn real_files_of_8_and_16_bit_keep_their_samples() {
    let Some(formats) = corpus("formats") else {
        return;
    };
    let room = Room::new();
    for name in [
        "png/basn2c08.png",
        "png/basn2c16.png",
        "png/basn6a16.png",
        "png/basn0g16.png",
        "tiff/rgb-3c-8b.tiff",
        "tiff/rgb-3c-16b.tiff",
        "tiff/minisblack-1c-16b.tiff",
    ] {
        let input = formats.join(name);
        for ending in ["png", "tif"] {
            let output = room.path(&format!("{}.{ending}", name.replace('/', "-")));
            let args = [
                "apply",
                input.to_str().unwrap(),
                "-o",
                output.to_str().unwrap(),
            ];
            room.run(args.iter().chain(&["--profile", "input"]))
                .assert_done();
            assert!(open(&output) == open(&input), "{name} to {ending}");
        }
    }
}
