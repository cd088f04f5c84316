import Foundation
import Imaging
import PoseCore
import Tensor
import Testing
import Training

@Suite struct `Sources of pictures` {
  @Test func `are files, folders and patterns, sorted`() throws {
    let workshop = try Workshop()
    let folder = workshop.folder + "/pictures"
    try FileManager.default.createDirectory(atPath: folder + "/deeper", withIntermediateDirectories: true)
    for name in ["b.JPG", "a.png", "notes.txt", "deeper/c.jpg", "clip.mp4"] {
      try Data().write(to: URL(filePath: "\(folder)/\(name)"))
    }
    #expect(try PredictionSource.resolve([folder]) == ["\(folder)/a.png", "\(folder)/b.JPG"])
    #expect(try PredictionSource.resolve(["\(folder)/*.[pJ]*"]) == ["\(folder)/a.png", "\(folder)/b.JPG"])
    #expect(
      try PredictionSource.resolve(["\(folder)/b.JPG", "\(folder)/deeper/"])
        == ["\(folder)/b.JPG", "\(folder)/deeper/c.jpg"])
    func fault(_ source: String) -> String? {
      do throws(PredictionSource.Fault) {
        _ = try PredictionSource.resolve([source])
        return nil
      } catch {
        return error.description
      }
    }
    #expect(fault("\(folder)/none.jpg") == "\(folder)/none.jpg: no such file or folder")
    #expect(fault("\(folder)/*.bmp") == "\(folder)/*.bmp: no JPEG or PNG pictures here")
    #expect(
      fault("\(folder)/clip.mp4")
        == "\(folder)/clip.mp4: videos are not supported; extract its frames to a folder of pictures")
    #expect(
      fault("rtsp://camera")
        == "rtsp://camera: cameras and streams are not supported; give pictures, folders or patterns")
  }
}

@Suite struct `Detections as text` {
  private let detection = Detection(
    classIndex: 2, score: 0.75, box: Box(x1: 10, y1: 20, x2: 50, y2: 40),
    keypoints: [
      PredictedKeypoint(x: 20, y: 30, confidence: 0.5), PredictedKeypoint(x: 0, y: 50, confidence: 1),
    ])

  @Test func `are rows of fractions`() {
    #expect(
      DetectionText.yolo([detection], width: 200, height: 50, withScores: false)
        == "2 0.15 0.6 0.2 0.4 0.1 0.6 0.5 0 1 1\n")
    #expect(
      DetectionText.yolo([detection, detection], width: 200, height: 50, withScores: true)
        == "2 0.15 0.6 0.2 0.4 0.1 0.6 0.5 0 1 1 0.75\n2 0.15 0.6 0.2 0.4 0.1 0.6 0.5 0 1 1 0.75\n")
  }

  @Test func `are JSON in pixels`() {
    #expect(
      DetectionText.json(path: "a \"b\".jpg", [detection])
        == "{\"image\":\"a \\\"b\\\".jpg\",\"instances\":[{\"class\":2,\"score\":0.75,\"box\":[10.0,20.0,50.0,40.0],"
        + "\"keypoints\":[[20.0,30.0,0.5],[0.0,50.0,1.0]]}]}")
    #expect(DetectionText.json(path: "a.jpg", []) == "{\"image\":\"a.jpg\",\"instances\":[]}")
  }
}

@Suite struct `Prediction` {
  @Test func `finds what validation finds, in the pixels of the picture`() throws {
    let workshop = try Workshop()
    let spec = try workshop.spec {
      $0.schedule.epochs = 12
      $0.optimization.optimizer = "adamw"
      $0.optimization.lr0 = 0.01
      $0.optimization.nbs = 4
      $0.optimization.warmupBiasLR = 0
      $0.augmentation.mosaic = 0
    }
    let trainer = try workshop.trainer(spec)
    _ = try trainer.run()
    var options = EvaluationOptions()
    options.conf = 0.01
    let decoder = DetectionDecoder.prediction(options)
    let predictor = Predictor(network: trainer.network, decoder: decoder, imageSize: 64, sizeMultiple: 32)
    let validator = Validator(network: trainer.network, metrics: [], decoder: decoder)
    var count = 0
    let report = try validator.run(trainer.validationData) { _ in
    } handle: { validated in
      // Validation pads more, so what lies at the edge of a picture may differ; the best box hardly does.
      let found = try predictor(try Image(contentsOf: validated.path))
      guard let best = found.first, let expected = validated.evaluated.detections.first else { return }
      count += 1
      #expect(abs(best.score - expected.score) < 0.1)
      #expect(abs(best.box.x1 - expected.box.x1) < 8 && abs(best.box.y2 - expected.box.y2) < 8)
      #expect(found.allSatisfy { $0.box.x2 <= 64 && $0.box.y2 <= 64 && $0.score > 0.01 })
    }
    #expect(report?.imageCount == 4 && report?.losses.isEmpty == true)
    #expect(count == 4)
  }

  @Test func `keeps the classes that are asked for`() throws {
    var options = EvaluationOptions()
    options.classes = [1]
    #expect(DetectionDecoder.prediction(options).classes == [1])
    #expect(DetectionDecoder.prediction(options).suppression.minimumScore == 0.25)
    #expect(DetectionDecoder.validation(options).suppression.minimumScore == 0.001)
    #expect(DetectionDecoder.validation(options).suppression.multiLabel)
  }
}

@Suite struct `Prediction on files` {
  @Test func `takes them in their order up to one that cannot be read, for any number of threads`()
    throws
  {
    let workshop = try Workshop()
    let trainer = try workshop.trainer(try workshop.spec { $0.schedule.epochs = 1 })
    // Wider each time, so that the order shows; the fifth and the last are no pictures.
    var paths: [String] = []
    for number in 0..<11 {
      paths.append("\(workshop.folder)/picture\(number).png")
      if number % 6 == 4 {
        try Data("no picture".utf8).write(to: URL(filePath: paths[number]))
      } else {
        try Image(width: 40 + number, height: 30).write(to: paths[number])
      }
    }
    let before = Device.threads
    defer { Device.setThreads(before) }
    let options = EvaluationOptions()
    let predictor = Predictor(
      network: trainer.network, decoder: .prediction(options), imageSize: 64, sizeMultiple: 32)
    let readable = paths.indices.filter { $0 % 6 != 4 }
    for threads in [1, 2, 3] {
      Device.setThreads(threads)
      var seen: [String] = []
      var widths: [Int] = []
      #expect(throws: ImageError.self) {
        try predictor.predict(paths) { path, image, _ in
          seen.append(path)
          widths.append(image.width)
        }
      }
      #expect(seen == Array(paths[..<4]) && widths == [40, 41, 42, 43])
      seen = []
      widths = []
      try predictor.predict(readable.map { paths[$0] }) { path, image, _ in
        seen.append(path)
        widths.append(image.width)
      }
      #expect(seen == readable.map { paths[$0] } && widths == readable.map { 40 + $0 })
    }
  }
}
