//! Every key of the window in one table: the sheet of shortcuts, tooltips and the window itself read
//! it.

use egui::{Context, InputState, Key, Modifiers};

use crate::studio::session::Session;
use crate::studio::{BackendChoice, BackendKind};

use super::command::{Command, EditCommand, JobSlot, Outbox, ShowCommand};
use super::dialogs::{self, ShortcutGroup};

mod group;

pub use group::KeyGroup;

/// One line of the table.
#[derive(Debug)]
pub struct Shortcut {
    pub group: KeyGroup,
    /// What it does: "Undo".
    pub text: &'static str,
    /// For people: "Ctrl+Z".
    pub keys: &'static str,
    press: Press,
}

/// What has to happen.
#[derive(Debug)]
enum Press {
    Key(Modifiers, Key, Wish),
    /// A symbol that lies elsewhere on other keyboards.
    Symbol(char, Wish),
    /// While it is down.
    Held(Key, fn(bool) -> Command),
    /// Handled where it happens: on the canvas, in a slider.
    Elsewhere,
}

type Wish = fn(&Session) -> Command;

const NONE: Modifiers = Modifiers::NONE;
const CTRL: Modifiers = Modifiers::COMMAND;
const CTRL_SHIFT: Modifiers = CTRL.plus(Modifiers::SHIFT);

/// The table.
pub static SHORTCUTS: &[Shortcut] = &[
    key(
        KeyGroup::Photo,
        "Open a photo",
        "Ctrl+O",
        (CTRL, Key::O),
        |_| Command::ChoosePhoto,
    ),
    key(KeyGroup::Photo, "Export", "Ctrl+E", (CTRL, Key::E), |_| {
        show(ShowCommand::ToggleExport)
    }),
    key(
        KeyGroup::Photo,
        "Export again",
        "Ctrl+Shift+E",
        (CTRL_SHIFT, Key::E),
        |_| Command::ExportAgain,
    ),
    key(KeyGroup::Edits, "Undo", "Ctrl+Z", (CTRL, Key::Z), |_| {
        Command::Edit(EditCommand::Undo)
    }),
    key(
        KeyGroup::Edits,
        "Redo",
        "Ctrl+Shift+Z",
        (CTRL_SHIFT, Key::Z),
        |_| Command::Edit(EditCommand::Redo),
    ),
    key(KeyGroup::Edits, "Redo", "Ctrl+Y", (CTRL, Key::Y), |_| {
        Command::Edit(EditCommand::Redo)
    }),
    key(
        KeyGroup::Edits,
        "Add a filter",
        "Ctrl+F",
        (CTRL, Key::F),
        |_| show(ShowCommand::FocusFilterSearch),
    ),
    key(
        KeyGroup::Edits,
        "Crop; again or Enter to finish",
        "R",
        (NONE, Key::R),
        |_| show(ShowCommand::ToggleCrop),
    ),
    other(
        KeyGroup::Edits,
        "A slider by a step; with Shift by a tenth",
        "Left+Right",
    ),
    Shortcut {
        group: KeyGroup::View,
        text: "Before, while held",
        keys: "\\",
        press: Press::Held(Key::Backslash, |is_down| show(ShowCommand::Before(is_down))),
    },
    key(
        KeyGroup::View,
        "Before beside after",
        "Y",
        (NONE, Key::Y),
        |_| show(ShowCommand::ToggleWipe),
    ),
    key(
        KeyGroup::View,
        "Two backends on the photo",
        "B",
        (NONE, Key::B),
        |_| show(ShowCommand::ToggleSides),
    ),
    key(KeyGroup::View, "Fit or 100 %", "Z", (NONE, Key::Z), |_| {
        show(ShowCommand::ToggleFit)
    }),
    symbol(KeyGroup::View, "Zoom in", "Plus", '+', |_| {
        show(ShowCommand::ZoomIn)
    }),
    symbol(KeyGroup::View, "Zoom out", "-", '-', |_| {
        show(ShowCommand::ZoomOut)
    }),
    other(KeyGroup::View, "Pan", "Space"),
    key(
        KeyGroup::View,
        "Mark clipped values",
        "J",
        (NONE, Key::J),
        |_| show(ShowCommand::ToggleClipping),
    ),
    key(KeyGroup::View, "Next surround", "L", (NONE, Key::L), |_| {
        show(ShowCommand::NextSurround)
    }),
    key(
        KeyGroup::Backends,
        "Single core",
        "1",
        (NONE, Key::Num1),
        |session| backend(session, BackendKind::Single),
    ),
    key(
        KeyGroup::Backends,
        "Thread pool",
        "2",
        (NONE, Key::Num2),
        |session| backend(session, BackendKind::Threads),
    ),
    key(
        KeyGroup::Backends,
        "Worker processes",
        "3",
        (NONE, Key::Num3),
        |session| backend(session, BackendKind::Processes),
    ),
    key(
        KeyGroup::Backends,
        "Global lock",
        "4",
        (NONE, Key::Num4),
        |session| backend(session, BackendKind::GlobalLock),
    ),
    key(
        KeyGroup::Backends,
        "Run the whole photo, or stop",
        "Ctrl+R",
        (CTRL, Key::R),
        run_or_stop,
    ),
    key(
        KeyGroup::Backends,
        "Compare all backends",
        "Ctrl+Shift+R",
        (CTRL_SHIFT, Key::R),
        |_| Command::Compare,
    ),
    key(
        KeyGroup::Backends,
        "Save the timing log",
        "Ctrl+L",
        (CTRL, Key::L),
        |_| Command::ChooseLog,
    ),
    key(KeyGroup::Window, "Quit", "Ctrl+Q", (CTRL, Key::Q), |_| {
        Command::Quit
    }),
    other(
        KeyGroup::Window,
        "All panels, with the pointer on the photo",
        "Tab",
    ),
    key(
        KeyGroup::Window,
        "Performance panel",
        "P",
        (NONE, Key::P),
        |_| show(ShowCommand::TogglePerformance),
    ),
    key(
        KeyGroup::Window,
        "Performance in a window of its own",
        "Ctrl+Shift+P",
        (CTRL_SHIFT, Key::P),
        |_| show(ShowCommand::DetachPerformance),
    ),
    key(
        KeyGroup::Window,
        "Light or dark",
        "Ctrl+Shift+L",
        (CTRL_SHIFT, Key::L),
        |_| show(ShowCommand::ToggleTheme),
    ),
    key(
        KeyGroup::Window,
        "These shortcuts",
        "F1",
        (NONE, Key::F1),
        |_| show(ShowCommand::ToggleShortcuts),
    ),
    symbol(KeyGroup::Window, "These shortcuts", "?", '?', |_| {
        show(ShowCommand::ToggleShortcuts)
    }),
    key(
        KeyGroup::Window,
        "Close, cancel, dismiss",
        "Esc",
        (NONE, Key::Escape),
        |_| show(ShowCommand::Dismiss),
    ),
];

const fn key(
    group: KeyGroup,
    text: &'static str,
    keys: &'static str,
    (modifiers, key): (Modifiers, Key),
    wish: Wish,
) -> Shortcut {
    let press = Press::Key(modifiers, key, wish);
    Shortcut {
        group,
        text,
        keys,
        press,
    }
}

const fn symbol(
    group: KeyGroup,
    text: &'static str,
    keys: &'static str,
    symbol: char,
    wish: Wish,
) -> Shortcut {
    let press = Press::Symbol(symbol, wish);
    Shortcut {
        group,
        text,
        keys,
        press,
    }
}

const fn other(group: KeyGroup, text: &'static str, keys: &'static str) -> Shortcut {
    let press = Press::Elsewhere;
    Shortcut {
        group,
        text,
        keys,
        press,
    }
}

/// The table as the sheet of shortcuts shows it.
#[must_use]
pub fn sheet() -> Vec<ShortcutGroup> {
    let lines = |group: KeyGroup| {
        let of_group = SHORTCUTS.iter().filter(move |line| line.group == group);
        of_group.map(|line| dialogs::Shortcut {
            keys: line.keys.to_owned(),
            does: line.text.to_owned(),
        })
    };
    let groups = KeyGroup::ALL.into_iter().map(|group| ShortcutGroup {
        title: group.label().to_owned(),
        shortcuts: lines(group).collect(),
    });
    groups.collect()
}

/// The keys of what `text` does, for a tooltip; empty where there are none.
#[must_use]
pub fn keys_of(text: &str) -> &'static str {
    let found = SHORTCUTS.iter().find(|shortcut| shortcut.text == text);
    found.map_or("", |shortcut| shortcut.keys)
}

/// Sends what the keys of this frame ask for. While somebody types, only keys with Ctrl count.
pub fn send_pressed(ctx: &Context, session: &Session, outbox: &mut Outbox) {
    let is_typing = ctx.text_edit_focused();
    for shortcut in SHORTCUTS {
        match &shortcut.press {
            Press::Key(modifiers, key, wish) => {
                let is_plain = !modifiers.command && *key != Key::F1;
                if is_typing && is_plain {
                    continue;
                }
                if ctx.input(|input| is_pressed(input, *modifiers, *key)) {
                    outbox.send(wish(session));
                }
            }
            Press::Symbol(symbol, wish) => {
                if !is_typing && ctx.input(|input| is_typed(input, *symbol)) {
                    outbox.send(wish(session));
                }
            }
            Press::Held(key, command) => {
                let (went_down, went_up) =
                    ctx.input(|input| (input.key_pressed(*key), input.key_released(*key)));
                if went_up {
                    outbox.send(command(false));
                } else if went_down && !is_typing {
                    outbox.send(command(true));
                }
            }
            Press::Elsewhere => {}
        }
    }
}

/// With exactly these modifiers, and not by repetition.
fn is_pressed(input: &InputState, wanted: Modifiers, wanted_key: Key) -> bool {
    input.events.iter().any(|event| match event {
        egui::Event::Key {
            key,
            pressed: true,
            repeat: false,
            modifiers,
            ..
        } => *key == wanted_key && modifiers.matches_exact(wanted),
        _ => false,
    })
}

fn is_typed(input: &InputState, symbol: char) -> bool {
    input.events.iter().any(|event| match event {
        egui::Event::Text(text) => text.chars().eq([symbol]),
        _ => false,
    })
}

const fn show(command: ShowCommand) -> Command {
    Command::Show(command)
}

fn backend(session: &Session, kind: BackendKind) -> Command {
    Command::SetBackend(choice_of(session, kind))
}

fn run_or_stop(session: &Session) -> Command {
    match session.jobs().running {
        Some(_) => Command::Stop(JobSlot::Running),
        None => Command::Run,
    }
}

/// That backend with the workers the person chose last.
#[must_use]
pub fn choice_of(session: &Session, kind: BackendKind) -> BackendChoice {
    session.backend().of_kind(kind, session.n_workers())
}

#[cfg(test)]
mod tests;
