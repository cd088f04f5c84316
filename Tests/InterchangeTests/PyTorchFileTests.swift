import Foundation
import Interchange
import Testing

@Suite struct `PyTorch files` {
  /// `state.pt` was written by PyTorch: every element type, a transposed view, a part of a matrix, one row.
  static let state = TestFiles.folder.appending(path: "interchange/state.pt")

  @Test func `give the tensors that PyTorch wrote`() throws {
    let file = try PyTorchFile(path: Self.state.path)
    #expect(
      file.names == [
        "a", "brain", "double", "empty", "half", "last", "long", "mask", "part", "turned",
      ])
    #expect(file.model == nil)
    #expect(try file.floats(named: "a").shape == [2, 3])
    #expect(try file.floats(named: "a").values == [1.5, -2, 3e-38, .infinity, 0, 7])
    #expect(try file.floats(named: "half").values == [1, -2.5, 5.9604645e-08])
    #expect(try file.floats(named: "brain").values == [3.140625])
    #expect(try file.floats(named: "double").values == [0.1, -.infinity])
    #expect(try file.floats(named: "turned").shape == [6, 4])
    #expect(
      try file.floats(named: "turned").values == (0..<24).map { Float($0 % 4 * 6 + $0 / 4) })
    #expect(try file.floats(named: "part").values == [8, 9, 10, 14, 15, 16])
    #expect(try file.floats(named: "last").values == [18, 19, 20, 21, 22, 23])
    #expect(try file.floats(named: "empty").shape == [0, 4])
    #expect(try file.tensor(named: "mask").bytes == [1, 0])
    #expect(file.description(of: "long")?.type == .i64 && file.description(of: "long")?.shape == [])
    #expect(throws: PyTorchError.self) { try file.floats(named: "long") }
    #expect(throws: PyTorchError.self) { try file.floats(named: "none") }
  }

  @Test func `are refused when cut off anywhere or changed where it matters`() throws {
    let whole = [UInt8](try Data(contentsOf: Self.state))
    let good = try PyTorchFile(bytes: whole, name: "t")
    for length in whole.indices {
      #expect(throws: (any Error).self) { try PyTorchFile(bytes: Array(whole[..<length]), name: "t") }
    }
    for place in whole.indices {
      var flipped = whole
      flipped[place] ^= 0x10
      // What still opens has the same numbers: the change is in a date or a version.
      guard let file = try? PyTorchFile(bytes: flipped, name: "t") else { continue }
      for name in good.names {
        let (old, new) = (try good.tensor(named: name), try file.tensor(named: name))
        #expect(old.type == new.type && old.shape == new.shape && old.bytes == new.bytes, "byte \(place)")
      }
    }
  }

  @Test func `of other kinds say what they are`() throws {
    func message(_ bytes: [UInt8]) -> String {
      do {
        _ = try PyTorchFile(bytes: bytes, name: "x.pt")
        return ""
      } catch { return "\(error)" }
    }
    let legacy: [UInt8] = [
      0x80, 2, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E,
    ]
    #expect(message(legacy).contains("format of PyTorch before 1.6"))
    #expect(message([0x80, 4, 0x95]).contains("is a Python pickle but no PyTorch file"))
    #expect(message(Array("<!DOCTYPE html>\n".utf8)).contains("it begins with '<!DOCTYPE html>'"))
    #expect(message([]).contains("is empty"))
    var archive = ZipWriter()
    archive.add("m/other", bytes: [])
    #expect(message(try archive.bytes()).contains("without a data.pkl"))
    archive.add("m/data.pkl", bytes: [0x80, 2, 0x7D, 0x2E])
    #expect(message(try archive.bytes()).contains("holds no weights: it is empty"))
    archive.add("m/byteorder", bytes: Array("big".utf8))
    #expect(message(try archive.bytes()).contains("big-endian"))
    archive.add("m/code/x.py", bytes: [])
    #expect(!message(try archive.bytes()).isEmpty)
    #expect(throws: ZipError.self) { try PyTorchFile(path: "/none/x.pt") }
  }

  @Test func `that PoseLab writes have the tensors they were given`() throws {
    var writer = PyTorchWriter()
    let numbers: [Float] = [1, -2, 0.5, .infinity, 3, 4]
    writer.add("model.0.weight", type: .f32, shape: [1, 2, 3]) { sink in try numbers.withUnsafeBytes(sink) }
    writer.add("steps", type: .i64, shape: []) { sink in try withUnsafeBytes(of: Int64(-7), sink) }
    writer.add("empty", type: .f16, shape: [0, 4]) { _ in }
    let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).pt").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try writer.write(to: path)
    #expect([UInt8](try Data(contentsOf: URL(filePath: path))) == (try writer.bytes()))
    let file = try PyTorchFile(path: path)
    #expect(file.names == ["empty", "model.0.weight", "steps"])
    #expect(try file.floats(named: "model.0.weight").values == numbers)
    #expect(try file.floats(named: "model.0.weight").shape == [1, 2, 3])
    #expect(try file.tensor(named: "steps").bytes == [0xF9] + [UInt8](repeating: 0xFF, count: 7))
    #expect(try file.floats(named: "empty").shape == [0, 4])
  }

  /// What `Tests/Fuzzing/fuzz.sh` kept, and damaged versions of it.
  @Test(arguments: ["safetensors", "zip", "pickle", "pytorch"])
  func `and their parts are read or refused, whatever they hold`(reader: String) throws {
    let folder = TestFiles.folder.appending(path: "fuzz/\(reader)").path
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    #expect(!names.isEmpty)
    for name in names {
      let bytes = [UInt8](try Data(contentsOf: URL(filePath: folder + "/" + name)))
      for (from, to) in [(0, bytes.count), (0, bytes.count * 2 / 3), (bytes.count / 3, bytes.count)] {
        read(Array(bytes[from..<to]), reader)
      }
    }
  }

  private func read(_ bytes: [UInt8], _ reader: String) {
    switch reader {
    case "safetensors": readAll { try SafetensorsFile(bytes: bytes, name: "fuzz") }
    case "pickle": readAll { try PyTorchFile(bytes: HostileFiles.archive(pickle: bytes), name: "fuzz") }
    case "pytorch": readAll { try PyTorchFile(bytes: bytes, name: "fuzz") }
    default:
      guard let archive = try? ZipArchive(bytes: bytes, name: "fuzz") else { return }
      for name in archive.names { _ = try? archive.bytes(of: name, limit: 1 << 20) }
    }
  }

  private func readAll(_ open: () throws -> any TensorFile) {
    guard let file = try? open() else { return }
    for name in file.names.prefix(100) {
      _ = try? file.floats(named: name)
      _ = try? file.tensor(named: name)
    }
  }
}
