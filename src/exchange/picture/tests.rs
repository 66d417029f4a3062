use serde_json::json;

use super::*;

fn picture(texts: &[(&str, &str)]) -> Picture {
    let texts = texts.iter();
    Picture {
        width: 64,
        height: 48,
        texts: texts
            .map(|(key, text)| ((*key).to_owned(), (*text).to_owned()))
            .collect(),
    }
}

/// A PNG of one black pixel with these chunks before and after its data.
fn png(write: impl FnOnce(&mut ::png::Encoder<'_, &mut Vec<u8>>)) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = ::png::Encoder::new(&mut bytes, 1, 1);
    write(&mut encoder);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&[0]).unwrap();
    writer.finish().unwrap();
    bytes
}

#[test]
fn every_kind_of_text_is_read() {
    let bytes = png(|encoder| {
        encoder
            .add_text_chunk("a".into(), "caf\u{e9}".into())
            .unwrap();
        encoder
            .add_ztxt_chunk("b".into(), "deflated".repeat(99))
            .unwrap();
        encoder.add_itxt_chunk("c".into(), "日本".into()).unwrap();
    });
    let read = read(&bytes).unwrap();
    assert_eq!((read.width, read.height), (1, 1));
    let deflated = "deflated".repeat(99);
    assert_eq!(
        read.texts,
        picture(&[("a", "café"), ("b", &deflated), ("c", "日本")]).texts
    );
}

#[test]
fn a_text_behind_the_picture_is_read_and_utf8_told_from_latin1() {
    let mut bytes = Vec::new();
    let mut writer = ::png::Encoder::new(&mut bytes, 1, 1)
        .write_header()
        .unwrap();
    writer.write_image_data(&[0]).unwrap();
    let chunk = ::png::chunk::tEXt;
    writer
        .write_chunk(chunk, "parameters\0caf\u{e9}".as_bytes())
        .unwrap();
    writer.finish().unwrap();
    assert_eq!(read(&bytes).unwrap().texts[0].1, "café");
}

#[test]
fn bombs_and_broken_chunks_are_refused() {
    let bomb = png(|encoder| {
        encoder
            .add_ztxt_chunk("prompt".into(), "a".repeat(17 << 20))
            .unwrap();
    });
    assert!(bomb.len() < 1 << 20, "it is small until inflated");
    assert_eq!(
        read(&bomb).unwrap_err().to_string(),
        "its texts have more than 16 MiB"
    );
    let whole = png(|encoder| encoder.add_text_chunk("a".into(), "text".into()).unwrap());
    for cut in 8..whole.len() - 12 {
        assert!(read(&whole[..cut]).is_err(), "cut at {cut}");
    }
    let at = whole.windows(4).position(|four| four == b"text").unwrap();
    let mut flipped = whole.clone();
    flipped[at] ^= 1;
    assert!(
        read(&flipped)
            .unwrap_err()
            .to_string()
            .starts_with("it is damaged")
    );
    let mut huge = whole;
    huge[16..20].copy_from_slice(&u32::MAX.to_be_bytes());
    assert!(read(&huge).is_err());
    assert!(matches!(read(b"GIF89a"), Err(PictureError::NotPng)));
}

#[test]
fn a_graph_is_followed_back_from_what_it_saved() {
    let graph = json!({
        "1": {"class_type": "KSampler", "inputs": {"positive": ["7", 0], "seed": 1}},
        "3": {"class_type": "KSampler", "inputs": {
            "seed": 18_446_744_073_709_551_615_u64, "steps": ["11", 0], "cfg": 7.5,
            "sampler_name": "euler", "scheduler": "karras", "model": ["10", 0],
            "positive": ["12", 0], "negative": ["12", 1], "latent_image": ["5", 0]}},
        "4": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "sd15.safetensors"}},
        "6": {"class_type": "CLIPTextEncode", "inputs": {"text": ["13", 0], "clip": ["4", 1]}},
        "7": {"class_type": "CLIPTextEncode", "inputs": {"text": "blurry", "clip": ["4", 1]}},
        "8": {"class_type": "VAEDecode", "inputs": {"samples": ["3", 0], "vae": ["4", 2]}},
        "9": {"class_type": "SaveImage", "inputs": {"images": ["8", 0]}},
        "10": {"class_type": "LoraLoader", "inputs": {"model": ["4", 0], "lora_name": "x"}},
        "11": {"class_type": "PrimitiveInt", "inputs": {"value": 20}},
        "12": {"class_type": "ControlNetApplyAdvanced",
               "inputs": {"positive": ["6", 0], "negative": ["7", 0], "image": ["8", 0]}},
        "13": {"class_type": "PrimitiveString", "inputs": {"value": "a red coat"}},
    });
    let mut text = graph.to_string();
    text.insert_str(text.len() - 1, r#","is_changed":[NaN]"#);
    let recovered = recover(&picture(&[("workflow", "{}"), ("prompt", &text)])).unwrap();
    let expected = Recovered {
        source: "comfyui",
        prompt: "a red coat".into(),
        negative_prompt: Some("blurry".into()),
        seed: Some(u64::MAX),
        sampler: Some("euler".into()),
        scheduler: Some("karras".into()),
        steps: Some(20),
        guidance: Some("7.5".into()),
        width: 64,
        height: 48,
        model: Some("sd15.safetensors".into()),
        graph: blake3::hash(text.as_bytes()).to_hex().to_string(),
    };
    assert_eq!(recovered, expected);
}

#[test]
fn a_graph_with_its_sampler_in_parts_is_read_too() {
    let graph = json!({
        "1": {"class_type": "SamplerCustomAdvanced", "inputs": {
            "noise": ["2", 0], "guider": ["3", 0], "sampler": ["4", 0], "sigmas": ["5", 0]}},
        "2": {"class_type": "RandomNoise", "inputs": {"noise_seed": 5}},
        "3": {"class_type": "BasicGuider", "inputs": {"model": ["6", 0], "conditioning": ["7", 0]}},
        "4": {"class_type": "KSamplerSelect", "inputs": {"sampler_name": "euler"}},
        "5": {"class_type": "BasicScheduler", "inputs": {"scheduler": "simple", "steps": 4}},
        "6": {"class_type": "UNETLoader", "inputs": {"unet_name": "flux1-schnell"}},
        "7": {"class_type": "FluxGuidance", "inputs": {"conditioning": ["8", 0], "guidance": 3.5}},
        "8": {"class_type": "CLIPTextEncode", "inputs": {"text": "a quay"}},
        "9": {"class_type": "SaveImage", "inputs": {"images": ["1", 0]}},
    });
    let found = recover(&picture(&[("prompt", &graph.to_string())])).unwrap();
    assert_eq!(found.prompt, "a quay");
    assert_eq!((found.seed, found.steps), (Some(5), Some(4)));
    assert_eq!(found.model.as_deref(), Some("flux1-schnell"));
    assert_eq!(found.negative_prompt, None);
}

#[test]
fn a_graph_that_goes_in_circles_ends() {
    let graph = json!({
        "1": {"class_type": "KSampler", "inputs": {"positive": ["2", 0], "model": ["1", 0]}},
        "2": {"class_type": "ConditioningCombine",
              "inputs": {"conditioning_1": ["3", 0], "conditioning_2": ["2", 0]}},
        "3": {"class_type": "CLIPTextEncode", "inputs": {"text": ["2", 0]}},
    });
    assert_eq!(recover(&picture(&[("prompt", &graph.to_string())])), None);
}

#[test]
fn parameters_are_split_where_their_quotes_end() {
    let text = "a red coat, (rain:1.2)\non a quay\nNegative prompt: blurry,\nlow quality\n\
                Steps: 20, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 7, Seed: 42, \
                Size: 512x512, Model: dream, Lora hashes: \"a: 1, Seed: 9\", Version: v1.9";
    let found = recover(&picture(&[("parameters", text)])).unwrap();
    assert_eq!(found.prompt, "a red coat, (rain:1.2)\non a quay");
    assert_eq!(
        found.negative_prompt.as_deref(),
        Some("blurry,\nlow quality")
    );
    assert_eq!((found.steps, found.seed), (Some(20), Some(42)));
    assert_eq!(found.sampler.as_deref(), Some("DPM++ 2M"));
    assert_eq!(found.model.as_deref(), Some("dream"));
    assert_eq!((found.width, found.height), (64, 48));
    // A last line with less than three pairs belongs to the prompt.
    let text = "a door\nNegative prompt: red: dark, blue: light";
    let found = recover(&picture(&[("parameters", text)])).unwrap();
    assert_eq!(
        found.negative_prompt.as_deref(),
        Some("red: dark, blue: light")
    );
    assert_eq!(recover(&picture(&[("parameters", "just a text")])), None);
}

#[test]
fn flat_objects_of_other_tools_are_read() {
    let text = r#"{"positive_prompt": "fox", "seed": 3, "steps": 9, "cfg_scale": 5.5,
                   "scheduler": "euler", "model": {"name": "m"}}"#;
    let found = recover(&picture(&[("invokeai_metadata", text)])).unwrap();
    assert_eq!((found.source, found.prompt.as_str()), ("invokeai", "fox"));
    assert_eq!(found.model.as_deref(), Some("m"));
    let text = r#"{"prompt": "fox", "uc": "bad", "seed": 3}"#;
    let found = recover(&picture(&[("Comment", text)])).unwrap();
    assert_eq!(found.negative_prompt.as_deref(), Some("bad"));
    assert_eq!(recover(&picture(&[("Comment", "made by hand")])), None);
}
