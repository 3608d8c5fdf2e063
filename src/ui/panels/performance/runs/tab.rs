//! The tab of all runs: a search, what can be done with a run, the table or the comparison of two.

use egui::{Align, Key, Layout, Ui, vec2};

use crate::studio::run_history::{LineFilter, LineKey, LineOrder, RunLine};
use crate::studio::run_pair::RunPair;
use crate::studio::session::Session;
use crate::ui::command::{Command, Outbox};
use crate::ui::theme::size;
use crate::ui::widgets::{Button, Icon, IconButton, search_field, text};

use super::compare::compare_ui;
use super::grid::{GridAnswer, GridView, grid_ui};

const SEARCH: f32 = 200.0;
const NAME: f32 = 160.0;

/// What the tab remembers between frames.
#[derive(Debug)]
pub(in super::super) struct RunsState {
    filter: LineFilter,
    order: LineOrder,
    /// Two at most, the older mark first.
    marked: Vec<LineKey>,
    comparing: Option<RunPair>,
    /// A name that is being typed.
    naming: Option<(LineKey, String)>,
    scroll_x: f32,
    /// Indices of the history's lines, in the order they are shown.
    shown: Vec<usize>,
    /// How many lines those were found among; none: look again.
    found_among: Option<usize>,
}

impl Default for RunsState {
    fn default() -> Self {
        Self {
            filter: LineFilter::default(),
            order: LineOrder::NEWEST_FIRST,
            marked: Vec::new(),
            comparing: None,
            naming: None,
            scroll_x: 0.0,
            shown: Vec::new(),
            found_among: None,
        }
    }
}

impl RunsState {
    /// Looks again where runs were added, or another search or order is wanted.
    fn follow(&mut self, session: &Session) {
        let history = session.history();
        let n_lines = history.lines().len();
        if self.found_among != Some(n_lines) {
            self.found_among = Some(n_lines);
            self.shown = history.sorted(&self.filter, self.order);
        }
    }

    fn mark(&mut self, key: LineKey) {
        if let Some(place) = self.marked.iter().position(|marked| *marked == key) {
            self.marked.remove(place);
            return;
        }
        if self.marked.len() == 2 {
            self.marked.remove(0);
        }
        self.marked.push(key);
    }

    fn sort_by(&mut self, clicked: LineOrder) {
        self.order = if self.order.key == clicked.key {
            LineOrder {
                is_descending: !self.order.is_descending,
                ..self.order
            }
        } else {
            clicked
        };
        self.found_among = None;
    }
}

/// Over the whole room there is. True when the lanes of the chosen run shall be shown.
pub(in super::super) fn runs_tab_ui(
    ui: &mut Ui,
    session: &Session,
    (state, chosen): (&mut RunsState, &mut Option<LineKey>),
    previews: &str,
    outbox: &mut Outbox,
) -> bool {
    let history = session.history();
    state.follow(session);
    ui.spacing_mut().item_spacing.y = size::GAP_XS;
    if history.lines().is_empty() {
        text::caption(ui, previews);
        text::caption(
            ui,
            "No full run yet. Run computes the whole photo on the chosen backend; Compare takes all \
             of them in turn. A timing log dropped on the window opens here.",
        );
        return false;
    }
    if comparison_ui(ui, session, state) {
        return false;
    }
    let mut shows_lanes = bar_ui(ui, session, (state, chosen.as_ref()), outbox);
    if state.shown.is_empty() {
        text::caption(ui, "No run has these words; clear the search to see all.");
    }
    let view = GridView {
        history,
        shown: &state.shown,
        chosen: chosen.as_ref(),
        marked: &state.marked,
        order: state.order,
    };
    match grid_ui(ui, &view, &mut state.scroll_x) {
        Some(GridAnswer::Choose(key)) => *chosen = Some(key),
        Some(GridAnswer::Open(key)) => {
            *chosen = Some(key);
            shows_lanes = true;
        }
        Some(GridAnswer::Mark(key)) => state.mark(key),
        Some(GridAnswer::Sort(key)) => {
            let is_figure = super::columns::COLUMNS
                .iter()
                .any(|column| column.key == key && column.is_figure);
            state.sort_by(LineOrder {
                key,
                is_descending: is_figure,
            });
        }
        None => {}
    }
    shows_lanes
}

/// Two runs side by side, in the place of the table; false where none are compared.
fn comparison_ui(ui: &mut Ui, session: &Session, state: &mut RunsState) -> bool {
    let history = session.history();
    let of = |idx: usize| state.marked.get(idx).and_then(|key| history.find(key));
    let (Some(pair), Some(first), Some(second)) = (&state.comparing, of(0), of(1)) else {
        return false;
    };
    let back = ui.horizontal(|ui| {
        let back = IconButton::new(Icon::ChevronLeft, "Back to the table").small();
        let is_back = ui.add(back).clicked();
        text::caption(
            ui,
            "Two runs; the difference is from the first to the second",
        );
        is_back
    });
    compare_ui(ui, pair, [first, second]);
    if back.inner {
        state.comparing = None;
    }
    true
}

fn bar_ui(
    ui: &mut Ui,
    session: &Session,
    (state, chosen): (&mut RunsState, Option<&LineKey>),
    outbox: &mut Outbox,
) -> bool {
    let chosen = chosen.and_then(|key| session.history().find(key));
    let wanted = vec2(ui.available_width(), size::BUTTON);
    let row = ui.allocate_ui_with_layout(wanted, Layout::left_to_right(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = size::GAP_XS;
        ui.allocate_ui(vec2(SEARCH, size::BUTTON), |ui| {
            if search_field(ui, "Find runs", &mut state.filter.text).is_changed {
                state.found_among = None;
            }
        });
        let compare = Button::quiet("Compare two")
            .enabled(state.marked.len() == 2)
            .tip("Mark two runs by the boxes at the left", "");
        if let (true, [first, second]) = (ui.add(compare).clicked(), state.marked.as_slice()) {
            state.comparing = session.pair_of(first, second);
        }
        let has_lanes = chosen.is_some_and(|line| has_lanes(session, line));
        let lanes = Button::quiet("Lanes").enabled(has_lanes).tip(
            "What every worker and core did in the chosen run; kept of the latest runs",
            "",
        );
        let shows_lanes = ui.add(lanes).clicked();
        let again = Button::quiet("Run again").enabled(chosen.is_some()).tip(
            "The chosen run's recipe on its backend once more; its photo must be open",
            "",
        );
        if let (true, Some(line)) = (ui.add(again).clicked(), chosen) {
            outbox.send(Command::RunAgain(line.key.clone()));
        }
        name_ui(ui, state, chosen, outbox);
        shows_lanes
    });
    row.inner
}

fn has_lanes(session: &Session, line: &RunLine) -> bool {
    session
        .run_of(line)
        .is_some_and(|run| !run.tiles.is_empty())
}

/// A button, and in its place the field while a name is being typed.
fn name_ui(ui: &mut Ui, state: &mut RunsState, chosen: Option<&RunLine>, outbox: &mut Outbox) {
    let Some((key, typed)) = &mut state.naming else {
        let name = Button::quiet("Name…")
            .enabled(chosen.is_some())
            .tip("Give the chosen run a name of your own", "");
        if let (true, Some(line)) = (ui.add(name).clicked(), chosen) {
            state.naming = Some((line.key.clone(), line.name.clone()));
        }
        return;
    };
    let id = egui::Id::unique("name of the run");
    let edit = egui::TextEdit::singleline(typed)
        .id(id)
        .char_limit(60)
        .desired_width(NAME)
        .hint_text("Name of the run");
    let response = ui.add(edit).accessible_name("Name of the run");
    if !response.has_focus() && !response.lost_focus() {
        response.request_focus();
    }
    if response.lost_focus() {
        if ui.input(|input| !input.key_pressed(Key::Escape)) {
            outbox.send(Command::NameRun(key.clone(), typed.clone()));
            state.found_among = None;
        }
        state.naming = None;
    }
}
