//! Pieces of a cut: what form a clip is in, rendering a part of one, and joining pieces without
//! touching what is in them.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::encode::{Format, clip_arguments, container_arguments, time_for};
use super::error::MediaError;
use super::probe::{MediaKind, Stream, ask, kind_of, rate_of};
use super::run::Invocation;
use super::scratch::Scratch;
use super::sound::{RATE, samples_of};
use super::tools::{Program, Tools, file_url};
use aiut_film::rate::FrameRate;

/// Conversions spelt out, so that ffmpeg has none to insert whose bytes depend on the processor.
const SCALER: &str = "flags=bicubic+accurate_rnd+full_chroma_int+bitexact";

/// All that must be equal in two clips whose packets are to follow each other in one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Form {
    /// Whether size, rate, codecs and time scale are those of the film.
    fits: bool,
    /// Digest of the decoder's set-up.
    setup: Option<String>,
}

impl Form {
    /// Digest of the decoder's set-up.
    pub(crate) fn setup(&self) -> Option<String> {
        self.setup.clone()
    }
}

/// A clip that can be cut.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    pub(crate) path: PathBuf,
    pub(crate) frames: u32,
    /// How long its sound is; none where ffprobe does not say.
    pub(crate) samples: Option<u64>,
    pub(crate) form: Form,
}

/// Reads what form a clip is in.
pub(crate) fn inspect(tools: &Tools, path: &Path, format: Format) -> Result<Source, MediaError> {
    let unusable = |reason: &str| MediaError::unusable(path.display().to_string(), reason);
    let (MediaKind::Stream(reader), _) = kind_of(path)? else {
        return Err(unusable("this is an image, not a clip"));
    };
    let answer = ask(tools, path, reader)?;
    let of = |kind: &str| {
        answer
            .streams
            .iter()
            .find(|stream| stream.codec_type.as_deref() == Some(kind))
    };
    let video = of("video").ok_or_else(|| unusable("it holds no picture"))?;
    let frames: u32 = video
        .nb_frames
        .as_deref()
        .and_then(|frames| frames.parse().ok())
        .unwrap_or(0);
    let fits = reader == "mov"
        && frames > 0
        && video_fits(video, format)
        && of("audio").is_some_and(audio_fits);
    Ok(Source {
        path: path.to_owned(),
        frames,
        samples: of("audio").and_then(|audio| audio.duration_ts),
        form: Form {
            fits,
            setup: video.extradata_hash.clone(),
        },
    })
}

fn video_fits(video: &Stream, format: Format) -> bool {
    let scale = format!("1/{}", format.fps.time_scale());
    video.codec_name.as_deref() == Some("h264")
        && video.pix_fmt.as_deref() == Some("yuv420p")
        && (video.width, video.height) == (Some(format.width), Some(format.height))
        && rate_of(video)
            .is_some_and(|(frames, seconds)| FrameRate::of(frames, seconds) == Some(format.fps))
        && video.time_base.as_deref() == Some(&scale)
        && video
            .sample_aspect_ratio
            .as_deref()
            .is_none_or(|ratio| ratio == "1:1")
}

fn audio_fits(audio: &Stream) -> bool {
    audio.codec_name.as_deref() == Some("pcm_s16le")
        && audio.sample_rate.as_deref() == Some("48000")
        && audio.channels == Some(2)
}

/// Brings clips to the film's form: those that have it already stay the files they are, the others
/// are encoded anew into the scratch folder.
pub(crate) fn conform(
    tools: &Tools,
    scratch: &Scratch,
    clips: &[&Path],
    format: Format,
) -> Result<Vec<Source>, MediaError> {
    let mut sources = clips
        .iter()
        .map(|path| inspect(tools, path, format))
        .collect::<Result<Vec<_>, _>>()?;
    for (index, source) in sources.iter_mut().enumerate() {
        if !source.form.fits {
            *source = encode_anew(
                tools,
                scratch,
                &source.path,
                format,
                &format!("conformed{index}.mov"),
            )?;
        }
    }
    Ok(sources)
}

/// Encodes whole clips anew whose decoder set-up is not `setup`, so that they can be joined.
pub(crate) fn unify(
    tools: &Tools,
    scratch: &Scratch,
    sources: &mut [Source],
    setup: Option<&str>,
    format: Format,
) -> Result<(), MediaError> {
    let house = match setup {
        Some(setup) => setup.to_owned(),
        None if sources.windows(2).all(|two| two[0].form == two[1].form) => return Ok(()),
        // What our own encoder writes; found by letting it write.
        None => {
            let card = encode_anew(tools, scratch, &sources[0].path, format, "house.mov")?;
            card.form.setup.unwrap_or_default()
        }
    };
    for (index, source) in sources.iter_mut().enumerate() {
        if source.form.setup.as_deref() != Some(&house) {
            *source = encode_anew(
                tools,
                scratch,
                &source.path,
                format,
                &format!("unified{index}.mov"),
            )?;
        }
    }
    Ok(())
}

/// A whole clip of any form in the form of the film: letterboxed, at its rate, with a sound track.
fn encode_anew(
    tools: &Tools,
    scratch: &Scratch,
    path: &Path,
    format: Format,
    name: &str,
) -> Result<Source, MediaError> {
    let (MediaKind::Stream(reader), _) = kind_of(path)? else {
        return Err(MediaError::unusable(
            path.display().to_string(),
            "this is an image, not a clip",
        ));
    };
    let answer = ask(tools, path, reader)?;
    let sound = answer
        .streams
        .iter()
        .any(|stream| stream.codec_type.as_deref() == Some("audio"));
    let info = super::probe::probe(tools, path)?;
    let duration = info.duration_ms.unwrap_or(0);
    let is_at_rate = |(frames, seconds)| FrameRate::of(frames, seconds) == Some(format.fps);
    let frames = info
        .frames
        .filter(|_| info.rate.is_some_and(is_at_rate))
        .unwrap_or_else(|| format.fps.frames_in(duration));
    if frames == 0 {
        return Err(MediaError::unusable(
            path.display().to_string(),
            "it holds no frames",
        ));
    }
    let Format { width, height, fps } = format;
    let count = samples_of(frames, fps);
    let heard = if sound { "[0:a:0]" } else { "[1:a]" };
    let graph = format!(
        "[0:v:0]fps={fps},scale={width}:{height}:force_original_aspect_ratio=decrease:force_divisible_by=2:{SCALER},format=yuv420p,\
         pad={width}:{height}:-1:-1,tpad=stop_mode=clone:stop=-1,trim=end_frame={frames},setsar=1[v];\
         {heard}aresample=48000,aformat=sample_fmts=s16:channel_layouts=stereo,apad=whole_len={count},atrim=end_sample={count}[a]"
    );
    let mut run = tools.run(Program::Ffmpeg, time_for(format, frames))?;
    run = input(run, path, reader);
    if !sound {
        run = run.args(["-f", "lavfi", "-i", "anullsrc=r=48000:cl=stereo"]);
    }
    finish(run, scratch, &graph, format, name)?;
    inspect(tools, &scratch.path(name), format)
}

fn input(run: Invocation, path: &Path, reader: &str) -> Invocation {
    run.args(["-protocol_whitelist", "file", "-f", reader, "-i"])
        .args([file_url(path)])
}

fn finish(
    run: Invocation,
    scratch: &Scratch,
    graph: &str,
    format: Format,
    name: &str,
) -> Result<(), MediaError> {
    run.args(["-filter_complex", graph, "-map", "[v]", "-map", "[a]"])
        .args(clip_arguments(format))
        .args([file_url(&scratch.path(name))])
        .run()?;
    Ok(())
}

/// Renders `frames` frames through a filter graph over clips in the film's form. The graph takes
/// `[0:v] [0:a] [1:v] …` and gives `[v]` and `[a]`.
pub(crate) fn render(
    tools: &Tools,
    scratch: &Scratch,
    clips: &[&Path],
    graph: &str,
    frames: u32,
    format: Format,
    name: &str,
) -> Result<Source, MediaError> {
    // Reading a clip up to where it is cut takes time too.
    let mut run = tools.run(Program::Ffmpeg, time_for(format, frames) * 4)?;
    for clip in clips {
        run = input(run, clip, "mov");
    }
    finish(run, scratch, graph, format, name)?;
    inspect(tools, &scratch.path(name), format)
}

/// Keeps sound and picture in step over pieces of one form that will be joined in this order. A
/// frame at 29.97 lasts 1601.6 samples, so the sound of a piece, alone a whole number of samples,
/// may have to be one longer or shorter where it stands: it begins and ends at the samples nearest
/// to its frames. Pictures are not touched.
pub(crate) fn in_step(
    tools: &Tools,
    scratch: &Scratch,
    pieces: &mut [Source],
    format: Format,
) -> Result<(), MediaError> {
    let at = |frames: u64| format.fps.units_of(frames, u64::from(RATE));
    let mut frames = 0;
    for (index, piece) in pieces.iter_mut().enumerate() {
        let start = at(frames);
        frames += u64::from(piece.frames);
        let count = at(frames) - start;
        // Where nobody says how long it is, it is as long as clips of ours are.
        if piece
            .samples
            .unwrap_or(samples_of(piece.frames, format.fps))
            == count
        {
            continue;
        }
        let name = format!("step{index}.mov");
        input(
            tools.run(Program::Ffmpeg, time_for(format, piece.frames))?,
            &piece.path,
            "mov",
        )
        .args(["-map", "0:v:0", "-map", "0:a:0", "-c:v", "copy", "-af"])
        .args([format!("apad=whole_len={count},atrim=end_sample={count}")])
        .args(["-c:a", "pcm_s16le"])
        .args(container_arguments(format))
        .args([file_url(&scratch.path(&name))])
        .run()?;
        piece.path = scratch.path(&name);
        piece.samples = Some(count);
    }
    Ok(())
}

/// Writes the list that ffmpeg's joiner reads. Where each piece ends is said, since a QuickTime
/// file says it of itself in whole milliseconds only, and hundreds of pieces would add up to a drift.
pub(crate) fn list(
    scratch: &Scratch,
    pieces: &[&Source],
    format: Format,
) -> Result<PathBuf, MediaError> {
    let mut list = String::from("ffconcat version 1.0\n");
    let micros = |frames: u64| format.fps.units_of(frames, 1_000_000);
    let mut frames = 0;
    for piece in pieces {
        let subject = || piece.path.display().to_string();
        let whole = piece
            .path
            .canonicalize()
            .map_err(MediaError::io(&piece.path))?;
        let path = whole
            .to_str()
            .ok_or_else(|| MediaError::unusable(subject(), "its path is not Unicode"))?;
        if path.contains(char::is_control) {
            return Err(MediaError::unusable(
                subject(),
                "its path has a control character in it",
            ));
        }
        let start = micros(frames);
        frames += u64::from(piece.frames);
        let length = micros(frames) - start;
        list.push_str(&format!(
            "file 'file:{}'\nduration {}.{:06}\n",
            path.replace('\'', r"'\''"),
            length / 1_000_000,
            length % 1_000_000
        ));
    }
    scratch.write("pieces.ffconcat", list.as_bytes())
}

/// Arguments that read a list of pieces as one: nothing but QuickTime files, nothing but files, and
/// no packet rewritten, since all pieces have one set-up.
pub(crate) fn list_arguments(list: &Path) -> Vec<OsString> {
    let fixed = [
        "-protocol_whitelist",
        "file",
        "-format_whitelist",
        "concat,mov",
        "-f",
        "concat",
        "-safe",
        "0",
        "-auto_convert",
        "0",
        "-i",
    ];
    let mut arguments: Vec<OsString> = fixed.map(OsString::from).to_vec();
    arguments.push(file_url(list));
    arguments
}

/// Joins pieces of one form into `name`, their packets as they are.
pub(crate) fn join(
    tools: &Tools,
    scratch: &Scratch,
    pieces: &[&Source],
    format: Format,
    name: &str,
) -> Result<(), MediaError> {
    let list = list(scratch, pieces, format)?;
    let frames = pieces.iter().map(|piece| piece.frames).sum();
    tools
        .run(Program::Ffmpeg, time_for(format, frames))?
        .args(list_arguments(&list))
        .args(["-map", "0:v:0", "-map", "0:a:0", "-c", "copy"])
        .args(container_arguments(format))
        .args([file_url(&scratch.path(name))])
        .run()?;
    Ok(())
}
