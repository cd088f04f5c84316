#!/usr/bin/env python3
"""Times PoseLab and its peers in turns on one machine; prints medians and ratios as one table.

    swift build -c release
    python3 Experiments/benchmarks/peers.py --data DATA.yaml [--rounds 3] [--only train,infer] [--json FILE]
    python3 Experiments/benchmarks/peers.py --scale [--json FILE]

The first run installs PyTorch, Ultralytics, ONNX Runtime, OpenVINO, pycocotools and faster-coco-eval from PyPI into a
virtual environment (--venv). Every round runs each contestant of a row once, as a process of its own, so that a change
of the machine's speed meets all of them. All get the same input and as many threads (--threads, by default one a
processor). DATA.yaml is a small pose data set with images on disk, repeated to 500; without it, the rows that need
one take synthetic people. A ratio is PoseLab's median ÷ that of the best peer, of times and memory as of rates.

--scale shows how PoseLab's cost grows with batch and image size (group train), images of a data set (data) and
images evaluated (evaluate).
"""

import argparse
import json
import os
import pty
import re
import select
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / ".build/release/poselab"
CONTESTANTS = Path(__file__).with_name("contestants.py")
PACKAGES = ["torch", "ultralytics", "onnxruntime", "onnx", "onnxslim", "openvino", "pycocotools", "faster-coco-eval"]
TORCH_INDEX = "https://download.pytorch.org/whl/cpu"


def last_json(command, **options):
    result = subprocess.run([str(word) for word in command], capture_output=True, text=True, **options)
    if result.returncode != 0:
        said = (result.stderr or result.stdout).strip()
        raise SystemExit(f"{' '.join(map(str, command))[:300]}\nfailed:\n{said[-2000:]}")
    return json.loads(result.stdout.strip().splitlines()[-1])


def benchmark(*words):
    found = last_json([PROGRAM, "benchmark", *words, "--json"])
    each = found["ms_per_image"]["median"]
    return {"ms": each, "rate": 1000 / each, "total": found["ms_total"], "mb": found["peak_memory_mb"]}


class Machine:
    """What all rows share: the peers' Python, the data, exported models."""

    def __init__(self, options, folder):
        self.options = options
        self.folder = Path(folder)
        self.python = prepare(options.venv)
        self.threads = str(options.threads)
        self.size = str(options.imgsz)
        self._data = None
        self._exported = set()

    def peer(self, work, *words):
        environment = {**os.environ, "OMP_NUM_THREADS": self.threads, "YOLO_VERBOSE": "False"}
        return last_json([self.python, CONTESTANTS, work, *words], cwd=self.folder, env=environment)

    def model(self, scale, form):
        if scale not in self._exported:
            self.peer("export", scale, self.size, self.folder)
            self._exported.add(scale)
        stem = self.folder / f"yolo11{scale}-pose"
        return f"{stem}_openvino_model" if form == "openvino" else f"{stem}.{form}"

    @property
    def data(self):
        """A data set of 500 training images, repeated from the given one."""
        if self._data is None:
            self._data = repeated(self.options.data or synthetic(self.folder), self.folder / "data", 500)
        return self._data

    @property
    def images(self):
        """A folder of 200 images."""
        folder = self.folder / "pictures"
        if not folder.exists():
            folder.mkdir()
            for path in sorted((self.data.parent / "images/train").iterdir())[:200]:
                os.link(path, folder / path.name)
        return folder


def prepare(venv):
    python = Path(venv) / "bin/python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", venv], check=True)
    missing = subprocess.run(
        [python, "-c", "import torch, ultralytics, onnxruntime, onnx, onnxslim, openvino, pycocotools, faster_coco_eval"],
        capture_output=True).returncode != 0
    if missing:
        command = [python, "-m", "pip", "install", "--quiet"]
        subprocess.run([*command, "torch", "torchvision", "--index-url", TORCH_INDEX])
        subprocess.run([*command, *PACKAGES], check=True)
    return python


def synthetic(folder):
    target = folder / "people"
    subprocess.run(
        [PROGRAM, "data", "synth", "--output", target, "--images", "100", "--size", "640", "--seed", "0"],
        check=True, capture_output=True)
    return target / "data.yaml"


def repeated(source, folder, count):
    """Copies a data set in YOLO's folders, its training images repeated to `count`."""
    source = Path(source).resolve()
    lines = source.read_text().splitlines()
    fields = dict(re.match(r"(\w+):\s*(.*)", line).groups() for line in lines if re.match(r"(path|train|val):", line))
    base = (source.parent / fields.get("path", ".")).resolve()
    for split in ("train", "val"):
        images = sorted(p for p in (base / fields[split]).iterdir() if p.suffix in (".jpg", ".png"))
        (folder / "images" / split).mkdir(parents=True)
        (folder / "labels" / split).mkdir(parents=True)
        for index in range(count if split == "train" else len(images)):
            image = images[index % len(images)]
            label = Path("/labels/".join(str(image).rsplit("/images/", 1))).with_suffix(".txt")
            name = f"{index:06d}"
            shutil.copy(image, folder / "images" / split / (name + image.suffix))
            if label.exists():
                shutil.copy(label, folder / "labels" / split / (name + ".txt"))
    kept = [line for line in lines if not re.match(r"(path|train|val):", line)]
    target = folder / "data.yaml"
    target.write_text("\n".join([f"path: {folder}", "train: images/train", "val: images/val", *kept]) + "\n")
    return target


# PoseLab's side of the rows that are no `benchmark`


def poselab_predict(machine, scale, precision):
    """Images a second, the start of the program included."""
    command = [PROGRAM, "predict", f"model={machine.model(scale, 'pt')}", f"source={machine.images}", "save=false",
               f"imgsz={machine.size}", f"threads={machine.threads}", f"precision={precision}"]
    start = time.perf_counter()
    result = subprocess.run(command, capture_output=True, text=True, cwd=machine.folder)
    seconds = time.perf_counter() - start
    if result.returncode != 0:
        raise SystemExit(result.stderr)
    return {"rate": len(list(machine.images.iterdir())) / seconds}


def training(machine, batch, *more):
    return [PROGRAM, "train", "model=yolo11n-pose.yaml", f"data={machine.data}", "epochs=1", f"imgsz={machine.size}",
            f"batch={batch}", f"workers={machine.threads}", f"threads={machine.threads}", "plots=false",
            f"project={machine.folder}/runs", *more]


def poselab_epoch(machine, batch):
    name = f"epoch{time.time_ns()}"
    subprocess.run(training(machine, batch, f"name={name}"), check=True, capture_output=True, cwd=machine.folder)
    figures = (machine.folder / "runs" / name / "metrics.jsonl").read_text().splitlines()[0]
    return {"s": json.loads(figures)["time"]}


def poselab_first_step(machine, batch):
    """On a terminal the progress line appears with the first step."""
    # Made before the fork, for it makes the data set where there is none yet.
    command = [str(word) for word in training(machine, batch, f"name=first{time.time_ns()}")]
    started = time.perf_counter()
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(machine.folder)
        os.execv(str(PROGRAM), command)
    shown = b""
    while not re.search(rb"\r\s*1/1 .*1/\d+", shown):
        if not select.select([terminal], [], [], 60)[0]:
            raise SystemExit(f"no progress line:\n{shown.decode(errors='replace')}")
        shown += os.read(terminal, 65536)
    seconds = time.perf_counter() - started
    os.kill(child, 9)
    os.waitpid(child, 0)
    os.close(terminal)
    return {"s": seconds}


# Rows: (group, work, unit, key, target, contestants); a rate is better the higher it is


def rows(machine):
    size, threads = machine.size, machine.threads

    def train(scale, batch, precision):
        runs = "4" if scale == "n" else "2"
        return {
            "PoseLab": lambda: benchmark(
                "train", f"model=yolo11{scale}-pose.yaml", f"imgsz={size}", f"batch={batch}", f"threads={threads}",
                f"runs={runs}", f"precision={precision}"),
            "PyTorch channels-last": lambda: machine.peer(
                "torch_train", scale, size, batch, runs, threads, precision),
        }

    for precision, goals in (("f32", (0.70, 0.75)), ("bf16", (0.65, 0.75))):
        for scale, batch in (("n", "4"), ("n", "16"), ("s", "4"), ("m", "4")):
            work = f"training step {scale}, batch {batch}, {precision}"
            yield "train", work, "ms/image", "ms", goals[scale != "n"], train(scale, batch, precision)

    for batch in ("4", "16"):
        yield ("memory", f"peak memory, training n, batch {batch}", "MB", "mb", 0.5, train("n", batch, "f32"))

    for precision in ("f32", "bf16"):
        for scale in ("n", "s", "m"):
            contestants = {
                "PoseLab": lambda s=scale, p=precision: benchmark(
                    "predict", f"model=yolo11{s}-pose.yaml", f"imgsz={size}", "batch=1", f"threads={threads}",
                    "runs=30", f"precision={p}"),
                "OpenVINO": lambda s=scale, p=precision: machine.peer(
                    "openvino", machine.model(s, "onnx"), size, "30", threads, p),
            }
            if precision == "f32":
                contestants["ONNX Runtime"] = lambda s=scale: machine.peer(
                    "onnxruntime", machine.model(s, "onnx"), size, "30", threads)
            yield "infer", f"inference {scale}, batch 1, {precision}", "ms", "ms", 0.75, contestants

    for precision in ("f32", "bf16"):
        contestants = {
            "PoseLab": lambda p=precision: poselab_predict(machine, "n", p),
            "Ultralytics, OpenVINO": lambda p=precision: machine.peer(
                "predict", machine.model("n", "openvino"), machine.images, size, threads, p),
        }
        if precision == "f32":
            contestants["Ultralytics, ONNX"] = lambda: machine.peer(
                "predict", machine.model("n", "onnx"), machine.images, size, threads, "f32")
        yield "predict", f"predict on files, n, {precision}", "images/s", "rate", 1.3, contestants

    for cache, goal in (("none", 2), ("ram", 3)):
        for count in ("1", "2"):
            where = "cached in RAM" if cache == "ram" else "on disk"
            yield "data", f"data pipeline, {where}, threads {count}", "samples/s", "rate", goal, {
                "PoseLab": lambda c=cache, n=count: benchmark(
                    "data", f"data={machine.data}", f"imgsz={size}", "batch=16", f"threads={n}", f"cache={c}", "runs=2"),
                "Ultralytics": lambda c=cache, n=count: machine.peer("pipeline", machine.data, size, "16", n, c),
            }

    yield "epoch", "one epoch with data and validation, 500 images", "s", "s", 0.5, {
        "PoseLab": lambda: poselab_epoch(machine, "16"),
        "Ultralytics": lambda: machine.peer("epoch", machine.data, size, "16", threads, machine.folder),
    }

    truth, found = machine.folder / "annotations.json", machine.folder / "results.json"

    def files():
        if not truth.exists():
            benchmark("evaluate", f"output={machine.folder}", "runs=1")
        return truth, found

    yield "evaluate", "COCO evaluation from files, 5,000 images", "ms", "ms", 0.25, {
        "PoseLab": lambda: {"ms": benchmark(
            "evaluate", f"annotations={files()[0]}", f"results={files()[1]}", "runs=1")["total"]},
        "faster-coco-eval": lambda: machine.peer("evaluate", "faster", *files()),
        "pycocotools": lambda: machine.peer("evaluate", "pycocotools", *files()),
    }

    yield "start", "start to first training step", "s", "s", 0.1, {
        "PoseLab": lambda: poselab_first_step(machine, "4"),
        "Ultralytics": lambda: machine.peer(
            "first_step", machine.data, size, "4", threads, machine.folder, str(time.time())),
    }


def measure(machine, options):
    table = []
    heading = f"{'work':52s}{'PoseLab':>10s}  {'best peer':38s}{'ratio':>7s}  target"
    print(heading + "\n" + "-" * (len(heading) + 4))
    for group, work, unit, key, goal, contestants in rows(machine):
        if options.only and group not in options.only.split(",") or not re.search(options.match, work):
            continue
        found = {name: [] for name in contestants}
        for _ in range(options.rounds):
            for name, run in contestants.items():
                found[name].append(run()[key])
        medians = {name: statistics.median(values) for name, values in found.items()}
        higher = key == "rate"
        peers = {name: value for name, value in medians.items() if name != "PoseLab"}
        best = (max if higher else min)(peers, key=peers.get)
        ours = medians["PoseLab"]
        ratio = ours / peers[best]
        table.append({"group": group, "work": work, "unit": unit, "medians": medians, "best_peer": best, "ratio": ratio,
                      "target": goal, "higher_is_better": higher, "rounds": options.rounds,
                      "reached": ratio >= goal if higher else ratio <= goal})
        sign = "≥" if higher else "≤"
        rest = f"{peers[best]:.4g} {unit}, {best}"
        print(f"{work:52s}{ours:10.4g}  {rest:38s}{ratio:7.2f}  {sign} {goal}", flush=True)
    return table


# How PoseLab's own cost grows


def small_files(folder, count):
    """A data set of `count` tiny images, hard links to a few."""
    subprocess.run([PROGRAM, "data", "synth", "--output", folder / "seed", "--images", "20", "--size", "64"],
                   check=True, capture_output=True)
    source = folder / "seed"
    images = sorted((source / "images/train").iterdir())
    target = folder / f"small{count}"
    for kind in ("images", "labels"):
        (target / kind / "train").mkdir(parents=True)
    for index in range(count):
        image = images[index % len(images)]
        label = source / "labels/train" / (image.stem + ".txt")
        for path, kind in ((image, "images"), (label, "labels")):
            place = target / kind / "train" / f"{index:07d}{path.suffix}"
            try:
                os.link(path, place)
            except OSError:
                shutil.copy(path, place)
    lines = [l for l in (source / "data.yaml").read_text().splitlines() if not re.match(r"(path|train|val|test):", l)]
    (target / "data.yaml").write_text("\n".join([f"path: {target}", "train: images/train", "val: images/train", *lines]))
    return target / "data.yaml"


def scale(options, folder):
    tables = []

    def table(title, columns, cases):
        print(f"\n{title}\n" + "".join(f"{c:>16s}" for c in columns))
        lines = []
        for values in cases:
            lines.append(values)
            print("".join(f"{v:16.4g}" for v in values), flush=True)
        tables.append({"title": title, "columns": columns, "rows": lines})

    def step(batch, size):
        found = benchmark("train", "model=yolo11n-pose.yaml", f"imgsz={size}", f"batch={batch}",
                          f"threads={options.threads}", "runs=3")
        return found["ms"], found["mb"]

    wanted = options.only.split(",") if options.only else ["train", "data", "evaluate"]
    if "train" in wanted:
        table(f"training step n, {options.imgsz} pixels, by batch", ["batch", "ms/image", "MB", "MB/image"],
              ([b, *(r := step(b, options.imgsz)), r[1] / b] for b in (1, 2, 4, 8, 16, 32)))
        table("training step n, batch 2, by image size", ["pixels", "ms/image", "µs/1000 pixels", "MB"],
              ([s, (r := step(2, s))[0], r[0] * 1e6 / s**2, r[1]] for s in (320, 480, 640, 960, 1280)))

    def indexed(count):
        found = last_json([PROGRAM, "benchmark", "index", f"data={small_files(folder, count)}", "imgsz=64", "batch=16",
                           "runs=3", "--json"])
        shutil.rmtree(folder / "seed")
        shutil.rmtree(folder / f"small{count}")
        return [count, found["ms_total"], found["ms_total"] * 1000 / count, found["peak_memory_mb"]]

    if "data" in wanted:
        table("indexing and the first batch, by images", ["images", "ms", "µs/image", "MB"],
              (indexed(n) for n in (1_000, 10_000, 118_000)))

    def evaluated(count):
        found = last_json([PROGRAM, "benchmark", "evaluate", f"images={count}", "runs=3", "--json"])
        return [count, found["ms_total"], found["ms_total"] * 1000 / count, found["peak_memory_mb"]]

    if "evaluate" in wanted:
        table("COCO evaluation from files, by images", ["images", "ms", "µs/image", "MB"],
              (evaluated(n) for n in (1_000, 5_000, 20_000, 50_000)))
    return tables


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--imgsz", type=int, default=640)
    parser.add_argument("--data", help="a pose data set's YAML in YOLO's folders")
    parser.add_argument("--only", help="groups: train,memory,infer,predict,data,epoch,evaluate,start")
    parser.add_argument("--match", default="", help="only rows in whose name this regular expression is found")
    parser.add_argument("--venv", default=str(Path.home() / ".cache/poselab-peers"))
    parser.add_argument("--json", help="also write the tables to this file")
    parser.add_argument("--scale", action="store_true", help="show how PoseLab's cost grows instead")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="poselab-peers-") as folder:
        tables = scale(options, Path(folder)) if options.scale else measure(Machine(options, folder), options)
    if options.json:
        Path(options.json).write_text(json.dumps(tables, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
