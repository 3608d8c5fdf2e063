//! What a decoder that was taken over might do: a worker role for tests alone, in no build that is
//! given to anybody.
//!
//! It enters the same sandbox as the decoder by the same door, then does what its arguments say, one
//! after the other. What came of each goes to stderr, a line each.

use std::hint::black_box;
use std::io::{self, Write as _};
use std::os::unix::process::CommandExt as _;
use std::time::Duration;

use crate::codecs::{Note, Reading};
use crate::pixels::color::ColorSpace;
use crate::pixels::geometry::Size;
use crate::system::handover::{ReadHalf, WriteHalf};
use crate::system::sandbox::attempts::{attempt, deny_landlock, open_descriptors};
use crate::system::shared_memory::{Frozen, SharedMemory};

use super::entry::{DecoderMainError, begin};
use super::message::{HeaderReport, Order, Report, read_message, write_message};

/// Enters the sandbox and does what `acts` say.
///
/// # Errors
/// As the decoder's own.
pub fn run_attack_main(acts: &[String]) -> Result<(), DecoderMainError> {
    let (mut read, mut write) = begin()?;
    let mut file = None;
    for act in acts {
        match act.as_str() {
            "take-file" => {
                let _open: Order = read_message(&mut read)?;
                file = Some(Frozen::received(read.take_over()?)?);
            }
            "header" | "header-lie" | "header-huge" => {
                let file = file.as_deref().unwrap_or_default();
                header(act, file, &mut write)?;
            }
            "take-memory" | "take-memory-and-keep-it" => take_memory(act, &mut read)?,
            "done" => write_message(&mut write, &Report::Done(Vec::new()))?,
            "many-notes" => {
                let notes = vec![Note::FirstFrameOnly; 100_000];
                write_message(&mut write, &Report::Done(notes))?;
            }
            "garbage" => write.write_all(&vec![0x5a; 1 << 16])?,
            "long" => write.write_all(&[0xff; 64])?,
            "progress-flood" => loop {
                write_message(&mut write, &Report::Progress(f32::NAN))?;
            },
            _ => alone(act),
        }
    }
    Ok(())
}

/// Runs this program with `args` as on a system without Landlock.
///
/// # Errors
/// Why it does not run.
pub fn run_without_landlock(args: &[String]) -> Result<(), DecoderMainError> {
    deny_landlock()?;
    let this = std::env::current_exe()?;
    Err(std::process::Command::new(this).args(args).exec().into())
}

/// Acts that need no parent.
fn alone(act: &str) {
    match act {
        "environment" => say(&format!("environment: {}", std::env::vars_os().count())),
        "folder" => say(&format!("folder: {:?}", std::env::current_dir().ok())),
        "descriptors" => say(&format!("descriptors: {:?}", open_descriptors())),
        "spin" => {
            let mut n = 0_u64;
            loop {
                n = black_box(n.wrapping_add(1));
            }
        }
        "sleep" => std::thread::sleep(Duration::from_hours(1)),
        "abort" => std::process::abort(),
        "exit" => std::process::exit(0),
        "panic" => {
            let nothing: &[u8] = black_box(&[]);
            black_box(nothing[0]);
        }
        "overflow" => {
            black_box(overflow(0));
        }
        "eat-memory" => {
            let mut eaten: Vec<Vec<u8>> = Vec::new();
            loop {
                // Reserved only: what counts is address space.
                eaten.push(black_box(Vec::with_capacity(64 << 20)));
            }
        }
        "touch-memory" => {
            let mut eaten: Vec<Vec<u8>> = Vec::new();
            loop {
                // Used, and less of it than address space would bear.
                eaten.push(black_box(vec![1; 16 << 20]));
                std::thread::sleep(Duration::from_millis(1));
                if eaten.len() > 100 {
                    std::thread::sleep(Duration::from_hours(1));
                }
            }
        }
        "priority" => say(&format!(
            "priority: {:?}",
            rustix::process::getpriority_process(None)
        )),
        "flood" => {
            let line = "what a long line this is, and there are many of it";
            (0..200_000).for_each(|_| say(line));
        }
        act => match attempt(act) {
            Ok(()) => say(&format!("{act}: done")),
            Err(error) => say(&format!("{act}: {error}")),
        },
    }
}

#[expect(unconditional_recursion, reason = "the stack shall end")]
fn overflow(depth: u64) -> u64 {
    let here = black_box([depth; 1024]);
    overflow(here[7] + 1) + here[0]
}

/// A header as the decoder would send it, or with a lie in it.
fn header(act: &str, file: &[u8], write: &mut WriteHalf) -> io::Result<()> {
    let limits = crate::codecs::Limits::default();
    let reading = Reading::open(file, &limits).map_err(io::Error::other)?;
    let mut info = reading.info().clone();
    match act {
        "header-huge" => info.size = Size::new(60_000, 60_000),
        // Within limits, and not the picture.
        "header-lie" => info.size = Size::new(2 * info.size.width, info.size.height),
        _ => {}
    }
    let header = HeaderReport {
        info,
        metadata: reading.metadata().clone(),
        notes: Vec::new(),
        color: ColorSpace::srgb(),
        is_color_embedded: false,
    };
    write_message(write, &Report::Header(Box::new(header)))
}

fn take_memory(act: &str, read: &mut ReadHalf) -> Result<(), DecoderMainError> {
    let _fill: Order = read_message(read)?;
    let memory = SharedMemory::received(read.take_over()?)?;
    let map = memory.map()?;
    if act.ends_with("keep-it") {
        // Written to for as long as this process lives.
        Box::leak(Box::new((map, memory)));
    }
    Ok(())
}

fn say(words: &str) {
    let line = format!("{words}\n");
    // Nobody may be listening.
    drop(io::stderr().write_all(line.as_bytes()));
}
