//! Spans that may overlap, made into stretches that do not: at every moment the most telling one.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

/// Something that claims a lane from `start_ns` to `end_ns`, exclusive.
#[derive(Debug, Clone, Copy)]
pub(super) struct Claim {
    pub(super) start_ns: u64,
    pub(super) end_ns: u64,
    /// At every moment the claim with the highest rank has the lane; of equals the later begun.
    pub(super) rank: u8,
}

/// A stretch of the lane and the claim that has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stretch {
    pub(super) start_ns: u64,
    pub(super) end_ns: u64,
    pub(super) claim_idx: usize,
}

/// Stretches in order of time, never overlapping, leaving out what nobody claims.
pub(super) fn sweep(claims: &[Claim]) -> Vec<Stretch> {
    let mut order: Vec<usize> = (0..claims.len())
        .filter(|&idx| claims[idx].start_ns < claims[idx].end_ns)
        .collect();
    order.sort_by_key(|&idx| claims[idx].start_ns);

    let mut stretches: Vec<Stretch> = Vec::new();
    let mut ends = BinaryHeap::new();
    let mut active = BTreeSet::new();
    let mut upcoming = order.into_iter().peekable();
    let mut now_ns = 0;
    loop {
        while let Some(idx) = upcoming.next_if(|&idx| claims[idx].start_ns <= now_ns) {
            active.insert(key(claims, idx));
            ends.push(Reverse((claims[idx].end_ns, idx)));
        }
        while let Some(Reverse((end_ns, idx))) = ends.peek().copied() {
            if end_ns > now_ns {
                break;
            }
            ends.pop();
            active.remove(&key(claims, idx));
        }
        let next_start = upcoming.peek().map(|&idx| claims[idx].start_ns);
        let next_end = ends.peek().map(|Reverse((end_ns, _))| *end_ns);
        let Some(next_ns) = next_start.into_iter().chain(next_end).min() else {
            return stretches;
        };
        if let Some(&(_, _, claim_idx)) = active.last() {
            extend(&mut stretches, now_ns, next_ns, claim_idx);
        }
        now_ns = next_ns;
    }
}

fn key(claims: &[Claim], idx: usize) -> (u8, u64, usize) {
    (claims[idx].rank, claims[idx].start_ns, idx)
}

/// Appends a stretch, or lengthens the last one when it is the same claim going on.
fn extend(stretches: &mut Vec<Stretch>, start_ns: u64, end_ns: u64, claim_idx: usize) {
    match stretches.last_mut() {
        Some(last) if last.claim_idx == claim_idx && last.end_ns == start_ns => {
            last.end_ns = end_ns;
        }
        _ => stretches.push(Stretch {
            start_ns,
            end_ns,
            claim_idx,
        }),
    }
}
