import Config
import Data
import Foundation
import Imaging
import PoseCore
import Testing
import Training

/// The picture that comes with a warning of mirror pairs.
@Suite struct `A check of mirror pairs` {
  /// The data set with crossed knees: no left and right, as the names tell.
  private func crossed(_ data: DatasetSpec) throws -> DatasetSpec {
    let text = try String(contentsOfFile: data.file, encoding: .utf8)
    let crossed = text.replacingOccurrences(of: "14, 13, 16, 15", with: "16, 15, 14, 13")
    #expect(crossed != text)
    return try DatasetSpec(text: crossed, file: data.file)
  }

  @Test func `is written at the start of a training whose names disagree with flip_idx`() throws {
    let workshop = try Workshop()
    var spec = try workshop.spec()
    spec.data = try crossed(spec.data)
    var notes: [String] = []
    let trainer = try workshop.trainer(
      spec, observers: [Watcher { if case .note(let text) = $0 { notes.append(text) } }],
      cancellation: {
        let flag = CancellationFlag()
        flag.set()
        return flag
      }())
    _ = try trainer.run()
    let path = trainer.directory.path + "/flip_check.jpg"
    let warning = try #require(notes.first { $0.contains("'flip_idx' pairs") })
    #expect(warning.contains("'left_knee' with 'right_ankle' instead of 'right_knee'"))
    #expect(
      warning.hasSuffix(
        "\nLook at \(path): a labelled object beside its mirror image, with the names of these keypoints."))
    #expect(notes.count { $0.contains("'flip_idx' pairs") } == 1)
    let picture = try Image(contentsOf: path)
    #expect(picture.width > 2 * 200 && picture.height > 200)
    if let folder = ProcessInfo.processInfo.environment["POSELAB_PICTURES"] {
      try picture.write(to: folder + "/flip_check.png", durable: false)
    }
  }

  @Test func `is not written where names and pairs agree`() throws {
    let workshop = try Workshop()
    let flag = CancellationFlag()
    flag.set()
    let trainer = try workshop.trainer(try workshop.spec(), cancellation: flag)
    _ = try trainer.run()
    #expect(!workshop.files(trainer.directory.path).contains("flip_check.jpg"))
  }

  @Test func `is written by a validation, too, if it has a folder`() throws {
    let workshop = try Workshop()
    var spec = try workshop.spec()
    spec.data = try crossed(spec.data)
    let assembly = try TrainingAssembly(spec, registry: Workshop.registry())
    let run = try ValidationRun(
      network: assembly.network, description: assembly.description, data: spec.data, options: spec.options,
      imageSize: 64, metrics: [], registry: Workshop.registry())
    #expect(try run.notes(drawingInto: nil) == run.notes)
    let directory = try RunDirectory.create(
      project: workshop.folder + "/runs", name: "val", keepsWeights: false)
    let notes = try run.notes(drawingInto: directory)
    #expect(notes.contains { $0.contains("Look at \(directory.path)/flip_check.jpg") })
    #expect(workshop.files(directory.path).contains("flip_check.jpg"))
  }
}
