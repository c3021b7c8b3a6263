"""How fast renditions are made, next to a bare Pillow loop that makes the same ones.

    python bench/build.py [--photos 200] [--rounds 2] [--camera] [--avif]

Draws a corpus in a temporary folder, then runs both in turn (A B B A), each in
a process of its own.  The last lines read ``name: value (target ≤ x) ok`` or
``SHORT``; the exit status is 1 when one is short.  CPU seconds count every
thread and leave out the start of Python.  Wall time means something only on a
machine that does nothing else.
"""

import argparse
import io
import json
import os
import random
import resource
import runpy
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PIL import Image, ImageCms, ImageOps

from pelican_photos.image_formats import avif_quality
from pelican_photos.rendition_sizes import avif_sizes, rendition_sizes
from pelican_photos.renditions import Renditions
from pelican_photos.settings import DEFAULT_RENDITIONS

PICTURES = Path(__file__).resolve().parent.parent / "tests" / "fakes" / "pictures.py"
QUALITY = 78
MORE = 10  # photos added to a finished build
MANY = 1000  # photos of a build that has nothing to do
# What Instagram serves, and what two cameras of 12 and 24 million pixels store.
INSTAGRAM = ((1080, 1350), (1080, 1080), (1440, 1800))
CAMERA = ((4032, 3024), (6000, 4000))


# Jobs: each runs in a process of its own, which prints one line of JSON


def draw(folder, photos, camera):
    """Draw pictures with a photo's share of detail: noise in octaves, in muted colours."""
    folder.mkdir()
    numbers = range(photos + MORE)
    with ThreadPoolExecutor() as threads:
        list(threads.map(lambda number: draw_one(folder, number, camera), numbers))
    return {}


def draw_one(folder, number, camera):
    chance = random.Random(number)
    size = chance.choice(CAMERA if camera else INSTAGRAM)
    light = octaves(size, ((256, 0.5), (64, 0.35), (16, 0.25), (4, 0.15), (2, 0.04)), chance)
    tint = (octaves((64, 64), ((16, 0.5), (4, 0.4)), chance).resize(size) for _ in range(3))
    picture = Image.merge("RGB", [Image.blend(light, band, 0.35) for band in tint])
    options = {"quality": 82, "progressive": chance.random() < 0.6}
    if camera:
        exif = Image.Exif()
        exif[0x0112] = chance.choice((1, 1, 3, 6, 8))
        options = {"quality": 88, "exif": exif, "icc_profile": wide_gamut()}
    picture.save(folder / f"{number:05}.jpg", **options)


def octaves(size, strengths, chance):
    """Lay noise of every scale over a grey; a photo too has most of its contrast in the large."""
    band = Image.new("L", size, chance.randrange(60, 200))
    for scale, strength in strengths:
        noise = Image.effect_noise((size[0] // scale + 2, size[1] // scale + 2), 110)
        band = Image.blend(band, noise.resize(size, Image.Resampling.BILINEAR), strength)
    return band


def wide_gamut():
    drawn = runpy.run_path(str(PICTURES))
    return drawn["matrix_profile"](drawn["DISPLAY_P3"])


def bare(originals, folder, avif):
    """Make the same renditions with the same settings, one after the other, and no cache."""
    folder.mkdir()
    srgb = ImageCms.createProfile("sRGB")
    for path in originals:
        with Image.open(path) as image:
            turned = image.getexif().get(0x0112, 1) >= 5
            seen = image.size[::-1] if turned else image.size
            sizes = sorted(rendition_sizes(*seen, DEFAULT_RENDITIONS), reverse=True)
            stored = sizes[0][::-1] if turned else sizes[0]
            image.draft(None, stored)
            profile = image.info.get("icc_profile")
            picture = image.resize(stored, Image.Resampling.LANCZOS, reducing_gap=1.1)
        picture = ImageOps.exif_transpose(picture)
        if profile:
            source = ImageCms.getOpenProfile(io.BytesIO(profile))
            picture = ImageCms.profileToProfile(picture, source, srgb)
        for size in sizes:
            picture = picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=1.1)
            file = folder / f"{path.stem}-{size[1]}.webp"
            picture.save(file, quality=QUALITY, method=2, icc_profile=b"", exif=b"")
            if avif and size in avif_sizes(sizes):
                bare_avif(picture, file)
    return {"made": len(list(folder.iterdir()))}


def bare_avif(picture, webp):
    file = io.BytesIO()
    options = {"quality": avif_quality(QUALITY), "speed": 9, "max_threads": 1, "autotiling": False}
    picture.save(file, "AVIF", icc_profile=b"", exif=b"", **options)
    if len(file.getvalue()) < webp.stat().st_size:
        webp.with_suffix(".avif").write_bytes(file.getvalue())


def ours(originals, folder, avif):
    formats = ("avif", "webp") if avif else ("webp",)
    cache = Renditions(folder, steps=DEFAULT_RENDITIONS, quality=QUALITY, formats=formats)
    rendered = cache.render(originals)
    problems = [entry.problem for entry in rendered.values() if entry.problem]
    assert not problems, problems
    return {
        "made": sum(len((*entry.renditions, *entry.alternatives)) for entry in rendered.values())
    }


def run_job(options):
    """Do one job, and print what it took."""
    folder = Path(options.folder)
    originals = sorted((folder / options.originals).glob("*.jpg"))[: options.photos]
    jobs = {
        "draw": lambda: draw(folder / "originals", options.photos, options.camera),
        "bare": lambda: bare(originals, folder / "bare", options.avif),
        "ours": lambda: ours(originals, folder / "cache", options.avif),
    }
    cpu, wall = time.process_time(), time.perf_counter()
    result = jobs[options.job]()
    result["cpu"] = time.process_time() - cpu
    result["wall"] = time.perf_counter() - wall
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    result["megabytes"] = peak / (1024**2 if sys.platform == "darwin" else 1024)
    print(json.dumps(result))


# The comparison; it opens no picture, as a child's peak memory may count its parent's


def job(name, folder, photos, *more):
    command = [sys.executable, __file__, "--job", name, "--folder", str(folder)]
    command += ["--photos", str(photos), *more]
    answer = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    return json.loads(answer.stdout.splitlines()[-1])


def compare(folder, options):
    """Run everything; give the measurements by name."""
    print(f"drawing {options.photos + MORE} photos …", flush=True)
    job("draw", folder, options.photos, *(["--camera"] if options.camera else []))
    originals = list((folder / "originals").iterdir())
    size = sum(path.stat().st_size for path in originals) / len(originals) / 1000
    print(f"{size:.0f} kB each; {cpus()} CPUs, {os.getloadavg()[0]:.1f} of them busy", flush=True)
    taken = {"bare": [], "ours": []}
    avif = ["--avif"] if options.avif else []
    for number in range(options.rounds):
        for name in ("bare", "ours") if number % 2 == 0 else ("ours", "bare"):
            shutil.rmtree(folder / ("cache" if name == "ours" else "bare"), ignore_errors=True)
            taken[name].append(job(name, folder, options.photos, *avif))
            print(f"{name}: {describe(taken[name][-1])}", flush=True)
    assert taken["bare"][0]["made"] == taken["ours"][0]["made"]
    more = job("ours", folder, options.photos + MORE, *avif)
    print(f"+{MORE} photos: {describe(more)}", flush=True)
    for number in range(MANY):  # the same pictures under many names: cheap to draw, dear to stat
        source = originals[number % len(originals)]
        (folder / "many").mkdir(exist_ok=True)
        (folder / "many" / f"{number:05}.jpg").hardlink_to(source)
    still = [job("ours", folder, MANY, "--originals", "many", *avif) for _ in range(6)][1:]
    print(f"no-op of {MANY}: {describe(min(still, key=lambda one: one['wall']))}", flush=True)
    return {**taken, "still": still, "more": more}


def describe(one):
    return (
        f"{one['cpu']:.2f} CPU s, {one['wall']:.2f} s, {one['megabytes']:.0f} MB, "
        f"{one['made']} renditions"
    )


def verdicts(measured, options):
    """Yield each measurement with its target."""
    cpu = sum(one["cpu"] for one in measured["ours"])
    wall = min(one["wall"] / one["cpu"] for one in measured["ours"])
    still = min(one["cpu"] for one in measured["still"])
    # A bare loop needs 200 for one portrait of 24 megapixels; libaom takes 17 bytes a pixel.
    memory = 250 if options.avif else 200
    each = cpu / len(measured["ours"]) / options.photos
    yield (
        "cold CPU, of a bare Pillow loop's",
        cpu / sum(one["cpu"] for one in measured["bare"]),
        1.1,
    )
    if cpus() > 1:
        yield "cold wall time, of its CPU time, best round", wall, 0.6
    yield f"no-op, CPU seconds for {MANY:,} photos", still, 0.1
    yield f"+{MORE} photos, CPU of as many cold ones", measured["more"]["cpu"] / MORE / each, 1.25
    yield "peak memory, MB", max(one["megabytes"] for one in measured["ours"]), memory


def cpus():
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--photos", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=2, help="times that each is run")
    parser.add_argument("--camera", action="store_true", help="12 and 24 megapixels, turned, P3")
    parser.add_argument("--avif", action="store_true", help="AVIF beside WebP, in both")
    parser.add_argument("--job", help=argparse.SUPPRESS)
    parser.add_argument("--folder", help=argparse.SUPPRESS)
    parser.add_argument("--originals", default="originals", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.job:
        run_job(options)
        return
    with tempfile.TemporaryDirectory(prefix="bench-build-") as folder:
        measured = compare(Path(folder), options)
    short = False
    for name, value, target in verdicts(measured, options):
        short |= value > target
        print(f"{name}: {value:.3g} (target ≤ {target:g}) {'SHORT' if value > target else 'ok'}")
    sys.exit(short)


if __name__ == "__main__":
    main()
