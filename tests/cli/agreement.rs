//! The same file whatever the backend, the workers and the tiles; and edits that do what they say.

use std::fs;

use super::pictures::{HEIGHT, WIDTH, every_form, open, photo_in, rgb8, save};
use super::room::Room;
use super::support::corpus;

const SIX_EDITS: &str = "--set exposure.ev=0.4 --set contrast.amount=25 --set vibrance.amount=40 \
    --set blur.radius=2.5 --set sharpen.amount=80 --set vignette.amount=-30";

#[test]
fn backends_workers_and_tiles_make_the_same_file() {
    let room = Room::new();
    save(&rgb8(331, 217), &room.path("in.png"));
    let apply = |name: &str, how: &str| {
        room.say(&format!("apply in.png -o {name} {SIX_EDITS} {how}"))
            .assert_done();
        fs::read(room.path(name)).unwrap()
    };
    let expected = apply("single.png", "--backend single --tile 1024");
    for (idx, how) in [
        "--backend single --tile 64",
        "--backend threads --workers 1 --tile 250",
        "--backend threads --workers 3",
        "--backend threads --workers 7 --tile 64",
        "--backend processes --workers 1",
        "--backend processes --workers 2 --tile 250 --transport pipes",
        "--backend processes --workers 3 --tile 64",
        "--backend global-lock --workers 40 --tile 64 --switch-interval 0.2",
        "--backend global-lock --workers 5 --tile 100 --storage-wait 2",
    ]
    .into_iter()
    .enumerate()
    {
        assert!(apply(&format!("{idx}.png"), how) == expected, "{how}");
    }
}

#[test]
fn a_recipe_and_the_flags_that_say_the_same_make_the_same_file() {
    let room = Room::new();
    photo_in(&room);
    room.write(
        "look.toml",
        "version = 1\n[[edit]]\nfilter = \"exposure\"\nev = 0.7\n\
         [[edit]]\nfilter = \"blur\"\nradius = 4.0\nopacity = 0.5\n",
    );
    let flags = "--set exposure.ev=0.7 --set blur.radius=4 --set blur.opacity=0.5";
    room.say("apply in.png -o a.png --recipe look.toml")
        .assert_done();
    room.say(&format!("apply in.png -o b.png {flags}"))
        .assert_done();
    assert!(fs::read(room.path("a.png")).unwrap() == fs::read(room.path("b.png")).unwrap());
    // Flags come after the recipe.
    room.say("apply in.png -o c.png --recipe look.toml --set flip.axis=horizontal")
        .assert_done();
    let flipped = open(&room.path("a.png")).fliph();
    assert!(open(&room.path("c.png")).to_rgb8() == flipped.to_rgb8());
}

/// A table's content goes to workers with the plan; they read no file.
#[test]
fn curves_and_tables_are_the_same_on_every_backend() {
    let room = Room::new();
    save(&rgb8(331, 217), &room.path("in.png"));
    room.write(
        "look.cube",
        "LUT_3D_SIZE 2\n0 0 0.1\n0.9 0 0\n0 0.8 0\n1 1 0\n0 0 1\n1 0 1\n0 1 0.9\n1 1 1\n",
    );
    room.write(
        "look.toml",
        "version = 1\n[[edit]]\nfilter = \"lut\"\nfile = \"look.cube\"\nintensity = 80\n\
         [[edit]]\nfilter = \"tone-curve\"\nluma = [[0, 0.02], [0.3, 0.2], [1, 1]]\n\
         blue = [[0, 0], [0.5, 0.6], [1, 0.9]]\n",
    );
    let apply = |name: &str, edits: &str| {
        room.say(&format!("apply in.png -o {name} {edits}"))
            .assert_done();
        fs::read(room.path(name)).unwrap()
    };
    let expected = apply("single.png", "--recipe look.toml --backend single");
    let flags = "--set lut.file=look.cube --set lut.intensity=80 \
        --set tone-curve.luma=0,0.02;0.3,0.2;1,1 --set tone-curve.blue=0,0;0.5,0.6;1,0.9";
    for (name, how) in [
        (
            "threads.png",
            "--recipe look.toml --backend threads --workers 3 --tile 64",
        ),
        (
            "processes.png",
            "--recipe look.toml --backend processes --workers 2",
        ),
        ("flags.png", flags),
    ] {
        assert!(apply(name, how) == expected, "{name}");
    }
    assert!(apply("plain.png", "--set exposure.ev=0") != expected);
}

#[test]
fn geometry_moves_samples_and_changes_none() {
    let room = Room::new();
    let (_, picture) = every_form()
        .into_iter()
        .find(|(form, _)| *form == "rgb16")
        .unwrap();
    save(&picture, &room.path("in.png"));
    let apply = |name: &str, edits: &str| {
        room.say(&format!("apply in.png -o {name} --profile input {edits}"))
            .assert_done();
        open(&room.path(name))
    };
    assert!(apply("turn.png", "--set rotate.quarter_turns=1") == picture.rotate90());
    assert!(apply("flip.png", "--set flip.axis=vertical") == picture.flipv());
    let crop =
        "--set crop.left=10px --set crop.top=5px --set crop.width=40px --set crop.height=30px";
    assert!(apply("crop.png", crop) == picture.crop_imm(10, 5, 40, 30));
}

#[test]
fn an_edit_changes_the_picture_as_it_says() {
    let room = Room::new();
    photo_in(&room);
    let mean = |name: &str| {
        let picture = open(&room.path(name)).to_rgb8();
        assert_eq!(picture.dimensions(), (WIDTH, HEIGHT));
        picture
            .as_raw()
            .iter()
            .map(|sample| f64::from(*sample))
            .sum::<f64>()
    };
    room.say("apply in.png -o brighter.png --set exposure.ev=1")
        .assert_done();
    room.say("apply in.png -o darker.png --set exposure.ev=-1")
        .assert_done();
    assert!(mean("darker.png") < 0.9 * mean("in.png"));
    assert!(mean("brighter.png") > 1.05 * mean("in.png"));
    room.say("apply in.png -o grey.png --set black-and-white")
        .assert_done();
    let grey = open(&room.path("grey.png")).to_rgb8();
    assert!(
        grey.pixels()
            .all(|pixel| pixel[0] == pixel[1] && pixel[1] == pixel[2])
    );
}

#[test]
fn output_options_reach_the_file() {
    let room = Room::new();
    save(&rgb8(320, 200), &room.path("in.png"));
    for (name, options) in [
        ("fine.jpg", "--quality 95"),
        ("coarse.jpg", "--quality 30"),
        ("halved.jpg", "--quality 95 --subsampling 420"),
        ("deep.png", "--depth 16"),
        ("flat.tif", "--depth 8"),
    ] {
        room.say(&format!("apply in.png -o {name} {options}"))
            .assert_done();
    }
    let size = |name: &str| fs::metadata(room.path(name)).unwrap().len();
    assert!(size("coarse.jpg") < size("halved.jpg") && size("halved.jpg") < size("fine.jpg"));
    assert!(matches!(
        open(&room.path("deep.png")),
        image::DynamicImage::ImageRgb16(_)
    ));
    assert!(matches!(
        open(&room.path("flat.tif")),
        image::DynamicImage::ImageRgb8(_)
    ));
}

#[test]
fn all_nine_orientations_come_out_upright_and_alike() {
    let Some(folder) = corpus("orientation") else {
        return;
    };
    let room = Room::new();
    let mut upright = Vec::new();
    for orientation in 0..=8 {
        let input = folder.join(format!("Landscape_{orientation}.jpg"));
        let output = room.path(&format!("{orientation}.png"));
        room.run([
            "apply".as_ref(),
            input.as_os_str(),
            "-o".as_ref(),
            output.as_os_str(),
        ])
        .assert_done();
        upright.push(open(&output).to_rgb8());
    }
    for (orientation, picture) in upright.iter().enumerate() {
        assert_eq!(
            picture.dimensions(),
            upright[0].dimensions(),
            "{orientation}"
        );
        let differences = picture.as_raw().iter().zip(upright[0].as_raw());
        let sum: u64 = differences.map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
        // Each file was compressed anew, so they are alike, not equal.
        let mean = sum as f64 / picture.as_raw().len() as f64;
        assert!(mean < 6.0, "{orientation}: {mean}");
    }
}
