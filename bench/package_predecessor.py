#!/usr/bin/env python3
"""The predecessor's way of packing a post, to compare with: md5, a copy of each picture, ffmpeg select, zipfile.

usage: package_predecessor.py POST OUT

Prints the seconds from the first picture to the second zip. It knows no perceptual hash, checks nothing, and syncs nothing.
"""

import hashlib
import pathlib
import shutil
import subprocess
import sys
import time
import zipfile

KEYFRAMES = 6


def copy_pictures(post, folder):
    """The pictures that differ from each other, byte by byte."""
    seen = set()
    copies = []
    for picture in sorted((post / "images").iterdir()):
        digest = hashlib.md5(picture.read_bytes()).digest()
        if digest in seen:
            continue
        seen.add(digest)
        copies.append(pathlib.Path(shutil.copy2(picture, folder)))
    return copies


def extract_keyframes(post, folder):
    for video in sorted((post / "video").iterdir()):
        subprocess.run(
            ["ffmpeg", "-v", "error", "-nostdin", "-y", "-i", video, "-vf", "select='eq(pict_type,I)'", "-vsync", "vfr",
             "-frames:v", str(KEYFRAMES), "-q:v", "3", folder / f"{video.stem}-%02d.jpg"],
            check=True,
        )
    return sorted(folder.glob("*-??.jpg"))


def write_zip(target, files):
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for file in files:
            archive.write(file, file.name)


def main(post, out):
    began = time.perf_counter()
    pictures = out / "images"
    frames = out / "keyframes"
    pictures.mkdir()
    frames.mkdir()
    copies = copy_pictures(post, pictures)
    write_zip(out / "naver.zip", copies)
    write_zip(out / "unique.zip", copies + extract_keyframes(post, frames))
    print(time.perf_counter() - began)


main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
