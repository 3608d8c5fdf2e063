//! What the tests share: pictures, plans, pools of the real binary, and ways to harm them.

use std::sync::Arc;

use parallax::backend::cancel::Cancel;
use parallax::backend::processes::{Processes, Transport, WorkerProgram};
use parallax::backend::render::{Render, Schedule};
use parallax::backend::{Backend, BackendError};
use parallax::filters::registry::{FILTERS, find};
use parallax::filters::value::Values;
use parallax::pixels::color::ColorSpace;
use parallax::pixels::convert::OutputFormat;
use parallax::pixels::geometry::{Rect, Size};
use parallax::pixels::image::{Depth, Image, Layout, Memory, Samples, SharedSamples};
use parallax::plan::graph::{Input, PassOutput};
use parallax::plan::{PhotoForm, Plan, build};
use parallax::recipe::Recipe;
use parallax::system::shared_memory::{Frozen, SharedMemory};
use parallax::telemetry::event::{DeathCause, Event, WorkerChange};
use parallax::telemetry::ids::RunId;
use parallax::telemetry::sink::{NullSink, Sink};

pub(crate) fn program() -> WorkerProgram {
    WorkerProgram::computing(env!("CARGO_BIN_EXE_parallax"))
}

pub(crate) fn pool(n_workers: usize) -> Processes {
    Processes::new(n_workers, program()).unwrap()
}

pub(crate) fn pool_by(n_workers: usize, transport: Transport) -> Processes {
    pool(n_workers).by(transport)
}

/// The same picture in memory that workers can map themselves, as a decoder process leaves it.
pub(crate) fn shared(image: &Image) -> Image {
    #[derive(Debug)]
    struct Held(Frozen);

    impl Memory for Held {
        fn bytes(&self) -> &[u8] {
            &self.0
        }
    }

    let bytes = image.samples.as_ref().bytes();
    let memory = SharedMemory::new(bytes.len()).unwrap();
    memory.map().unwrap().copy_from_slice(bytes);
    let held = Arc::new(Held(memory.freeze().unwrap()));
    let samples = SharedSamples::new(image.depth(), held).unwrap();
    Image {
        samples: Samples::Shared(samples),
        ..image.clone()
    }
}

/// A picture in which no two rows and few pixels are alike.
pub(crate) fn photo(size: Size, layout: Layout, depth: Depth) -> Image {
    let len = size.area() as usize * layout.channels();
    let mix = |i: usize| (i as u32).wrapping_mul(2_654_435_761) >> 9;
    let samples = match depth {
        Depth::Eight => Samples::U8((0..len).map(|i| mix(i) as u8).collect()),
        Depth::Sixteen => Samples::U16((0..len).map(|i| mix(i) as u16).collect()),
    };
    Image::new(size, layout, samples, Arc::new(ColorSpace::srgb()))
}

/// One cheap filter that goes pixel by pixel.
pub(crate) fn exposure() -> Recipe {
    let spec = find("exposure").unwrap().spec();
    Recipe::empty().inserted(spec, &Values::on_add(spec)).0
}

/// Every filter there is, as it is when it is added.
pub(crate) fn everything() -> Recipe {
    FILTERS.iter().fold(Recipe::empty(), |recipe, filter| {
        let values = Values::on_add(filter.spec());
        recipe.inserted(filter.spec(), &values).0
    })
}

pub(crate) fn plan(image: &Image, recipe: &Recipe, depth: Depth) -> Plan {
    let form = PhotoForm::of(image);
    let output = OutputFormat {
        layout: form.output_layout(recipe),
        depth,
        color: ColorSpace::display_p3(),
        dither: false,
    };
    build(recipe, &form, output).unwrap()
}

/// The same plan with the whole picture stored as planes in between.
pub(crate) fn in_two_passes(mut plan: Plan) -> Plan {
    let mut last = plan.passes.pop().unwrap();
    let mut first = last.clone();
    first.steps.truncate(1);
    first.output = PassOutput::Planes {
        n_planes: plan.n_planes() as u8,
    };
    last.steps.remove(0);
    last.input = Some(Input::Pass(plan.passes.len() as u16));
    plan.passes.extend([first, last]);
    plan
}

pub(crate) fn render(
    (plan, image, tile_px): (&Plan, &Image, u32),
    backend: &dyn Backend,
    events: &dyn Sink,
    cancel: &Cancel,
) -> Result<Samples, BackendError> {
    let region = Rect::of(plan.output_size());
    let schedule = Schedule::new(plan, region, Some(tile_px), backend.n_workers()).unwrap();
    let render = Render {
        run: RunId(1),
        plan,
        schedule: &schedule,
        photo: image.view(),
        events,
        cancel,
    };
    render.run(backend).map(|rendered| rendered.samples)
}

pub(crate) fn plain(job: (&Plan, &Image, u32), backend: &dyn Backend) -> Samples {
    render(job, backend, &NullSink, &Cancel::default()).unwrap()
}

pub(crate) fn kill_9(pid: u32) {
    let pid = rustix::process::Pid::from_raw(pid.cast_signed()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).ok();
}

pub(crate) fn is_alive(pid: u32) -> bool {
    std::path::Path::new(&format!("/proc/{pid}")).exists()
}

pub(crate) fn deaths(events: &[Event]) -> Vec<(u32, DeathCause)> {
    let death = |event: &Event| match event {
        Event::Worker(worker) => match worker.change {
            WorkerChange::Died(cause) => Some((worker.pid.unwrap(), cause)),
            _ => None,
        },
        _ => None,
    };
    events.iter().filter_map(death).collect()
}
