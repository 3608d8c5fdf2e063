//! What has happened lately and how long it stays on the screen.

use crate::studio::session::Failure;
use crate::ui::command::Command;
use crate::ui::widgets::notice::Kind;

/// Notices on the screen at once; older ones go.
const MAX_NOTICES: usize = 4;

/// One notice.
#[derive(Debug)]
pub struct Notice {
    pub kind: Kind,
    pub text: String,
    pub detail: String,
    /// A button's word, and what it does.
    pub action: Option<(&'static str, Command)>,
    gone_at_s: Option<f64>,
}

/// The notices on the screen, oldest first.
#[derive(Debug, Default)]
pub struct Notices(Vec<Notice>);

impl Notice {
    #[must_use]
    pub fn new(kind: Kind, text: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            kind,
            text: text.into(),
            detail: detail.into(),
            action: None,
            gone_at_s: None,
        }
    }

    /// `advice` says what the person can do.
    #[must_use]
    pub fn failed(what: &str, failure: &Failure, advice: &str) -> Self {
        let mut cause = sentence(&failure.what);
        if !failure.why.is_empty() {
            cause = format!("{cause}: {}", failure.why);
        }
        let detail = match advice {
            "" => format!("{cause}."),
            advice => format!("{cause}. {advice}"),
        };
        Self::new(Kind::Error, what, detail)
    }

    #[must_use]
    pub fn with_action(mut self, word: &'static str, command: Command) -> Self {
        self.action = Some((word, command));
        self
    }
}

impl Notices {
    pub fn push(&mut self, mut notice: Notice, now_s: f64) {
        notice.gone_at_s = notice
            .kind
            .lifetime_s()
            .map(|lifetime_s| now_s + lifetime_s);
        // The same failure over and over is one notice.
        self.0
            .retain(|other| (&other.text, &other.detail) != (&notice.text, &notice.detail));
        if self.0.len() >= MAX_NOTICES {
            self.0.remove(0);
        }
        self.0.push(notice);
    }

    pub fn as_slice(&self) -> &[Notice] {
        &self.0
    }

    pub fn take(&mut self, idx: usize) -> Option<Notice> {
        (idx < self.0.len()).then(|| self.0.remove(idx))
    }

    /// Removes the newest; whether there was one.
    pub fn dismiss_newest(&mut self) -> bool {
        self.0.pop().is_some()
    }

    /// Removes those whose text ends so: what they said has been overtaken.
    pub fn forget_ending(&mut self, ending: &str) {
        self.0.retain(|notice| !notice.text.ends_with(ending));
    }

    /// Lets go what has been up long enough. Returns in how many seconds the next one goes.
    pub fn step(&mut self, now_s: f64) -> Option<f64> {
        self.0
            .retain(|notice| notice.gone_at_s.is_none_or(|at_s| at_s > now_s));
        let ends = self.0.iter().filter_map(|notice| notice.gone_at_s);
        ends.min_by(f64::total_cmp).map(|at_s| at_s - now_s)
    }
}

/// With a capital at its beginning.
pub(in crate::ui) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn news_goes_by_itself_and_errors_stay() {
        let mut notices = Notices::default();
        notices.push(Notice::new(Kind::Info, "a", ""), 0.0);
        notices.push(Notice::new(Kind::Error, "b", ""), 0.0);
        assert!(notices.step(1.0).is_some_and(|wait_s| wait_s > 0.0));
        assert_eq!(notices.step(100.0), None);
        assert_eq!(notices.as_slice().len(), 1);
        assert_eq!(notices.as_slice()[0].text, "b");
    }

    #[test]
    fn the_same_failure_again_is_one_notice() {
        let mut notices = Notices::default();
        for _ in 0..3 {
            notices.push(Notice::new(Kind::Error, "b", "c"), 0.0);
        }
        assert_eq!(notices.as_slice().len(), 1);
    }
}
