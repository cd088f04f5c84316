import FileSystem
import Foundation
import Interchange
import Layers
import PoseCore
import Testing
import Training

@Suite struct `A training run` {
  @Test func `leaves a complete run folder`() throws {
    let workshop = try Workshop()
    let spec = try workshop.spec {
      $0.run.plots = true
      $0.run.savePeriod = 2
    }
    var notes: [String] = []
    var epochs: [Int] = []
    let watcher = Watcher { event in
      switch event {
      case .note(let text): notes.append(text)
      case .epochFinished(let record): epochs.append(record.epoch)
      case .warning(let text): Issue.record("warning: \(text)")
      default: break
      }
    }
    let outcome = try workshop.trainer(spec, observers: [watcher]).run()
    #expect(outcome.ending == .completed && outcome.epochs == 3 && epochs == [1, 2, 3])
    #expect(outcome.directory == workshop.folder + "/runs/train")
    #expect(notes.contains { $0.hasPrefix("train: 10 images") })
    let curves = ["Box", "Pose"].flatMap { part in ["F1", "P", "PR", "R"].map { "\(part)\($0)_curve.png" } }
    #expect(
      Set(workshop.files(outcome.directory))
        == Set(
          curves + [
            "environment.json", "experiment.yaml", "image_scores.jsonl", "labels.jpg", "metrics.jsonl",
            "results.csv",
            "results.png",
            "summary.json", "train_batch0.jpg", "train_batch1.jpg", "train_batch2.jpg", "train_batch6.jpg",
            "train_batch7.jpg", "train_batch8.jpg", "val_batch0_labels.jpg", "val_batch0_pred.jpg",
            "weights/best.safetensors", "weights/epoch2.safetensors", "weights/last.safetensors",
          ]))
    let csv = try String(contentsOfFile: outcome.directory + "/results.csv", encoding: .utf8)
    let lines = csv.split(separator: "\n")
    #expect(
      lines.first
        == "epoch,time,train/box_loss,train/pose_loss,train/kobj_loss,train/cls_loss,train/dfl_loss,metrics/precision(B),metrics/recall(B),metrics/mAP50(B),metrics/mAP50-95(B),metrics/precision(P),metrics/recall(P),metrics/mAP50(P),metrics/mAP50-95(P),val/box_loss,val/pose_loss,val/kobj_loss,val/cls_loss,val/dfl_loss,lr/pg0,lr/pg1,lr/pg2"
    )
    #expect(lines.count == 4)
    #expect(outcome.history.allSatisfy { $0.trainLosses.allSatisfy { $0.value.isFinite && $0.value >= 0 } })
    #expect(outcome.report?.metrics.map(\.name) == ["yolo_map", "coco_keypoints", "coco_bbox"])
    #expect(outcome.report?.imageCount == 4)

    let best = try Checkpoint(outcome.directory + "/weights/best.safetensors")
    #expect(best.description?.classNames == ["person"] && best.description?.skeleton == .cocoPerson)
    #expect(throws: CheckpointError.self) { try best.loopState() }
  }

  @Test func `numbers folders of the same name`() throws {
    let workshop = try Workshop()
    let project = workshop.folder + "/runs"
    let first = try RunDirectory.create(project: project, name: "a")
    let second = try RunDirectory.create(project: project, name: "a")
    #expect(first.path == project + "/a" && second.path == project + "/a-2")
  }

  @Test func `logs what the metrics of keypoints find`() throws {
    let workshop = try Workshop()
    var spec = try workshop.spec { $0.schedule.epochs = 1 }
    spec.metrics = try ["yolo_map", "{type: pck, alpha: 0.5, match_threshold: 0}", "keypoint_oks", "auc"].map
    {
      try ComponentSpec(text: $0, named: "metric")
    }
    let outcome = try workshop.trainer(spec).run()
    let csv = try String(contentsOfFile: outcome.directory + "/results.csv", encoding: .utf8)
    #expect(
      csv.prefix { $0 != "\n" }.contains(
        "metrics/mAP50-95(P),pck/PCK@0.5,pck/mPCK@0.5,keypoint_oks/OKS,auc/AUC,val/box_loss"))
    let data = try Data(contentsOf: URL(filePath: outcome.directory + "/summary.json"))
    let summary = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let metrics = try #require(summary["metrics"] as? [String: [String: Any]])
    let keypoints = try #require(metrics["keypoint_oks"]?["keypoints"] as? [String: [String: Any]])
    #expect(keypoints.count == 17 && keypoints["left_hip"]?["labels"] as? Double ?? 0 > 0)
    #expect(metrics["pck"]?["PCK@0.5"] is Double)
  }

  @Test func `has its folder to itself`() throws {
    let workshop = try Workshop()
    let spec = try workshop.spec { $0.schedule.epochs = 1 }
    do {
      let trainer = try workshop.trainer(spec)
      let path = trainer.directory.path
      _ = try trainer.run()
      let fault = #expect(throws: RunError.self) { try RunDirectory.resume(path) }
      #expect(fault == .inUse(path, process: Int(getpid())))
    }
    // Whoever held the lock is gone.
    _ = try RunDirectory.resume(workshop.folder + "/runs/train")
  }

  @Test func `stops at a loss that is not a number, keeping the batch and the last checkpoint`() throws {
    let workshop = try Workshop()
    let spec = try workshop.spec {
      $0.optimization.warmupEpochs = 0
      $0.optimization.nbs = 4
      $0.optimization.lr0 = 1e36
    }
    let fault = #expect(throws: RunError.self) {
      // The first epoch is good; then the weights fly off.
      let trainer = try workshop.trainer(spec, observers: [])
      _ = try trainer.run()
    }
    guard case .notFinite(let what, _, _, let replay?) = fault else {
      Issue.record("\(String(describing: fault))")
      return
    }
    #expect(what == "loss" || what == "gradient")
    let file = try SafetensorsFile(path: replay)
    #expect(file.description(of: "images")?.shape.suffix(3) == [64, 64, 3])
    let keypoints = file.description(of: "keypoints")?.shape.suffix(2)
    #expect(keypoints == [17, 3])
  }

  @Test func `says that the disk is full, and which checkpoint is whole`() throws {
    let workshop = try Workshop()
    let spec = try workshop.spec()
    let watcher = Watcher { event in
      if case .epochFinished(let record) = event, record.epoch == 2 {
        throw FileError(.write, path: "/full", code: ENOSPC)
      }
    }
    let fault = #expect(throws: RunError.self) { try workshop.trainer(spec, observers: [watcher]).run() }
    let last = workshop.folder + "/runs/train/weights/last.safetensors"
    #expect(fault == .diskFull(path: "/full", lastCheckpoint: last))
    #expect(try Checkpoint(last).loopState().epoch == 1)
  }

  @Test func `has its beginning on disk before it tells of a batch`() throws {
    let workshop = try Workshop()
    let spec = try workshop.spec { $0.schedule.epochs = 1 }
    let assembly = try TrainingAssembly(spec, registry: Workshop.registry())
    let store = assembly.network.store
    let first = store.values.copyToHost()
    var batches = 0
    let watcher = Watcher { event in
      guard case .batch = event else { return }
      batches += 1
      let checkpoint = try Checkpoint(workshop.folder + "/runs/train/weights/last.safetensors")
      let state = try checkpoint.loopState()
      #expect(state.epoch == 0 && state.batch == 0 && state.optimizerSteps == 0)
      #expect(try checkpoint.weights(for: store) == first)
    }
    _ = try assembly.trainer(observers: [watcher]).run()
    #expect(batches > 1)
  }

  @Test func `ends where its first checkpoint cannot be written, before any step`() throws {
    let workshop = try Workshop()
    var batches = 0
    let watcher = Watcher { event in
      switch event {
      case .started: try FileManager.default.removeItem(atPath: workshop.folder + "/runs/train/weights")
      case .batch: batches += 1
      default: break
      }
    }
    let trainer = try workshop.trainer(workshop.spec(), observers: [watcher])
    let fault = #expect(throws: SafetensorsError.self) { try trainer.run() }
    #expect(fault?.file == workshop.folder + "/runs/train/weights/last.safetensors")
    #expect(batches == 0)
  }

  @Test func `leaves frozen layers as they are, statistics included`() throws {
    let workshop = try Workshop()
    let spec = try workshop.spec {
      $0.schedule.freeze = .first(3)
      $0.schedule.epochs = 1
    }
    let trainer = try workshop.trainer(spec)
    func numbers(_ isFrozen: Bool) -> [[Float]] {
      trainer.network.store.states.filter {
        (["0", "1", "2"].contains(String($0.path.split(separator: ".")[1]))) == isFrozen
          && !$0.path.contains("dfl")
      }.map { $0.value.copyToHost() }
    }
    let (frozen, others) = (numbers(true), numbers(false))
    // The last checkpoint's numbers, since the run ends with the best average in the model.
    _ = try trainer.run()
    let last = try SafetensorsFile(path: trainer.directory.lastCheckpoint)
    let values = try last.floats(named: "training.values").values
    values.withUnsafeBufferPointer { trainer.network.store.values.copyFromHost($0) }
    #expect(numbers(true) == frozen)
    // A level that no object is assigned to has parameters without a gradient.
    #expect(zip(numbers(false), others).count { $0 != $1 } > others.count / 2)
  }

  @Test func `refuses to freeze what is not there, or everything`() throws {
    let workshop = try Workshop()
    for (freeze, reason) in [
      (FreezeOptions.layers([1, 24]), "names layer 24, but the model has layers 0 to 23"),
      (.first(24), "leaves nothing to train; freeze fewer layers"),
    ] {
      let spec = try workshop.spec { $0.schedule.freeze = freeze }
      let fault = #expect(throws: OptionError.self) {
        try TrainingAssembly(spec, registry: Workshop.registry())
      }
      #expect(fault == OptionError("freeze", reason))
    }
  }
}
