//! Tells a crate which build it is: a digest of all that it is made from. What was computed by
//! code and is kept between runs holds for the same build alone (`aiut_base::build`).
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a build script speaks to cargo by standard output and the environment"
)]

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hasher as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

/// All that goes into a crate that asks, from its own folder. Nothing of a version control system,
/// so that the same sources give the same digest wherever they lie.
fn sources() -> &'static [&'static str] {
    match env!("CARGO_PKG_NAME") {
        "aiut-repository" => &[
            ".",
            "../base",
            "../nearest",
            "../../Cargo.lock",
            "../../build.rs",
        ],
        _ => &["Cargo.toml", "Cargo.lock", "build.rs", "src"],
    }
}

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let mut files = BTreeMap::new();
    for name in sources() {
        // Where a path is a folder, cargo looks at all that is below it.
        println!("cargo:rerun-if-changed={name}");
        collect(&root.join(name), name, &mut files)?;
    }
    // The compiler brings tables of its own, of letters and their cases for one.
    let compiler = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let compiler = Command::new(compiler).arg("-vV").output();
    let compiler = compiler.map(|said| said.stdout).unwrap_or_default();
    files.insert("rustc -vV".to_owned(), compiler);
    println!("cargo:rustc-env=AIUT_BUILD={}", digest(&files));
    if env!("CARGO_PKG_NAME") == "aiut" && relocates_packed() {
        // A quarter of a short command was the loader, which went through a megabyte of addresses.
        println!("cargo:rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
    Ok(())
}

/// Whether the loader here knows packed relocations (`DT_RELR`), as that of glibc does from 2.36 on.
fn relocates_packed() -> bool {
    let target = env::var("TARGET").unwrap_or_default();
    if !target.ends_with("linux-gnu") || env::var("HOST").unwrap_or_default() != target {
        return false;
    }
    let said = Command::new("getconf").arg("GNU_LIBC_VERSION").output();
    let said = said.map(|said| String::from_utf8_lossy(&said.stdout).into_owned());
    let version = said.as_deref().ok().and_then(|said| {
        let (major, minor) = said.trim().strip_prefix("glibc ")?.split_once('.')?;
        Some((major.parse::<u32>().ok()?, minor.parse::<u32>().ok()?))
    });
    version.is_some_and(|version| version >= (2, 36))
}

/// The files at and below a path, by their names with `/` on every system. What is missing is
/// missing: a packaged crate may have no lock file.
fn collect(path: &Path, name: &str, files: &mut BTreeMap<String, Vec<u8>>) -> io::Result<()> {
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            let entry = entry?;
            let inner = format!("{name}/{}", entry.file_name().to_string_lossy());
            collect(&entry.path(), &inner, files)?;
        }
    } else if path.is_file() {
        files.insert(name.to_owned(), fs::read(path)?);
    }
    Ok(())
}

/// 128 bits as hexadecimal digits. It tells builds apart and protects nothing, so the hasher of the
/// standard library will do; one with another algorithm comes with another compiler.
fn digest(files: &BTreeMap<String, Vec<u8>>) -> String {
    let half = |number: u8| {
        let mut hasher = DefaultHasher::new();
        hasher.write_u8(number);
        for (name, bytes) in files {
            for part in [name.as_bytes(), bytes] {
                hasher.write(&(part.len() as u64).to_le_bytes());
                hasher.write(part);
            }
        }
        hasher.finish()
    };
    format!("{:016x}{:016x}", half(0), half(1))
}
