//! seccomp: the filter of `calls` as the kernel takes it, a program that looks at the number of
//! every system call.
#![expect(unsafe_code, reason = "the program is handed to the kernel by address")]

use std::io;

use libc::{
    BPF_ABS, BPF_JEQ, BPF_JGE, BPF_JMP, BPF_JSET, BPF_K, BPF_LD, BPF_RET, BPF_W, SECCOMP_RET_ALLOW,
    SECCOMP_RET_ERRNO, SECCOMP_RET_KILL_PROCESS, SECCOMP_SET_MODE_FILTER, sock_filter, sock_fprog,
};

use super::calls::{DENIED, FATAL, OPENING, UNKNOWN};

/// Where `struct seccomp_data` has the call's number, the processor's code and the arguments'
/// lower halves; both processors here are little-endian.
const NUMBER: u32 = 0;
const PROCESSOR: u32 = 4;
const fn argument(idx: u32) -> u32 {
    16 + 8 * idx
}

/// `AUDIT_ARCH_…` of linux/audit.h.
#[cfg(target_arch = "x86_64")]
const THIS_PROCESSOR: u32 = 0xC000_003E;
#[cfg(target_arch = "aarch64")]
const THIS_PROCESSOR: u32 = 0xC000_00B7;

/// From here on numbers mean another way of calling on x86-64 (x32), with the same calls in it.
const OTHER_WAYS: u32 = 0x4000_0000;

const DENY: u32 = SECCOMP_RET_ERRNO | libc::EPERM as u32;
const NOT_THERE: u32 = SECCOMP_RET_ERRNO | libc::ENOSYS as u32;

/// From now on this thread, and all it starts, makes none of the calls in `calls`.
///
/// # Errors
/// When the kernel takes no filters. Without "no new privileges" it takes them from nobody.
pub(super) fn leave_calls() -> io::Result<()> {
    install(&program(std::process::id(), OPENING))
}

/// As [`leave_calls`], but files may be opened as far as other walls let them.
///
/// # Errors
/// As [`leave_calls`].
pub(super) fn leave_calls_but_opening() -> io::Result<()> {
    install(&program(std::process::id(), &[]))
}

/// From now on this thread, and all it starts, is told that the kernel does not know these calls.
#[cfg(feature = "fault-injection")]
pub(super) fn forget_calls(calls: &[libc::c_long]) -> io::Result<()> {
    let mut program = vec![load(NUMBER)];
    for call in calls {
        program.extend(when(BPF_JEQ, *call as u32, NOT_THERE));
    }
    program.push(answer(SECCOMP_RET_ALLOW));
    install(&program)
}

fn install(program: &[sock_filter]) -> io::Result<()> {
    let program = sock_fprog {
        len: program.len() as u16,
        filter: program.as_ptr().cast_mut(),
    };
    // SAFETY: the structure and the instructions it points to live until the call returns, and the
    // kernel copies them without changing them.
    let done = unsafe {
        libc::syscall(
            libc::SYS_seccomp,
            SECCOMP_SET_MODE_FILTER,
            0,
            &raw const program,
        )
    };
    if done == 0 {
        Ok(())
    } else {
        Err(io::Error::last_os_error())
    }
}

fn program(own_pid: u32, denied_too: &[libc::c_long]) -> Vec<sock_filter> {
    let mut program = vec![load(PROCESSOR)];
    program.extend(unless(BPF_JEQ, THIS_PROCESSOR, SECCOMP_RET_KILL_PROCESS));
    program.push(load(NUMBER));
    if cfg!(target_arch = "x86_64") {
        program.extend(when(BPF_JGE, OTHER_WAYS, SECCOMP_RET_KILL_PROCESS));
    }
    for (calls, answer) in [
        (FATAL, SECCOMP_RET_KILL_PROCESS),
        (UNKNOWN, NOT_THERE),
        (DENIED, DENY),
        (denied_too, DENY),
    ] {
        for call in calls {
            program.extend(when(BPF_JEQ, *call as u32, answer));
        }
    }
    // A thread is no process; a signal to oneself is how a program aborts; one's own limits may be
    // read.
    program.extend(only_if(
        libc::SYS_clone,
        argument(0),
        BPF_JSET,
        libc::CLONE_THREAD as u32,
    ));
    for call in [libc::SYS_kill, libc::SYS_tgkill] {
        program.extend(only_if(call, argument(0), BPF_JEQ, own_pid));
    }
    program.extend(only_if(libc::SYS_prlimit64, argument(0), BPF_JEQ, 0));
    for half in [argument(2), argument(2) + 4] {
        program.extend(only_if(libc::SYS_prlimit64, half, BPF_JEQ, 0));
    }
    program.push(answer(SECCOMP_RET_ALLOW));
    program
}

const fn instruction(code: u32, jump_true: u8, jump_false: u8, k: u32) -> sock_filter {
    sock_filter {
        code: code as u16,
        jt: jump_true,
        jf: jump_false,
        k,
    }
}

const fn load(offset: u32) -> sock_filter {
    instruction(BPF_LD | BPF_W | BPF_ABS, 0, 0, offset)
}

const fn answer(with: u32) -> sock_filter {
    instruction(BPF_RET | BPF_K, 0, 0, with)
}

/// Answers at once when the test holds for what is loaded.
const fn when(test: u32, k: u32, with: u32) -> [sock_filter; 2] {
    [instruction(BPF_JMP | test | BPF_K, 0, 1, k), answer(with)]
}

/// Answers at once unless the test holds.
const fn unless(test: u32, k: u32, with: u32) -> [sock_filter; 2] {
    [instruction(BPF_JMP | test | BPF_K, 1, 0, k), answer(with)]
}

/// Denies a call unless the test holds for the argument at `offset`; the number is loaded, before
/// and after.
fn only_if(call: libc::c_long, offset: u32, test: u32, k: u32) -> [sock_filter; 5] {
    let [test, deny] = unless(test, k, DENY);
    [
        // Another call: past all of this.
        instruction(BPF_JMP | BPF_JEQ | BPF_K, 0, 4, call as u32),
        load(offset),
        test,
        deny,
        load(NUMBER),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::ErrorKind::PermissionDenied;

    /// Only a thread is held, so that the test's own process is not.
    #[test]
    fn a_thread_that_left_calls_opens_starts_and_connects_nothing_but_works() {
        let named = || std::thread::Builder::new().name("held".to_owned());
        let held = named().spawn(move || {
            rustix::thread::set_no_new_privs(true).unwrap();
            leave_calls().unwrap();
            let program = std::process::Command::new("/bin/true").status();
            let socket = std::net::UdpSocket::bind("127.0.0.1:0");
            let file = std::fs::File::open("/dev/null");
            let pair = std::os::unix::net::UnixStream::pair();
            let kinds = [
                program.map(drop),
                socket.map(drop),
                file.map(drop),
                pair.map(drop),
            ]
            .map(|tried| tried.map_err(|error| error.kind()));
            // Memory, threads and clocks are there as ever.
            let sum = || vec![1_u8; 64 << 20].iter().map(|n| u64::from(*n)).sum();
            let sum: u64 = named().spawn(sum).unwrap().join().unwrap();
            (kinds, sum, std::thread::available_parallelism().is_ok())
        });
        let (kinds, sum, _) = held.unwrap().join().unwrap();
        assert_eq!(kinds, [Err(PermissionDenied); 4]);
        assert_eq!(sum, 64 << 20);
    }

    #[test]
    fn the_program_is_short_enough_and_jumps_stay_inside() {
        let program = program(7, OPENING);
        assert!(program.len() < 4096);
        for (at, step) in program.iter().enumerate() {
            let is_jump = u32::from(step.code) & 7 == BPF_JMP;
            let furthest = at + 1 + usize::from(step.jt.max(step.jf));
            assert!(!is_jump || furthest < program.len(), "{at}");
        }
    }
}
