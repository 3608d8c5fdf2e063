//! What a taken-over process would try, for tests that it gets nowhere. In no build that is given
//! to anybody.
#![expect(unsafe_code, reason = "attacks are not written in safe Rust")]

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::Path;

/// Tries one thing; what it is about stands behind a colon, such as `read:/etc/passwd`.
///
/// # Errors
/// When the system denies it: that is what is hoped for.
pub fn attempt(what: &str) -> io::Result<()> {
    let (verb, about) = what.split_once(':').unwrap_or((what, ""));
    let path = Path::new(about);
    match verb {
        "read" => fs::read(path).map(drop),
        "write" => fs::write(path, "x"),
        "unlink" => fs::remove_file(path),
        "rename" => fs::rename(path, path.with_extension("moved")),
        "list" => fs::read_dir(path).map(drop),
        "chmod" => fs::set_permissions(path, fs::Permissions::from_mode(0o777)),
        "connect" => std::net::TcpStream::connect(about).map(drop),
        "socket" => std::net::UdpSocket::bind("127.0.0.1:0").map(drop),
        "exec" => Err(std::process::Command::new(path).exec()),
        "spawn" => std::process::Command::new(path).status().map(drop),
        "fork" => fork(),
        "kill-parent" => call(libc::SYS_kill, [parent(), 0, 0]),
        "ptrace" => call(
            libc::SYS_ptrace,
            [i64::from(libc::PTRACE_ATTACH), parent(), 0],
        ),
        "bpf" => call(libc::SYS_bpf, [0, 0, 0]),
        "peek" => call(libc::SYS_process_vm_readv, [parent(), 0, 0]),
        "io-uring" => call(libc::SYS_io_uring_setup, [1, 0, 0]),
        "raise-limit" => raise_limit(),
        "thread" => std::thread::Builder::new().spawn(|| ()).map(drop),
        _ => Err(io::ErrorKind::Unsupported.into()),
    }
}

/// Makes this kernel one without Landlock, for this process and what it starts.
///
/// # Errors
/// When the kernel takes no filters.
pub fn deny_landlock() -> io::Result<()> {
    rustix::thread::set_no_new_privs(true)?;
    super::filter::forget_calls(&[
        libc::SYS_landlock_create_ruleset,
        libc::SYS_landlock_add_rule,
        libc::SYS_landlock_restrict_self,
    ])
}

/// Numbers of all open descriptors.
#[must_use]
pub fn open_descriptors() -> Vec<i32> {
    // SAFETY: asking for a descriptor's flags changes nothing, whether it is open or not.
    let is_open = |number: &i32| unsafe { libc::fcntl(*number, libc::F_GETFD) } >= 0;
    (0..1024).filter(is_open).collect()
}

fn parent() -> i64 {
    i64::from(std::os::unix::process::parent_id())
}

fn call(number: libc::c_long, [a, b, c]: [i64; 3]) -> io::Result<()> {
    // SAFETY: null or numbers alone are passed; where the call is not denied it fails by itself.
    outcome(unsafe { libc::syscall(number, a, b, c) })
}

fn fork() -> io::Result<()> {
    // SAFETY: the child ends at once, by a call that may follow a fork.
    match unsafe { libc::fork() } {
        // SAFETY: as above.
        0 => unsafe { libc::_exit(0) },
        pid => outcome(i64::from(pid)),
    }
}

fn raise_limit() -> io::Result<()> {
    let most = libc::rlimit {
        rlim_cur: libc::RLIM_INFINITY,
        rlim_max: libc::RLIM_INFINITY,
    };
    // SAFETY: the structure lives until the call returns.
    outcome(i64::from(unsafe {
        libc::setrlimit(libc::RLIMIT_AS, &raw const most)
    }))
}

fn outcome(result: i64) -> io::Result<()> {
    if result < 0 {
        Err(io::Error::last_os_error())
    } else {
        Ok(())
    }
}
