//! Ctrl-C: the program ends soon, says so by its code, and leaves nothing half-made.
#![cfg(unix)]

use std::io::Read as _;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use super::pictures::{rgb8, save};
use super::room::{Room, program};
use super::support::skipped;

fn start(room: &Room, how: &str) -> Child {
    let edits = "--set median.radius=20 --set blur.radius=60 --set median.radius=19 --set sharpen";
    let line = format!("apply in.png -o out.png {edits} {how}");
    Command::new(program())
        .args(line.split_whitespace())
        .current_dir(room.folder())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn interrupt_while_computing(how: &str) {
    let room = Room::new();
    save(&rgb8(4000, 3000), &room.path("in.png"));
    let mut child = start(&room, how);
    thread::sleep(Duration::from_millis(700));
    if child.try_wait().unwrap().is_some() {
        skipped("this machine was done before it could be interrupted");
        return;
    }
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    let mut stderr = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut stderr)
        .unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130), "{how}: {stderr}");
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    assert_eq!(room.names(), ["in.png"], "{how}");
}

#[test]
fn an_interrupted_run_leaves_nothing() {
    for how in [
        "--backend single",
        "--backend threads",
        "--backend processes --workers 2",
        "--backend global-lock --workers 8",
    ] {
        interrupt_while_computing(how);
    }
}
