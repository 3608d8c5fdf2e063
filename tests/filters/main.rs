//! Every filter of the table on a real photo: golden pictures, instruction sets, previews.
//!
//! The filters' own tests hold them to their formulas; here they are held to what they gave before,
//! to the same bytes at every SIMD level, and to previews that show what an export will.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod golden;
mod levels;
mod previews;

use std::path::Path;
use std::sync::{Arc, LazyLock};

use parallax::backend::cancel::Cancel;
use parallax::backend::render::{Render, Schedule};
use parallax::backend::single::Single;
use parallax::codecs::{Limits, Watch};
use parallax::filters::registry::FILTERS;
use parallax::filters::spec::Spec;
use parallax::filters::value::Values;
use parallax::pixels::color::ColorSpace;
use parallax::pixels::convert::{Decoder, Encoder, OutputFormat};
use parallax::pixels::geometry::{Rect, Size};
use parallax::pixels::image::{Depth, Image, Layout, Samples};
use parallax::pixels::resample::Resampler;
use parallax::plan::{self, PhotoForm};
use parallax::recipe::Recipe;
use parallax::studio::Photo;
use parallax::telemetry::ids::RunId;
use parallax::telemetry::sink::NullSink;

/// The sample photo, one filter's worth of pixels: 1024 a side at most.
static PHOTO: LazyLock<Image> = LazyLock::new(|| {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/photos/dandelion.jpg");
    let cancel = Cancel::default();
    let watch = Watch::cancel(cancel.flag());
    let photo = Photo::load_here(&path, &Limits::default(), &watch).unwrap();
    let long_side = f64::from(photo.image.size.long_side());
    reduced(&photo.image, photo.image.size.scaled(1024.0 / long_side))
});

/// Each filter that does something as it is added; a look table does nothing without its file.
fn filters() -> impl Iterator<Item = (&'static Spec, Recipe)> {
    FILTERS
        .iter()
        .map(|filter| filter.spec())
        .filter_map(|spec| {
            let values = Values::on_add(spec);
            let recipe = Recipe::empty().inserted(spec, &values).0;
            (!values.is_identity(spec)).then_some((spec, recipe))
        })
}

fn format(depth: Depth) -> OutputFormat {
    OutputFormat {
        layout: Layout::Rgb,
        depth,
        color: ColorSpace::srgb(),
        dither: false,
    }
}

/// The mean of the pixels, in linear light, as 16-bit samples.
fn reduced(image: &Image, size: Size) -> Image {
    let mut samples = Samples::zeroed(Depth::Sixteen, size.area() as usize * 3);
    let resampler = Resampler {
        source: image.view(),
        source_size: image.size,
        target_size: size,
        decoder: &Decoder::shared(&image.color, image.layout, image.depth()),
        encoder: &Encoder::new(format(Depth::Sixteen)),
    };
    resampler.region(Rect::of(size), samples.as_mut());
    Image::new(size, Layout::Rgb, samples, Arc::new(ColorSpace::srgb()))
}

/// `image` is the photo at `scale`; `full_size` is what it has at scale 1.
fn rendered(image: &Image, full_size: Size, scale: f64, recipe: &Recipe, depth: Depth) -> Image {
    let form = PhotoForm {
        full_size,
        scale,
        picture_scale: scale,
        ..PhotoForm::of(image)
    };
    let plan = plan::build(recipe, &form, format(depth)).unwrap();
    let region = Rect::of(plan.output_size());
    let schedule = Schedule::new(&plan, region, None, 1).unwrap();
    let render = Render {
        run: RunId(1),
        plan: &plan,
        schedule: &schedule,
        photo: image.view(),
        events: &NullSink,
        cancel: &Cancel::default(),
    };
    render.run(&Single::default()).unwrap().into_image(&plan)
}
