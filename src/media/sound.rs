//! Sound in memory: WAV files, sample rates, mixing. All in integers, so that the same voice is
//! the same bytes anywhere.

use std::io::Cursor;
use std::sync::LazyLock;

use super::error::MediaError;
use aiut_film::rate::FrameRate;

/// Samples a second of everything in a film.
pub const RATE: u32 = 48_000;

/// Seconds of a voice that are read: a shot is never this long.
const MAX_SECONDS: u64 = 30 * 60;

/// One channel of sound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sound {
    pub(crate) rate: u32,
    pub(crate) samples: Vec<i16>,
}

/// Reads a WAV of any rate, depth and channels; channels are mixed to one.
pub(crate) fn read_wav(bytes: &[u8]) -> Result<Sound, MediaError> {
    let broken =
        |reason: String| MediaError::unusable("voice", format!("the WAV cannot be read: {reason}"));
    let mut reader =
        hound::WavReader::new(Cursor::new(bytes)).map_err(|error| broken(error.to_string()))?;
    let spec = reader.spec();
    if !(4_000..=384_000).contains(&spec.sample_rate) || !(1..=16).contains(&spec.channels) {
        return Err(broken(format!(
            "{} Hz in {} channels",
            spec.sample_rate, spec.channels
        )));
    }
    let most = MAX_SECONDS * u64::from(spec.sample_rate) * u64::from(spec.channels);
    if u64::from(reader.len()) > most {
        return Err(broken(format!("it is longer than {MAX_SECONDS} s")));
    }
    let interleaved: Vec<i32> = match spec.sample_format {
        hound::SampleFormat::Int => {
            let shift = i32::from(spec.bits_per_sample) - 16;
            reader
                .samples::<i32>()
                .map(|sample| {
                    sample.map(|value| {
                        if shift >= 0 {
                            value >> shift
                        } else {
                            value << -shift
                        }
                    })
                })
                .collect::<Result<_, _>>()
        }
        hound::SampleFormat::Float => reader
            .samples::<f32>()
            .map(|sample| sample.map(|value| (value.clamp(-1.0, 1.0) * 32767.0) as i32))
            .collect(),
    }
    .map_err(|error| broken(error.to_string()))?;
    let channels = usize::from(spec.channels);
    let samples = interleaved
        .chunks_exact(channels)
        .map(|frame| narrow(frame.iter().sum::<i32>() / frame.len() as i32))
        .collect();
    Ok(Sound {
        rate: spec.sample_rate,
        samples,
    })
}

/// Writes a WAV of one channel and 16 bits.
pub(crate) fn write_wav(sound: &Sound) -> Vec<u8> {
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: sound.rate,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut bytes = Cursor::new(Vec::new());
    let mut writer = hound::WavWriter::new(&mut bytes, spec).expect("a header fits into memory");
    for sample in &sound.samples {
        writer
            .write_sample(*sample)
            .expect("a sample fits into memory");
    }
    writer.finalize().expect("the header is still there");
    bytes.into_inner()
}

pub(crate) fn narrow(value: i32) -> i16 {
    i16::try_from(value.clamp(i32::from(i16::MIN), i32::from(i16::MAX))).expect("clamped")
}

/// Taps on each side, and positions between two samples, of the interpolation.
const HALF: usize = 12;
const PHASES: usize = 256;

/// A Hann-windowed sinc, a row a phase, in Q15. Rounded to integers, it does not depend on how
/// precise the platform's sine is.
static SINC: LazyLock<Vec<[i32; HALF * 2]>> = LazyLock::new(|| {
    use std::f64::consts::PI;
    (0..PHASES)
        .map(|phase| {
            let offset = phase as f64 / PHASES as f64;
            let mut row = [0; HALF * 2];
            for (tap, weight) in row.iter_mut().enumerate() {
                let x = tap as f64 - (HALF as f64 - 1.0) - offset;
                // A little under the Nyquist frequency, where the window rolls off.
                let sinc = if x.abs() < 1e-9 {
                    0.92
                } else {
                    (PI * x * 0.92).sin() / (PI * x)
                };
                let window = if x.abs() < HALF as f64 {
                    0.5 + 0.5 * (PI * x / HALF as f64).cos()
                } else {
                    0.0
                };
                *weight = (sinc * window * 32768.0).round() as i32;
            }
            row
        })
        .collect()
});

/// The same sound at another rate; its length rounds to the nearest sample.
pub(crate) fn resample(sound: &Sound, rate: u32) -> Vec<i16> {
    if sound.rate == rate {
        return sound.samples.clone();
    }
    // Going down, the highest rate that fits is reached by averaging first, against aliases.
    let (samples, from) = match sound.rate / rate {
        0 | 1 => (sound.samples.clone(), sound.rate),
        factor => (
            sound
                .samples
                .chunks(factor as usize)
                .map(|run| {
                    narrow(run.iter().map(|s| i32::from(*s)).sum::<i32>() / run.len() as i32)
                })
                .collect(),
            sound.rate / factor,
        ),
    };
    let count = (samples.len() as u64 * u64::from(rate) + u64::from(from) / 2) / u64::from(from);
    (0..count)
        .map(|index| {
            let position = index * u64::from(from) * PHASES as u64 / u64::from(rate);
            let (at, phase) = (
                (position / PHASES as u64) as usize,
                (position % PHASES as u64) as usize,
            );
            let sum: i64 = SINC[phase]
                .iter()
                .enumerate()
                .filter_map(|(tap, weight)| {
                    let sample = samples.get((at + tap).checked_sub(HALF - 1)?)?;
                    Some(i64::from(*sample) * i64::from(*weight))
                })
                .sum();
            narrow((sum >> 15) as i32)
        })
        .collect()
}

/// Samples that `frames` of picture last, at [`RATE`].
pub(crate) fn samples_of(frames: u32, fps: FrameRate) -> u64 {
    fps.units_of(u64::from(frames), u64::from(RATE))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(rate: u32, count: usize) -> Sound {
        // A triangle of 400 Hz.
        let period = rate as i32 / 400;
        let samples = (0..count as i32)
            .map(|n| narrow(((n % period - period / 2).abs() * 4 - period) * 12000 / period))
            .collect();
        Sound { rate, samples }
    }

    #[test]
    fn a_wav_comes_back() {
        let sound = tone(22_050, 3000);
        assert_eq!(read_wav(&write_wav(&sound)).expect("read"), sound);
        assert!(read_wav(b"RIFF").is_err());
        assert!(read_wav(&[]).is_err());
    }

    #[test]
    fn resampling_keeps_length_and_loudness() {
        let sound = tone(22_050, 22_050);
        let louder = resample(&sound, RATE);
        assert_eq!(louder.len(), RATE as usize);
        let power = |samples: &[i16]| {
            samples.iter().map(|s| i64::from(*s).pow(2)).sum::<i64>() / samples.len() as i64
        };
        let (before, after) = (power(&sound.samples), power(&louder));
        assert!((before - after).abs() * 50 < before, "{before} {after}");
        assert_eq!(
            resample(
                &Sound {
                    rate: 96_000,
                    samples: vec![500; 96_000]
                },
                RATE
            )
            .len(),
            48_000
        );
    }

    #[test]
    fn a_second_is_a_second_at_any_rate() {
        for fps in [24, 25, 30, 48, 60, 7] {
            let rate = FrameRate::whole(fps).expect("a rate");
            assert_eq!(samples_of(fps, rate), u64::from(RATE));
        }
        assert_eq!(samples_of(1, FrameRate::FILM), 2000);
        assert_eq!(samples_of(0, FrameRate::FILM), 0);
    }
}
