#if READER_ONNX
import ONNX
#else
import Interchange
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
  #endif
  return 0
}

#if !READER_ONNX
func readAll(_ open: () throws -> any TensorFile) {
  guard let file = try? open() else { return }
  for name in file.names.prefix(100) {
    _ = try? file.floats(named: name)
    _ = try? file.tensor(named: name)
  }
}
#endif
