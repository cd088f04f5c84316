internal import Foundation
public import PoseCore

/// What must be known to use a checkpoint's numbers: the model's spec, its keypoints and its classes.
public struct ModelDescription: Sendable, Equatable {
  /// The resolved model YAML.
  public var spec: String
  public var skeleton: Skeleton
  public var classNames: [String]
  /// Side of the square it was trained on, in pixels.
  public var imageSize: Int

  public init(spec: String, skeleton: Skeleton, classNames: [String], imageSize: Int) {
    self.spec = spec
    self.skeleton = skeleton
    self.classNames = classNames
    self.imageSize = imageSize
  }
}

extension ModelDescription {
  /// Entries of a safetensors file's metadata.
  public var metadata: [String: String] {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      func text(_ value: some Encodable) throws -> String {
        String(decoding: try encoder.encode(value), as: UTF8.self)
      }
      return [
        "format": "poselab", "version": "1", "model": spec, "skeleton": try text(SkeletonRecord(skeleton)),
        "names": try text(classNames), "imgsz": String(imageSize),
      ]
    }
  }

  /// - Returns: nil if the file does not say.
  init?(metadata: [String: String]) {
    let decoder = JSONDecoder()
    guard metadata["format"] == "poselab", let spec = metadata["model"], let skeleton = metadata["skeleton"],
      let names = metadata["names"], let size = metadata["imgsz"].flatMap(Int.init),
      let record = try? decoder.decode(SkeletonRecord.self, from: Data(skeleton.utf8)),
      let classNames = try? decoder.decode([String].self, from: Data(names.utf8))
    else { return nil }
    self.init(spec: spec, skeleton: record.skeleton, classNames: classNames, imageSize: size)
  }
}

/// A skeleton as JSON.
private struct SkeletonRecord: Codable {
  var keypoints: Int
  var dimensions: Int
  var names: [String]
  var flip: [Int]?
  var limbs: [[Int]]
  var sigmas: [Float]
  var sigmaSource: Skeleton.SigmaSource

  init(_ skeleton: Skeleton) {
    keypoints = skeleton.keypointCount
    dimensions = skeleton.dimensions
    names = skeleton.names
    flip = skeleton.flipIndices
    limbs = skeleton.limbs.map { [$0.0, $0.1] }
    sigmas = skeleton.sigmas
    sigmaSource = skeleton.sigmaSource
  }

  var skeleton: Skeleton {
    Skeleton(
      keypointCount: keypoints, dimensions: dimensions, names: names, flipIndices: flip,
      limbs: limbs.compactMap { $0.count == 2 ? ($0[0], $0[1]) : nil }, sigmas: sigmas,
      sigmaSource: sigmaSource)
  }
}
