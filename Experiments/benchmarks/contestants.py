"""What `peers.py` runs of the peers, each as a process of its own: contestants.py WORK ARGUMENT...

Prints one JSON object: what was measured, and the most memory the process has held in MB of 2^20 bytes.
"""

import contextlib
import io
import json
import os
import resource
import statistics
import sys
import time


def median_ms(body, runs, warmups=2, per=1):
    times = []
    for run in range(runs + warmups):
        start = time.perf_counter()
        body()
        if run >= warmups:
            times.append((time.perf_counter() - start) * 1000 / per)
    return {"ms": statistics.median(times)}


def torch_train(scale, size, batch, runs, threads, precision):
    """A training step as Ultralytics has it, in eager mode on channels-last tensors."""
    import torch
    from ultralytics.cfg import get_cfg
    from ultralytics.nn.tasks import PoseModel
    from ultralytics.utils.torch_utils import ModelEMA

    size, batch, runs, threads = int(size), int(batch), int(runs), int(threads)
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    model = PoseModel(f"yolo11{scale}-pose.yaml", nc=1, verbose=False)
    model.args = get_cfg()
    model = model.to(memory_format=torch.channels_last).train()
    average = ModelEMA(model)
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

    def step():
        optimizer.zero_grad()
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=precision == "bf16"):
            loss, _ = model(data)
        loss.sum().backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 10.0)
        optimizer.step()
        average.update(model)

    return median_ms(step, runs, per=batch)


def onnxruntime(path, size, runs, threads):
    import numpy
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = int(threads)
    session = ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    image = numpy.random.default_rng(0).random((1, 3, int(size), int(size)), dtype=numpy.float32)
    return median_ms(lambda: session.run(None, {"images": image}), int(runs), 5)


def openvino(path, size, runs, threads, precision):
    import numpy
    import openvino as ov

    model = ov.Core().compile_model(
        path, "CPU",
        {"INFERENCE_NUM_THREADS": int(threads), "INFERENCE_PRECISION_HINT": precision, "PERFORMANCE_HINT": "LATENCY"})
    image = numpy.random.default_rng(0).random((1, 3, int(size), int(size)), dtype=numpy.float32)
    request = model.create_infer_request()
    return median_ms(lambda: request.infer({0: image}), int(runs), 5)


def export(scale, size, folder):
    """Writes the untrained model as a checkpoint, and for ONNX Runtime and OpenVINO."""
    from ultralytics import YOLO

    os.chdir(folder)
    YOLO(f"yolo11{scale}-pose.yaml").save(f"yolo11{scale}-pose.pt")
    for form in ("onnx", "openvino"):
        YOLO(f"yolo11{scale}-pose.pt").export(format=form, imgsz=int(size))
    return {}


def evaluate(library, truth, found):
    if library == "pycocotools":
        from pycocotools.coco import COCO
        from pycocotools.cocoeval import COCOeval
    else:
        from faster_coco_eval import COCO
        from faster_coco_eval import COCOeval_faster as COCOeval

    start = time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()):
        ground = COCO(truth)
        evaluation = COCOeval(ground, ground.loadRes(found), "keypoints")
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    return {"ms": (time.perf_counter() - start) * 1000}


def predict(path, folder, size, threads, precision):
    """Images a second of `predict` on files, without drawing or saving."""
    import torch
    from ultralytics import YOLO

    torch.set_num_threads(int(threads))
    if path.endswith("_openvino_model") and precision == "f32":
        # Ultralytics has no setting for it: OpenVINO takes bf16 by itself where the processor has it.
        import openvino as ov

        compile_model = ov.Core.compile_model

        def plain(self, model, device_name=None, config=None, **more):
            return compile_model(self, model, device_name, {**(config or {}), "INFERENCE_PRECISION_HINT": "f32"}, **more)

        ov.Core.compile_model = plain
    model = YOLO(path, task="pose")
    first = sorted(os.listdir(folder))[0]
    options = {"imgsz": int(size), "verbose": False, "save": False, "device": "cpu"}
    for _ in range(3):
        model.predict(os.path.join(folder, first), **options)
    start = time.perf_counter()
    count = sum(1 for _ in model.predict(folder, stream=True, **options))
    return {"rate": count / (time.perf_counter() - start)}


def _dataset(yaml, size, batch, cache):
    from ultralytics.cfg import get_cfg
    from ultralytics.data import build_yolo_dataset
    from ultralytics.data.utils import check_det_dataset

    data = check_det_dataset(yaml)
    settings = get_cfg(overrides={"task": "pose", "imgsz": int(size), "cache": cache == "ram" and "ram"})
    return build_yolo_dataset(settings, data["train"], int(batch), data, mode="train")


def pipeline(yaml, size, batch, threads, cache):
    """Augmented samples a second."""
    import cv2
    import torch
    from ultralytics.data import build_dataloader

    cv2.setNumThreads(0)
    torch.set_num_threads(1)
    dataset = _dataset(yaml, size, batch, cache)
    if int(threads) == 1:
        order = torch.randperm(len(dataset), generator=torch.Generator().manual_seed(0)).tolist()
        for index in order[:32]:
            dataset[index]
        start = time.perf_counter()
        for index in order:
            dataset[index]
        return {"rate": len(order) / (time.perf_counter() - start)}
    loader = build_dataloader(dataset, int(batch), int(threads), shuffle=True)
    for _ in loader:
        pass
    start = time.perf_counter()
    count = sum(len(found["img"]) for found in loader)
    return {"rate": count / (time.perf_counter() - start)}


def _train(yaml, size, batch, threads, folder, callbacks):
    import torch
    from ultralytics import YOLO

    torch.set_num_threads(int(threads))
    model = YOLO("yolo11n-pose.yaml")
    for name, function in callbacks.items():
        model.add_callback(name, function)
    with contextlib.redirect_stdout(io.StringIO()):
        model.train(
            data=yaml, epochs=1, imgsz=int(size), batch=int(batch), workers=int(threads), device="cpu", amp=False,
            plots=False, project=folder, name="peer", exist_ok=True, verbose=False)


def epoch(yaml, size, batch, threads, folder):
    """Seconds of one epoch with validation: from the first batch's loading to the figures."""
    times = {}
    _train(yaml, size, batch, threads, folder, {
        "on_train_epoch_start": lambda trainer: times.setdefault("start", time.perf_counter()),
        "on_fit_epoch_end": lambda trainer: times.setdefault("end", time.perf_counter()),
    })
    return {"s": times["end"] - times["start"]}


def first_step(yaml, size, batch, threads, folder, began):
    """Seconds from the start of the process to the end of the first training step."""

    def finish(trainer):
        print(json.dumps({"s": time.time() - float(began)}), file=sys.__stdout__, flush=True)
        os._exit(0)

    _train(yaml, size, batch, threads, folder, {"on_train_batch_end": finish})


WORKS = [torch_train, onnxruntime, openvino, export, evaluate, predict, pipeline, epoch, first_step]

if __name__ == "__main__":
    work = {function.__name__: function for function in WORKS}[sys.argv[1]]
    result = work(*sys.argv[2:])
    result["mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(result))
