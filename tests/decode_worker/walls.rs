//! What a decoder that was taken over gets at: nothing. It tries from inside the same sandbox.

use std::path::PathBuf;

use parallax::system::sandbox::Wall;

use crate::scene::{attacker, decode, decoder, is_alive, small};
use crate::support::skipped;

/// What came of each act, from the last words of a decoder that ends after them.
fn said(acts: &[&str]) -> String {
    let mut all = acts.to_vec();
    all.push("exit");
    let error = decode(&attacker(&all), &small(image::ImageFormat::Png)).unwrap_err();
    error.to_string()
}

fn has(wall: Wall) -> bool {
    let state = decoder().probe().unwrap();
    let stands = state.missing.iter().all(|missing| missing.wall != wall);
    if !stands {
        skipped(&format!("this system's sandbox is {state}"));
    }
    stands
}

/// Each of `acts` was tried and denied.
#[track_caller]
fn assert_denied(acts: &[String]) {
    let words: Vec<&str> = acts.iter().map(String::as_str).collect();
    let said = said(&words);
    for act in acts {
        let is_denied = ["Operation not permitted", "Permission denied"]
            .iter()
            .any(|why| said.contains(&format!("{act}: {why}")));
        assert!(is_denied, "{act} in {said}");
        assert!(!said.contains(&format!("{act}: done")), "{said}");
    }
}

#[test]
fn it_reads_writes_and_removes_no_file() {
    if !has(Wall::Files) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let sibling = folder.path().join("sibling.jpg");
    std::fs::write(&sibling, "a photo beside the one it was given").unwrap();
    let home = std::env::var_os("HOME").map_or_else(|| "/root".into(), PathBuf::from);
    let path = |verb: &str, path: &std::path::Path| format!("{verb}:{}", path.display());
    assert_denied(&[
        "read:/etc/passwd".to_owned(),
        path("read", &sibling),
        path("list", &home),
        path("list", folder.path()),
        path("write", &folder.path().join("new")),
        path("write", &sibling),
        path("rename", &sibling),
        path("chmod", &sibling),
        path("unlink", &sibling),
    ]);
    let names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(names.len(), 1);
    let content = std::fs::read_to_string(&sibling).unwrap();
    assert_eq!(content, "a photo beside the one it was given");
}

#[test]
fn it_has_no_network_starts_nothing_and_touches_no_process() {
    if !has(Wall::Calls) {
        return;
    }
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    assert_denied(&[
        "socket".to_owned(),
        format!("connect:127.0.0.1:{port}"),
        "exec:/bin/true".to_owned(),
        "spawn:/bin/true".to_owned(),
        "fork".to_owned(),
        "kill-parent".to_owned(),
        "peek".to_owned(),
        "io-uring".to_owned(),
        "raise-limit".to_owned(),
    ]);
    // What it needs, it may.
    assert!(said(&["thread"]).contains("thread: done"));
}

#[test]
fn what_nobody_does_by_mistake_ends_it() {
    if !has(Wall::Calls) {
        return;
    }
    for act in ["ptrace", "bpf"] {
        let said = said(&[act]);
        assert!(said.contains("signal: 31"), "{act}: {said}");
    }
}

#[test]
fn it_finds_nothing_of_its_parents() {
    // Open in this process, and inherited by children, as careless programs leave files.
    let file = tempfile::tempfile().unwrap();
    let inherited = rustix::io::fcntl_dupfd_cloexec(&file, 100).unwrap();
    rustix::io::fcntl_setfd(&inherited, rustix::io::FdFlags::empty()).unwrap();
    let said = said(&["environment", "folder", "descriptors"]);
    assert!(said.contains("environment: 0"), "{said}");
    assert!(said.contains("folder: Some(\"/\")"), "{said}");
    // Stdin, stdout, stderr, and both halves of the stream.
    assert!(said.contains("descriptors: [0, 1, 2, 3, 4]"), "{said}");
}

#[test]
fn it_lets_others_go_first() {
    let own = rustix::process::getpriority_process(None).unwrap();
    let said = said(&["priority"]);
    let theirs = (own + 5).min(19);
    assert!(said.contains(&format!("priority: Ok({theirs})")), "{said}");
}

/// Other processes of this user may not look into it.
#[test]
fn it_is_gone_when_the_picture_is_there() {
    let before = children();
    let photo = decode(&decoder(), &small(image::ImageFormat::Png)).unwrap();
    assert!(photo.sandbox.missing.len() <= Wall::ALL.len());
    let left: Vec<u32> = children()
        .into_iter()
        .filter(|pid| !before.contains(pid) && is_alive(*pid))
        .filter(|pid| is_own(*pid))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

/// Children of this thread: other tests have theirs.
fn children() -> Vec<u32> {
    let list = std::fs::read_to_string("/proc/thread-self/children").unwrap_or_default();
    list.split_whitespace()
        .filter_map(|pid| pid.parse().ok())
        .collect()
}

fn is_own(pid: u32) -> bool {
    children().contains(&pid)
}
