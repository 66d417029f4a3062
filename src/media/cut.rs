//! A cut: the clips of a scene, joined with its transitions.
//!
//! ```text
//! clip 1        [==================]
//! clip 2                      [====================]
//! segments      [ head of 1  ][mix][    tail of 2  ]      a dissolve of n frames shortens the cut by n
//! ```
//! Where clips meet in plain cuts their packets are copied. A clip that a transition touches is
//! encoded anew, its neighbours are not.

use std::path::{Path, PathBuf};

use super::encode::Format;
use super::error::MediaError;
use super::scratch::{Rendered, Scratch};
use super::segment::{Source, conform, in_step, join, render, unify};
use super::sound::samples_of;
use super::tools::Tools;
use aiut_film::words;

/// How one clip gives way to the next. Lengths are in frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transition {
    /// At once.
    Cut,
    /// Both pictures and sounds overlap for so long, one fading into the other.
    Dissolve(u32),
    /// Both overlap for so long, the next pushed over the last from the left.
    Wipe(u32),
    /// The clip ends in black.
    FadeToBlack(u32),
    /// The clip ends in white.
    FadeToWhite(u32),
    /// The next clip begins in black.
    FadeIn(u32),
}

impl Transition {
    /// What a shot list's word does over so many frames: cuts of any name are plain cuts, and so is
    /// what has no length.
    #[must_use]
    pub fn of(word: words::Transition, frames: u32) -> Self {
        if frames == 0 {
            return Self::Cut;
        }
        match word {
            words::Transition::Cut
            | words::Transition::SmashCut
            | words::Transition::MatchCut
            | words::Transition::JumpCut => Self::Cut,
            words::Transition::Dissolve | words::Transition::Crossfade => Self::Dissolve(frames),
            words::Transition::Wipe => Self::Wipe(frames),
            words::Transition::FadeToBlack | words::Transition::FadeOut => {
                Self::FadeToBlack(frames)
            }
            words::Transition::FadeToWhite => Self::FadeToWhite(frames),
            words::Transition::FadeIn => Self::FadeIn(frames),
        }
    }

    fn overlap(self) -> u32 {
        match self {
            Self::Dissolve(frames) | Self::Wipe(frames) => frames,
            _ => 0,
        }
    }
}

/// A clip and what comes after it.
#[derive(Debug, Clone)]
pub struct Piece {
    /// A clip of any kind that ffmpeg reads; one of ours is copied where no transition touches it.
    pub clip: PathBuf,
    /// After the last clip, only fades have an effect.
    pub next: Transition,
}

/// A finished cut.
#[derive(Debug)]
pub struct Cut {
    /// H.264 and 48 kHz stereo PCM in a `.mov`.
    pub file: Rendered,
    /// Its length: that of all clips less the overlaps.
    pub frames: u32,
}

/// What is done to one clip between its overlaps.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Plan {
    /// Frames that the overlap before and after it takes away.
    before: u32,
    after: u32,
    fade_in: u32,
    fade_out: u32,
    white: bool,
}

/// Joins clips. `opening` is how the first is entered: a fade in, or at once.
///
/// # Errors
/// When there are no clips, one cannot be read, or ffmpeg is missing or fails.
pub fn cut(
    tools: &Tools,
    pieces: &[Piece],
    opening: Transition,
    format: Format,
    temporary: &Path,
) -> Result<Cut, MediaError> {
    let format = format.check()?;
    if pieces.is_empty() {
        return Err(MediaError::unusable("cut", "there are no clips to join"));
    }
    let scratch = Scratch::new(temporary)?;
    let clips: Vec<&Path> = pieces.iter().map(|piece| piece.clip.as_path()).collect();
    let sources = conform(tools, &scratch, &clips, format)?;
    let transitions: Vec<Transition> = pieces.iter().map(|piece| piece.next).collect();
    let lengths: Vec<u32> = sources.iter().map(|source| source.frames).collect();
    let plans = plan(&lengths, &transitions, opening);

    let mut segments: Vec<Source> = Vec::new();
    let mut untouched: Vec<usize> = Vec::new();
    let mut setup = None;
    for (index, (source, plan)) in sources.iter().zip(&plans).enumerate() {
        if *plan == Plan::default() {
            untouched.push(segments.len());
            segments.push(source.clone());
        } else if source.frames > plan.before + plan.after {
            let graph = part(source.frames, plan, format);
            let frames = source.frames - plan.before - plan.after;
            let part = render(
                tools,
                &scratch,
                &[&source.path],
                &graph,
                frames,
                format,
                &format!("part{index}.mov"),
            )?;
            setup = setup.or_else(|| part.form.setup());
            segments.push(part);
        }
        if let (true, Some(next)) = (plan.after > 0, sources.get(index + 1)) {
            let graph = overlap(source.frames, plan.after, transitions[index], format);
            let mixed = render(
                tools,
                &scratch,
                &[&source.path, &next.path],
                &graph,
                plan.after,
                format,
                &format!("mix{index}.mov"),
            )?;
            setup = setup.or_else(|| mixed.form.setup());
            segments.push(mixed);
        }
    }
    // Rendered segments are of one form; clips that are copied must be too.
    let mut copied: Vec<Source> = untouched.iter().map(|at| segments[*at].clone()).collect();
    unify(tools, &scratch, &mut copied, setup.as_deref(), format)?;
    for (at, source) in untouched.into_iter().zip(copied) {
        segments[at] = source;
    }
    in_step(tools, &scratch, &mut segments, format)?;
    let pieces: Vec<&Source> = segments.iter().collect();
    join(tools, &scratch, &pieces, format, "cut.mov")?;
    let frames = segments.iter().map(|segment| segment.frames).sum();
    Ok(Cut {
        file: scratch.finish("cut.mov"),
        frames,
    })
}

/// What each clip loses and how it fades. No overlap is longer than half of either clip, so that
/// two of them never meet inside one.
fn plan(lengths: &[u32], transitions: &[Transition], opening: Transition) -> Vec<Plan> {
    let mut plans = vec![Plan::default(); lengths.len()];
    if let Transition::FadeIn(frames) = opening {
        plans[0].fade_in = frames.min(lengths[0]);
    }
    for (index, transition) in transitions.iter().enumerate() {
        let next = lengths.get(index + 1).copied();
        match *transition {
            Transition::Cut => {}
            Transition::Dissolve(_) | Transition::Wipe(_) => {
                let room = next.map_or(0, |next| (lengths[index] / 2).min(next / 2));
                let frames = transition.overlap().min(room);
                plans[index].after = frames;
                if next.is_some() {
                    plans[index + 1].before = frames;
                }
            }
            Transition::FadeToBlack(frames) | Transition::FadeToWhite(frames) => {
                plans[index].fade_out = frames;
                plans[index].white = matches!(transition, Transition::FadeToWhite(_));
            }
            Transition::FadeIn(frames) => {
                if next.is_some() {
                    plans[index + 1].fade_in = frames;
                }
            }
        }
    }
    for (plan, length) in plans.iter_mut().zip(lengths) {
        let left = length - plan.before - plan.after;
        plan.fade_in = plan.fade_in.min(left);
        plan.fade_out = plan.fade_out.min(left);
    }
    plans
}

/// The number of a frame, from 0, in ffmpeg's expressions. Its own counter `N` says how many frames
/// a filter has taken in, which is ahead by as many as it keeps.
fn frame_number(format: Format) -> String {
    format!("round(T*{})", format.fps)
}

/// What makes of a number of frames the seconds that they last, in ffmpeg's expressions.
fn seconds_each(format: Format) -> String {
    match format.fps.is_whole() {
        true => format!("/{}", format.fps),
        false => format!("*{}/{}", format.fps.denominator(), format.fps.numerator()),
    }
}

/// The filters for a clip without its overlaps, faded.
fn part(length: u32, plan: &Plan, format: Format) -> String {
    let (from, to) = (plan.before, length - plan.after);
    let (first, last) = (samples_of(from, format.fps), samples_of(to, format.fps));
    let frames = to - from;
    let mut picture = format!("[0:v]trim=start_frame={from}:end_frame={to},setpts=PTS-STARTPTS");
    let mut sound = format!(
        "[0:a]atrim=start_sample={first}:end_sample={last},asetpts=PTS-STARTPTS,apad=whole_len={}",
        last - first
    );
    if plan.fade_in > 0 {
        let samples = samples_of(plan.fade_in, format.fps);
        picture.push_str(&format!(",fade=t=in:s=0:n={}", plan.fade_in));
        sound.push_str(&format!(",afade=t=in:ss=0:ns={samples}"));
    }
    if plan.fade_out > 0 {
        let samples = samples_of(plan.fade_out, format.fps);
        let start = frames - plan.fade_out;
        if plan.white {
            // The fade filter knows white only in RGB, by a conversion of its own.
            let share = format!(
                "max(0,{}-{start}+1)/{}",
                frame_number(format),
                plan.fade_out
            );
            picture.push_str(&format!(
                ",split[one][two];[one][two]blend=c0_expr='A+(235-A)*{share}':c1_expr='A+(128-A)*{share}':c2_expr='A+(128-A)*{share}':enable='gte(t,({start}-0.5){})'",
                seconds_each(format)
            ));
        } else {
            picture.push_str(&format!(",fade=t=out:s={start}:n={}", plan.fade_out));
        }
        sound.push_str(&format!(
            ",afade=t=out:ss={}:ns={samples}",
            last - first - samples.min(last - first)
        ));
    }
    format!("{picture},setsar=1[v];{sound}[a]")
}

/// The filters for the overlap of two clips, `frames` long, at the end of the first.
fn overlap(length: u32, frames: u32, transition: Transition, format: Format) -> String {
    let from = length - frames;
    let (first, last) = (samples_of(from, format.fps), samples_of(length, format.fps));
    let count = last - first;
    let share = format!("({}+1)/{}", frame_number(format), frames + 1);
    let mixed = match transition {
        Transition::Wipe(_) => format!("if(lte(X,W*{share}),B,A)"),
        _ => format!("A*(1-{share})+B*{share}"),
    };
    format!(
        "[0:v]trim=start_frame={from}:end_frame={length},setpts=PTS-STARTPTS[out];\
         [1:v]trim=end_frame={frames},setpts=PTS-STARTPTS[in];\
         [out][in]blend=all_expr='{mixed}',setsar=1[v];\
         [0:a]atrim=start_sample={first}:end_sample={last},asetpts=PTS-STARTPTS,apad=whole_len={count},afade=t=out:ss=0:ns={count}[going];\
         [1:a]atrim=end_sample={count},asetpts=PTS-STARTPTS,apad=whole_len={count},afade=t=in:ss=0:ns={count}[coming];\
         [going][coming]amix=inputs=2:normalize=0,atrim=end_sample={count}[a]"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlaps_take_from_both_and_never_meet() {
        let plans = plan(
            &[48, 20, 60],
            &[
                Transition::Dissolve(12),
                Transition::Dissolve(40),
                Transition::FadeToBlack(12),
            ],
            Transition::FadeIn(6),
        );
        assert_eq!(
            plans[0],
            Plan {
                after: 10,
                fade_in: 6,
                ..Plan::default()
            }
        );
        assert_eq!(
            plans[1],
            Plan {
                before: 10,
                after: 10,
                ..Plan::default()
            }
        );
        assert_eq!(
            plans[2],
            Plan {
                before: 10,
                fade_out: 12,
                ..Plan::default()
            }
        );
    }

    #[test]
    fn a_transition_after_the_last_clip_is_a_fade_or_nothing() {
        assert_eq!(
            plan(&[10], &[Transition::Dissolve(5)], Transition::Cut),
            [Plan::default()]
        );
        assert_eq!(
            plan(&[10], &[Transition::FadeToWhite(50)], Transition::Cut)[0].fade_out,
            10
        );
    }

    #[test]
    fn words_of_a_shot_list_are_read() {
        assert_eq!(
            Transition::of(words::Transition::Dissolve, 12),
            Transition::Dissolve(12)
        );
        assert_eq!(
            Transition::of(words::Transition::Dissolve, 0),
            Transition::Cut
        );
        assert_eq!(
            Transition::of(words::Transition::SmashCut, 8),
            Transition::Cut
        );
        assert_eq!(
            Transition::of(words::Transition::FadeIn, 8),
            Transition::FadeIn(8)
        );
    }
}
