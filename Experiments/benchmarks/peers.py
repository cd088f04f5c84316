#!/usr/bin/env python3
"""Times PoseLab and its peers in turns on one machine and prints medians and ratios.

    python3 -m venv /tmp/peers
    /tmp/peers/bin/pip install torch ultralytics onnxruntime onnx onnxslim pycocotools faster-coco-eval
    swift build -c release
    /tmp/peers/bin/python Experiments/benchmarks/peers.py [--rounds 5] [--only train,predict,evaluate] [--json FILE]

Every round runs each contestant once, as a process of its own, so that a change of the machine's speed meets all of
them. Threads: as many as there are processors, or --threads. Times are milliseconds per image.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

TORCH_TRAIN = """
import json, resource, sys, time
from types import SimpleNamespace
import torch
from ultralytics.cfg import get_cfg
from ultralytics.nn.tasks import PoseModel
scale, size, batch, steps, threads = sys.argv[1], *map(int, sys.argv[2:6])
torch.set_num_threads(threads)
torch.manual_seed(0)
model = PoseModel(f"yolo11{scale}-pose.yaml", nc=1, verbose=False)
model.args = get_cfg()
model = model.to(memory_format=torch.channels_last).train()
optimizer = torch.optim.SGD(model.parameters(), lr=1e-4, momentum=0.937, nesterov=True)
people = 4
boxes = torch.rand(batch * people, 4) * 0.3 + 0.3
keypoints = torch.rand(batch * people, 17, 3) * 0.5 + 0.25
keypoints[..., 2] = 2
data = {
    "img": torch.rand(batch, 3, size, size).to(memory_format=torch.channels_last),
    "cls": torch.zeros(batch * people, 1),
    "bboxes": boxes,
    "keypoints": keypoints,
    "batch_idx": torch.arange(batch).repeat_interleave(people).float(),
}
times = []
for step in range(steps + 2):
    start = time.perf_counter()
    optimizer.zero_grad()
    loss, _ = model(data)
    loss.sum().backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 10.0)
    optimizer.step()
    if step >= 2:
        times.append((time.perf_counter() - start) * 1000 / batch)
times.sort()
print(json.dumps({"ms": times[len(times) // 2],
                  "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""

ONNX_PREDICT = """
import json, resource, sys, time
import numpy, onnxruntime
path, size, runs, threads = sys.argv[1], *map(int, sys.argv[2:5])
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = threads
session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
image = numpy.random.default_rng(0).random((1, 3, size, size), dtype=numpy.float32)
times = []
for run in range(runs + 5):
    start = time.perf_counter()
    session.run(None, {"images": image})
    if run >= 5:
        times.append((time.perf_counter() - start) * 1000)
times.sort()
print(json.dumps({"ms": times[len(times) // 2],
                  "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""

COCO_EVALUATE = """
import contextlib, io, json, resource, sys, time
library, truth, found = sys.argv[1:4]
if library == "pycocotools":
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval
else:
    from faster_coco_eval import COCO, COCOeval_faster as COCOeval
start = time.perf_counter()
with contextlib.redirect_stdout(io.StringIO()):
    ground = COCO(truth)
    evaluation = COCOeval(ground, ground.loadRes(found), "keypoints")
    evaluation.evaluate()
    evaluation.accumulate()
    evaluation.summarize()
seconds = time.perf_counter() - start
print(json.dumps({"ms": seconds * 1000, "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""


def run(command):
    result = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    if result.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, command))[:200]}\nfailed:\n{result.stderr[-2000:]}")
    return json.loads(result.stdout.strip().splitlines()[-1])


def poselab(*words):
    found = run([ROOT / ".build/release/poselab", "benchmark", *words, "--json"])
    return {"ms": found["ms_per_image"]["median"], "mb": found["peak_memory_mb"]}


def poselab_total(*words):
    found = run([ROOT / ".build/release/poselab", "benchmark", *words, "--json"])
    return {"ms": found["ms_total"], "mb": found["peak_memory_mb"]}


def export_onnx(scale, size, folder):
    code = (
        "import sys; from ultralytics import YOLO; "
        f"YOLO('yolo11{scale}-pose.yaml').export(format='onnx', imgsz={size}, simplify=True)"
    )
    subprocess.run([sys.executable, "-c", code], cwd=folder, check=True, capture_output=True)
    return str(Path(folder) / f"yolo11{scale}-pose.onnx")


def contests(arguments, folder):
    """(work, unit, {contestant: callable}) for each comparison asked for."""
    python, threads = sys.executable, str(arguments.threads)
    wanted = arguments.only.split(",")
    size = str(arguments.imgsz)
    if "train" in wanted:
        for batch in (int(b) for b in arguments.batches.split(",")):
            yield f"training step, n, {size}, batch {batch}, f32", "ms/image", {
                "PoseLab": lambda b=batch: poselab(
                    "train", "model=yolo11n-pose.yaml", f"imgsz={size}", f"batch={b}", f"threads={threads}", "runs=8"),
                "PyTorch channels-last": lambda b=batch: run(
                    [python, "-c", TORCH_TRAIN, "n", size, str(b), "6", threads]),
            }
    if "predict" in wanted:
        for scale in arguments.scales.split(","):
            path = export_onnx(scale, arguments.imgsz, folder)
            yield f"inference, {scale}, {size}, batch 1, f32", "ms/image", {
                "PoseLab": lambda s=scale: poselab(
                    "predict", f"model=yolo11{s}-pose.yaml", f"imgsz={size}", "batch=1", f"threads={threads}", "runs=30"),
                "ONNX Runtime": lambda p=path: run([python, "-c", ONNX_PREDICT, p, size, "30", threads]),
            }
    if "evaluate" in wanted:
        truth, found = str(Path(folder) / "annotations.json"), str(Path(folder) / "results.json")
        run([ROOT / ".build/release/poselab", "benchmark", "evaluate", f"output={folder}", "runs=1", "--json"])
        yield "COCO evaluation, 5,000 images, from files", "ms", {
            "PoseLab": lambda: poselab_total("evaluate", f"annotations={truth}", f"results={found}", "runs=1"),
            "faster-coco-eval": lambda: run([python, "-c", COCO_EVALUATE, "faster", truth, found]),
            "pycocotools": lambda: run([python, "-c", COCO_EVALUATE, "pycocotools", truth, found]),
        }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--imgsz", type=int, default=640)
    parser.add_argument("--batches", default="4")
    parser.add_argument("--scales", default="n")
    parser.add_argument("--only", default="train,predict,evaluate")
    parser.add_argument("--json", help="also write the table to this file")
    arguments = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for work, unit, contestants in contests(arguments, folder):
            results = {name: [] for name in contestants}
            for _ in range(arguments.rounds):
                for name, measure in contestants.items():
                    results[name].append(measure())
            medians = {
                name: {key: statistics.median(r[key] for r in found) for key in ("ms", "mb")}
                for name, found in results.items()
            }
            best = min(medians[name]["ms"] for name in medians if name != "PoseLab")
            least = min(medians[name]["mb"] for name in medians if name != "PoseLab")
            ours = medians["PoseLab"]
            rows.append({"work": work, "unit": unit, "contestants": medians,
                         "time_ratio": ours["ms"] / best, "memory_ratio": ours["mb"] / least})
            print(f"\n{work}")
            for name, median in medians.items():
                print(f"  {name:24s} {median['ms']:9.2f} {unit:9s} {median['mb']:8.0f} MB")
            print(f"  PoseLab ÷ best peer      {ours['ms'] / best:9.2f} {'':9s} {ours['mb'] / least:8.2f}")
            sys.stdout.flush()
    if arguments.json:
        Path(arguments.json).write_text(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
