#if READER_ONNX
internal import ONNX
#elseif READER_CVAT || READER_LABELME || READER_COCO || READER_RESULTS
internal import Foundation
#elseif READER_YOLO
internal import Imaging
#else
internal import Interchange
#endif

/// What libFuzzer calls with each input. The reader is chosen when this is compiled.
///
/// A reader may throw what it likes; it must not trap, read out of bounds, run long or take much memory.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  #if READER_SAFETENSORS
  readAll { try SafetensorsFile(bytes: bytes, name: "fuzz") }
  #elseif READER_ZIP
  if let archive = try? ZipArchive(bytes: bytes, name: "fuzz") {
    for name in archive.names { _ = try? archive.bytes(of: name, limit: 1 << 20) }
  }
  #elseif READER_PICKLE
  // In an archive with a few storages, as the pickle alone is what inputs are made of.
  readAll { try PyTorchFile(bytes: HostileFiles.archive(pickle: bytes), name: "fuzz") }
  #elseif READER_PYTORCH
  readAll { try PyTorchFile(bytes: bytes, name: "fuzz") }
  #elseif READER_ONNX
  if let file = try? ONNXFile(bytes: bytes, name: "fuzz") {
    for value in file.metadata.values { _ = PythonLiteral(value) }
  }
  #elseif READER_CVAT
  if let set = try? bytes.withUnsafeBytes({ try CVATReader(path: "fuzz", folders: []).read($0) }) {
    var losses = ConversionLosses()
    try? CVATFile.write(set, to: scratch, losses: &losses)
  }
  #elseif READER_LABELME
  // What a file begins with tells whether it is one.
  if (try? Data(bytes).write(to: URL(filePath: scratch))) != nil, (try? LabelmeFile.isOne(scratch)) == true {
    var (reader, losses) = (LabelmeReader(keypointNames: []), ConversionLosses())
    _ = try? reader.read([scratch], root: "/", folders: [], losses: &losses)
  }
  #elseif READER_COCO
  if (try? Data(bytes).write(to: URL(filePath: scratch))) != nil {
    if let set = try? COCOAnnotations.read(scratch) {
      for index in 0..<set.count { _ = set.keypoints(of: index) }
      _ = set.keypointCount
    }
    _ = try? COCOAnnotations.read(scratch, allowNonFinite: true, needsAnnotations: false)
  }
  #elseif READER_RESULTS
  if (try? Data(bytes).write(to: URL(filePath: scratch))) != nil {
    _ = try? COCOResults.read(scratch, keypointCount: 2)
    _ = try? COCOResults.read(scratch, keypointCount: nil, allowNonFinite: true)
  }
  #elseif READER_YOLO
  for dimensions in 2...3 {
    let parser = LabelTextParser(classCount: 3, keypointCount: 2, dimensions: dimensions)
    let content = parser.parse(bytes, path: "fuzz", size: ImageSize(width: 640, height: 427))
    for fault in content.faults { _ = "\(fault)" }
  }
  #endif
  return 0
}

#if READER_CVAT || READER_LABELME || READER_COCO || READER_RESULTS
/// In memory, and of this process alone.
private let scratch = "/dev/shm/poselab-fuzz-\(ProcessInfo.processInfo.processIdentifier).json"
#endif

#if READER_CVAT || READER_LABELME
/// Stands in for the conversion around the readers: there are no pictures, and nothing is written.
enum AnnotationConversion {
  enum Images { case none }

  static func size(of image: AnnotationImage) throws -> (width: Int, height: Int) {
    if image.width > 0, image.height > 0 { return (image.width, image.height) }
    throw AnnotationError(image.name, "has no size")
  }

  static func write(_ text: String, to path: String) throws {}
  static func place(
    _ image: AnnotationImage, at path: String, _ images: Images, _ losses: inout ConversionLosses
  ) throws {}
}
#elseif !READER_ONNX && !READER_COCO && !READER_RESULTS && !READER_YOLO
func readAll(_ open: () throws -> any TensorFile) {
  guard let file = try? open() else { return }
  for name in file.names.prefix(100) {
    _ = try? file.floats(named: name)
    _ = try? file.tensor(named: name)
  }
}
#endif
