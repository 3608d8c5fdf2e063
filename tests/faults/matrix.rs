//! The same bytes whatever computes, however many, in whatever tiles, while workers are killed: F42.

use parallax::backend::Backend;
use parallax::backend::cancel::Cancel;
use parallax::backend::processes::Transport;
use parallax::backend::single::Single;
use parallax::backend::threads::Threads;
use parallax::filters::registry::find;
use parallax::filters::value::Values;
use parallax::pixels::geometry::Size;
use parallax::pixels::image::{Depth, Layout};
use parallax::recipe::Recipe;
use rustix::process::Signal;

use super::cli::send;
use super::is_long;
use super::kills::AtTiles;
use super::scene::{everything, exposure, photo, plan, pool_by, render};

const BACKENDS: [&str; 4] = ["single", "threads", "processes", "shared memory"];
const WORKERS: [usize; 5] = [1, 2, 3, 7, 16];
/// 4096 is the whole picture in one.
const TILES_PX: [u32; 4] = [64, 127, 256, 4096];
const SIZES: [(u32, u32); 5] = [(301, 203), (1, 1), (1, 97), (130, 1), (256, 128)];

fn of_filters(ids: &[&str]) -> Recipe {
    ids.iter().fold(Recipe::empty(), |recipe, id| {
        let spec = find(id).unwrap().spec();
        recipe.inserted(spec, &Values::on_add(spec)).0
    })
}

fn recipes() -> [Recipe; 4] {
    [
        exposure(),
        of_filters(&["blur", "sharpen"]),
        of_filters(&["clarity", "straighten", "vignette"]),
        everything(),
    ]
}

/// One choice of each: backend, workers, tile, recipe, size.
type Choice = [usize; 5];

const N_CHOICES: Choice = [
    BACKENDS.len(),
    WORKERS.len(),
    TILES_PX.len(),
    4,
    SIZES.len(),
];

/// Choices in which every pair of values of two columns occurs, found greedily: of candidates
/// counted through, the one that meets most pairs not met before.
fn pairwise() -> Vec<Choice> {
    let all: Vec<Choice> = every_choice();
    let pairs_of = |choice: &Choice| -> Vec<(usize, usize, usize, usize)> {
        let columns = 0..choice.len();
        columns
            .flat_map(|a| (a + 1..choice.len()).map(move |b| (a, b)))
            .map(|(a, b)| (a, choice[a], b, choice[b]))
            .collect()
    };
    let mut open: std::collections::BTreeSet<_> = all.iter().flat_map(pairs_of).collect();
    let mut chosen = Vec::new();
    while !open.is_empty() {
        let gain = |choice: &&Choice| {
            let pairs = pairs_of(choice);
            pairs.iter().filter(|pair| open.contains(pair)).count()
        };
        let best = *all.iter().max_by_key(gain).unwrap();
        for pair in pairs_of(&best) {
            open.remove(&pair);
        }
        chosen.push(best);
    }
    chosen
}

fn every_choice() -> Vec<Choice> {
    let n_all: usize = N_CHOICES.iter().product();
    (0..n_all)
        .map(|mut n| {
            N_CHOICES.map(|n_choices| {
                let choice = n % n_choices;
                n /= n_choices;
                choice
            })
        })
        .collect()
}

#[test]
fn f42_the_same_bytes_from_everybody_while_workers_are_killed() {
    let choices = if is_long() {
        every_choice()
    } else {
        pairwise()
    };
    let recipes = recipes();
    let mut n_deaths = 0;
    for choice in &choices {
        let [backend, workers, tile, recipe, size] = *choice;
        let n_workers = WORKERS[workers];
        let backend: Box<dyn Backend> = match BACKENDS[backend] {
            "single" => Box::new(Single::default()),
            "threads" => Box::new(Threads::new(n_workers).unwrap()),
            "processes" => Box::new(pool_by(n_workers, Transport::Pipes)),
            _ => Box::new(pool_by(n_workers, Transport::SharedMemory)),
        };
        let (width, height) = SIZES[size];
        let image = photo(Size::new(width, height), Layout::Rgb, Depth::Eight);
        let plan = plan(&image, &recipes[recipe], Depth::Eight);
        let whole = render(
            (&plan, &image, 4096),
            &Single::default(),
            &parallax::telemetry::sink::NullSink,
            &Cancel::default(),
        );
        let at_tiles = AtTiles::new(|n_tiles, pids: &std::collections::BTreeMap<u16, u32>| {
            if n_tiles % 7 == 3
                && let Some(pid) = pids.values().nth(n_tiles % pids.len().max(1))
            {
                send(*pid, Signal::KILL);
            }
        });
        let tile_px = TILES_PX[tile];
        let got = render(
            (&plan, &image, tile_px),
            &*backend,
            &at_tiles,
            &Cancel::default(),
        );
        assert!(got.unwrap() == whole.unwrap(), "{choice:?}");
        n_deaths += super::scene::deaths(&at_tiles.recorder.take().events).len();
    }
    eprintln!("{} choices, {n_deaths} workers killed", choices.len());
    assert!(n_deaths > 3, "{n_deaths}");
}
