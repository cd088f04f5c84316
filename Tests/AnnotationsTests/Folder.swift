import Annotations
import Foundation
import Imaging

/// A folder that goes when the test is over.
final class Folder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: "poselab-notes-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ name: String, _ text: String) throws {
    let file = path + "/" + name
    try FileManager.default.createDirectory(
      atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try text.write(toFile: file, atomically: true, encoding: .utf8)
  }

  func picture(_ name: String, width: Int, height: Int) throws {
    let file = path + "/" + name
    try FileManager.default.createDirectory(
      atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    let pixels = [UInt8](repeating: 90, count: 3 * width * height)
    try Image(width: width, height: height, pixels: pixels).write(to: file, durable: false)
  }

  func text(_ name: String) throws -> String {
    try String(contentsOfFile: path + "/" + name, encoding: .utf8)
  }

  /// Converts from one name below the folder to another; gives what was lost.
  @discardableResult
  func convert(
    _ input: String, _ output: String, _ change: (inout AnnotationConversion.Options) -> Void = { _ in }
  ) throws -> [String] {
    var options = AnnotationConversion.Options()
    options.folders = [path + "/pictures"]
    change(&options)
    var conversion = try AnnotationConversion(path + "/" + input, to: path + "/" + output, options: options)
    try conversion.write()
    return conversion.losses.lines
  }

  /// What a file or folder holds.
  func sets(_ input: String) throws -> [AnnotationSplit] {
    try AnnotationConversion(path + "/" + input, to: path + "/unused.json").splits
  }

  /// What converting throws, without the folder's name; files that appeared are named behind it.
  func message(_ input: String, _ output: String = "out.json") -> String {
    let before = Set((try? FileManager.default.subpathsOfDirectory(atPath: path)) ?? [])
    var text = "nothing was thrown"
    do {
      try convert(input, output)
    } catch {
      text = "\(error)".replacing(path + "/", with: "")
    }
    let after = Set((try? FileManager.default.subpathsOfDirectory(atPath: path)) ?? [])
    let new = after.subtracting(before)
    return new.isEmpty ? text : text + " (and wrote \(new.sorted().joined(separator: ", ")))"
  }
}

/// Random numbers that are the same each time.
struct Dice: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func below(_ count: Int) -> Int { Int.random(in: 0..<count, using: &self) }

  /// A number with so many decimals.
  mutating func decimal(_ range: Range<Double>, _ digits: Int) -> String {
    String(format: "%.\(digits)f", Double.random(in: range, using: &self))
  }
}
