//! What is said of pictures and sounds that differ.

use std::io::Cursor;

use insta::assert_snapshot;

use super::world::World;

/// A picture that brightens to the right, with a dark square.
fn picture(width: u32, height: u32, square: u32) -> Vec<u8> {
    let image = image::RgbImage::from_fn(width, height, |x, y| {
        let dark = x < square && y < square;
        image::Rgb(if dark {
            [10, 10, 10]
        } else {
            [(x * 255 / width) as u8; 3]
        })
    });
    let mut png = Cursor::new(Vec::new());
    image.write_to(&mut png, image::ImageFormat::Png).unwrap();
    png.into_inner()
}

/// Silence, in seconds.
fn sound(seconds: u32) -> Vec<u8> {
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: 8000,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut wav = Cursor::new(Vec::new());
    let mut writer = hound::WavWriter::new(&mut wav, spec).unwrap();
    (0..seconds * 8000).for_each(|_| writer.write_sample(0_i16).unwrap());
    writer.finalize().unwrap();
    wav.into_inner()
}

#[test]
fn pictures_and_sounds_are_told_by_what_one_sees_and_hears() {
    let world = World::new();
    world.ok(&["init", "-q"]);
    world.write("frames/012_003.png", picture(320, 180, 60));
    world.write("frames/012_004.png", picture(320, 180, 60));
    world.write(
        "frames/broken.png",
        [&picture(64, 36, 0)[..20], b"\0\0"].concat(),
    );
    world.write("voices/012_003.wav", sound(2));
    world.ok(&["commit", "-q", "-m", "First"]);
    // The same picture, larger; another picture; a longer sound; a new picture.
    world.write("frames/012_003.png", picture(640, 360, 120));
    world.write("frames/012_004.png", picture(320, 180, 170));
    world.write("frames/broken.png", b"\x89PNG\0");
    world.write("voices/012_003.wav", sound(3));
    world.write("frames/012_005.png", picture(320, 180, 0));
    let before = world.run(&["diff"]);
    assert_snapshot!(before, @"
    modified: frames/012_003.png
    diff --git a/frames/012_003.png b/frames/012_003.png
    Binary files a/frames/012_003.png and b/frames/012_003.png differ
      size        1.7 KiB -> 4.8 KiB
      resolution  320x180 -> 640x360
      codec       png
      looks       the same

    modified: frames/012_004.png
    diff --git a/frames/012_004.png b/frames/012_004.png
    Binary files a/frames/012_004.png and b/frames/012_004.png differ
      size        1.7 KiB
      resolution  320x180
      codec       png
      looks       27.2 % apart

    added: frames/012_005.png
    diff --git a/frames/012_005.png b/frames/012_005.png
    new file mode 100644
    Binary files /dev/null and b/frames/012_005.png differ
      size        1.7 KiB
      resolution  320x180
      codec       png

    modified: frames/broken.png
    diff --git a/frames/broken.png b/frames/broken.png
    Binary files a/frames/broken.png and b/frames/broken.png differ
      size        22 B -> 5 B

    modified: voices/012_003.wav
    diff --git a/voices/012_003.wav b/voices/012_003.wav
    Binary files a/voices/012_003.wav and b/voices/012_003.wav differ
      size        31.3 KiB -> 46.9 KiB
      duration    2.000 s -> 3.000 s
      codec       pcm_s16le
    ");
    world.ok(&["commit", "-q", "-m", "Second"]);
    assert_eq!(world.ok(&["diff", "HEAD~1", "HEAD"]), before.stdout);
    let json = world.json(&["diff", "HEAD~1", "HEAD", "frames/012_003.png"]);
    assert_snapshot!(json["changes"][0]["content"], @r#"{"kind":"media","old":{"kind":"image","width":320,"height":180,"duration_ms":null,"frame_rate":null,"codecs":["png"]},"new":{"kind":"image","width":640,"height":360,"duration_ms":null,"frame_rate":null,"codecs":["png"]},"distance_permille":0}"#);
}
