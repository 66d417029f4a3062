use std::os::unix::fs::symlink;

use super::*;

fn foreign(error: &io::Error) -> Option<FileKind> {
    let inner = error.get_ref()?.downcast_ref::<Foreign>()?;
    Some(inner.found)
}

#[test]
fn links_pipes_and_folders_are_refused_by_name_whatever_is_asked() {
    let place = tempfile::tempdir().unwrap();
    let own = place.path().join("own");
    let folder = Folder::make(&own).unwrap();
    symlink("/etc/hostname", own.join("link")).unwrap();
    symlink("/nowhere/at/all", own.join("dangling")).unwrap();
    std::fs::create_dir(own.join("folder")).unwrap();
    rustix::fs::mknodat(
        rustix::fs::CWD,
        own.join("pipe"),
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR,
        0,
    )
    .unwrap();
    for (name, kind) in [
        ("link", FileKind::Link),
        ("dangling", FileKind::Link),
        ("folder", FileKind::Folder),
        ("pipe", FileKind::Other),
    ] {
        for error in [
            folder.read(name).unwrap_err(),
            folder.read_and_write(name).unwrap_err(),
            folder.open_or_create(name).unwrap_err(),
            folder.find_file(name).unwrap_err(),
            folder.remove_file(name).unwrap_err(),
        ] {
            assert_eq!(foreign(&error), Some(kind), "{name}: {error}");
            assert!(error.to_string().contains(name), "{error}");
        }
        let made = folder.create_new(name).unwrap_err();
        assert_eq!(made.kind(), io::ErrorKind::AlreadyExists, "{name}");
        if kind != FileKind::Folder {
            for error in [
                folder.folder(name).unwrap_err(),
                folder.folder_made(name).unwrap_err(),
                folder.remove_all(name).unwrap_err(),
                Folder::open(&own.join(name)).unwrap_err(),
                Folder::make(&own.join(name)).unwrap_err(),
            ] {
                assert_eq!(foreign(&error), Some(kind), "{name}: {error}");
            }
        }
    }
    assert!(!Path::new("/nowhere").exists());
}

#[test]
fn what_is_removed_takes_nothing_along_that_a_link_leads_to() {
    let place = tempfile::tempdir().unwrap();
    let (own, outside) = (place.path().join("own"), place.path().join("outside"));
    let folder = Folder::make(&own).unwrap();
    std::fs::create_dir_all(own.join("scratch/run")).unwrap();
    std::fs::create_dir(&outside).unwrap();
    Folder::open(&outside).unwrap().create_new("kept").unwrap();
    symlink(&outside, own.join("scratch/run/link")).unwrap();
    folder.remove_all("scratch").unwrap();
    assert!(!own.join("scratch").exists() && outside.join("kept").exists());
}

#[test]
fn room_is_taken_and_what_the_file_holds_stays() {
    let place = tempfile::tempdir().unwrap();
    let folder = Folder::open(place.path()).unwrap();
    folder.sync().unwrap();
    folder.folder_made("inner").unwrap().sync().unwrap();
    let mut file = folder.create_new("lock.mdb").unwrap();
    io::Write::write_all(&mut file, b"held").unwrap();
    take_room(&file, 65_536).unwrap();
    let found = folder.find("lock.mdb").unwrap().unwrap();
    assert_eq!((found.bytes, found.names), (65_536, 1));
    assert!(
        std::fs::read(place.path().join("lock.mdb"))
            .unwrap()
            .starts_with(b"held\0")
    );
}
