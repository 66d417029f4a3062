//! How loud speech is, and making it as loud as all other speech: every line at the same loudness
//! (ITU-R BS.1770) and no peak above [`CEILING`], so that a film of them needs one gain and no
//! clipping.
//!
//! Sums, products and square roots alone, which are the same on every machine.

use std::collections::VecDeque;

use super::sound::{RATE, narrow};

/// The loudness of a line on both channels, in LUFS; a film is brought to its own later. Low enough
/// that the peaks of a voice stay under [`CEILING`] by themselves.
#[cfg(test)]
pub(crate) const SPEECH: f64 = -20.0;

/// The same as the mean square of one channel: `10^((SPEECH + 0.691) / 10) / 2`.
const SPEECH_SQUARE: f64 = 0.005_862_3;

/// The highest sample of a line, of full scale: 6 dB under it.
const CEILING: f64 = 0.5;

/// A line is made this much louder at most: what is quieter is noise.
const MOST: f64 = 8.0;

/// Blocks over which loudness is measured, and from one to the next.
const BLOCK: usize = RATE as usize * 2 / 5;
const STEP: usize = BLOCK / 4;

/// A block of less is silence: -70 LUFS.
const SILENCE_SQUARE: f64 = 5.86e-8;

/// Samples before and after a peak over which the limiter turns down.
const LOOK: usize = RATE as usize / 200;

/// A filter of second order, direct form I.
struct Biquad {
    b: [f64; 3],
    a: [f64; 2],
    x: [f64; 2],
    y: [f64; 2],
}

impl Biquad {
    const fn new(b: [f64; 3], a: [f64; 2]) -> Self {
        Self {
            b,
            a,
            x: [0.0; 2],
            y: [0.0; 2],
        }
    }

    fn next(&mut self, input: f64) -> f64 {
        let output = self.b[0] * input + self.b[1] * self.x[0] + self.b[2] * self.x[1]
            - self.a[0] * self.y[0]
            - self.a[1] * self.y[1];
        self.x = [input, self.x[0]];
        self.y = [output, self.y[0]];
        output
    }
}

/// What an ear makes of samples at 48 kHz: BS.1770's shelf for the head, then its high-pass.
fn weighted(samples: &[i16]) -> Vec<f64> {
    let mut shelf = Biquad::new(
        [
            1.535_124_859_586_97,
            -2.691_696_189_406_38,
            1.198_392_810_852_85,
        ],
        [-1.690_659_293_182_41, 0.732_480_774_215_85],
    );
    let mut high = Biquad::new(
        [1.0, -2.0, 1.0],
        [-1.990_047_454_833_98, 0.990_072_250_366_21],
    );
    let samples = samples.iter();
    samples
        .map(|sample| high.next(shelf.next(f64::from(*sample) / 32_768.0)))
        .collect()
}

/// The mean square of what is heard, without pauses; none of silence.
pub(crate) fn heard_square(samples: &[i16]) -> Option<f64> {
    let heard = weighted(samples);
    let square = |block: &[f64]| block.iter().map(|x| x * x).sum::<f64>() / block.len() as f64;
    let blocks: Vec<f64> = if heard.len() <= BLOCK {
        heard.chunks(BLOCK).map(square).collect()
    } else {
        let starts = (0..=heard.len() - BLOCK).step_by(STEP);
        starts.map(|at| square(&heard[at..at + BLOCK])).collect()
    };
    let mean = |over: f64| -> Option<f64> {
        let loud: Vec<f64> = blocks.iter().copied().filter(|one| *one > over).collect();
        (!loud.is_empty()).then(|| loud.iter().sum::<f64>() / loud.len() as f64)
    };
    // What is 10 dB under the mean is a pause.
    mean(mean(SILENCE_SQUARE)? / 10.0)
}

/// The same line at the loudness of speech. Silence stays as it is.
pub(crate) fn leveled(samples: Vec<i16>) -> Vec<i16> {
    let Some(square) = heard_square(&samples) else {
        return samples;
    };
    let gain = (SPEECH_SQUARE / square).sqrt().min(MOST);
    let loud: Vec<f64> = samples
        .iter()
        .map(|sample| f64::from(*sample) / 32_768.0 * gain)
        .collect();
    let turned = limits(&loud);
    let samples = loud.iter().zip(turned);
    samples
        .map(|(sample, turn)| narrow((sample * turn * 32_768.0).round() as i32))
        .collect()
}

/// What each sample is multiplied with so that none is above [`CEILING`], without a sudden step: the
/// lowest factor that a sample around asks for, and of these the mean.
fn limits(samples: &[f64]) -> Vec<f64> {
    let wanted: Vec<f64> = samples
        .iter()
        .map(|sample| (CEILING / sample.abs().max(CEILING)).min(1.0))
        .collect();
    // The least within LOOK on both sides, by a queue of those that can still become it.
    let mut queue: VecDeque<usize> = VecDeque::new();
    let mut least = Vec::with_capacity(wanted.len());
    let mut next = 0;
    for at in 0..wanted.len() {
        while next < wanted.len() && next <= at + LOOK {
            while queue
                .back()
                .is_some_and(|last| wanted[*last] >= wanted[next])
            {
                queue.pop_back();
            }
            queue.push_back(next);
            next += 1;
        }
        while queue.front().is_some_and(|first| first + LOOK < at) {
            queue.pop_front();
        }
        least.push(queue.front().map_or(1.0, |first| wanted[*first]));
    }
    // The mean over as much: every one of them allows for the sample in the middle. Beyond the ends
    // nothing asks for less.
    let span = (2 * LOOK + 1) as f64;
    let of = |at: isize| {
        usize::try_from(at)
            .ok()
            .and_then(|at| least.get(at))
            .unwrap_or(&1.0)
    };
    let look = LOOK as isize;
    let mut sum: f64 = (-look..=look).map(of).sum();
    let mut means = Vec::with_capacity(least.len());
    for at in 0..least.len() as isize {
        means.push((sum / span).min(*of(at)));
        sum += of(at + look + 1) - of(at - look);
    }
    means
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bursts of a buzz with pauses, as speech is.
    fn speech(peak: f64, seconds: usize) -> Vec<i16> {
        (0..RATE as usize * seconds)
            .map(|n| {
                let syllable = (n / 4_800) % 10 < 6;
                let buzz = f64::from((n % 240) as i32 - 120) / 120.0;
                let value = if syllable {
                    buzz * buzz * buzz * peak
                } else {
                    0.0
                };
                (value * 32_767.0) as i16
            })
            .collect()
    }

    #[test]
    fn every_line_is_equally_loud_and_none_peaks() {
        for peak in [0.05, 0.3, 0.7, 1.0] {
            let out = leveled(speech(peak, 3));
            let square = heard_square(&out).expect("heard");
            let lufs = -0.691 + 10.0 * (2.0 * square).log10();
            assert!((lufs - SPEECH).abs() < 1.0, "{peak}: {lufs}");
            let highest = out.iter().map(|s| s.unsigned_abs()).max().unwrap_or(0);
            assert!(highest <= 16_385, "{peak}: {highest}");
        }
    }

    #[test]
    fn what_is_level_stays_and_so_does_silence() {
        let once = leveled(speech(0.8, 2));
        let twice = leveled(once.clone());
        let most = once.iter().zip(&twice).map(|(a, b)| a.abs_diff(*b)).max();
        assert!(most.unwrap_or(0) < 400, "{most:?}");
        assert_eq!(leveled(vec![0; 5_000]), vec![0; 5_000]);
        assert_eq!(leveled(Vec::new()), Vec::<i16>::new());
        assert_eq!(leveled(vec![7]).len(), 1);
    }

    #[test]
    fn the_limiter_holds_every_peak() {
        let mut samples = vec![0.1; 3_000];
        for (at, value) in [
            (0, 2.0),
            (5, -3.0),
            (1_400, 1.5),
            (1_640, 4.0),
            (2_999, -9.0),
        ] {
            samples[at] = value;
        }
        for (sample, turn) in samples.iter().zip(limits(&samples)) {
            assert!((sample * turn).abs() <= CEILING + 1e-9 && turn > 0.0);
        }
    }
}
