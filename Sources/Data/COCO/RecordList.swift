internal import FileSystem
internal import PoseCore
internal import Synchronization
internal import Tensor

/// A list of objects in a JSON file, read in pieces of about half a megabyte by all threads at once.
///
/// Memory: one piece and its columns a thread, whatever the size of the file.
final class RecordList: Sendable {
  private let file: RandomAccessFile
  private let name: String
  private let state: Mutex<State>

  private struct State {
    var offset: Int
    var record = 0
    var piece = 0
    var expected = Expected.firstRecord
    var isFinished = false
  }

  private enum Expected { case firstRecord, separator, record }

  private struct Piece {
    var firstRecord: Int
    /// Of the bytes last read into the buffer.
    var range: Range<Int>
  }

  private static let pieceSize = 1 << 19
  /// Of a single record; the largest in COCO's own files have a few hundred thousand bytes.
  private static let recordLimit = 1 << 29

  /// - Parameters:
  ///   - offset: of the first byte after the list's opening bracket.
  ///   - name: as messages name the list; may be empty.
  init(_ file: RandomAccessFile, at offset: Int, name: String) {
    self.file = file
    self.name = name
    state = Mutex(State(offset: offset))
  }

  /// Offset of the byte after the list's closing bracket, once it has been read.
  var end: Int { state.withLock { $0.offset } }

  /// Reads the whole list.
  ///
  /// - Parameter convert: makes what is wanted of a batch; runs on any thread.
  /// - Returns: what `convert` made, in the order of the file.
  /// - Throws: the error of the earliest piece that has one.
  func read<Part: Sendable>(
    _ fields: [RecordField], _ convert: @Sendable (RecordBatch) throws -> Part
  ) throws -> [Part] {
    let parts = Mutex<[(piece: Int, result: Result<Part, any Error>)]>([])
    ThreadTeam.run { _, _ in
      let buffer = PieceBuffer()
      guard let reader = RecordReader(fields) else {
        parts.withLock {
          $0.append((Int.max, .failure(self.error(0, "there is not enough memory to read it"))))
        }
        return
      }
      while true {
        var piece = -1
        let result: Result<Part, any Error>?
        do {
          if let next = try self.next(buffer, &piece) {
            result = .success(try convert(self.parse(next, buffer, reader)))
          } else {
            result = nil
          }
        } catch {
          result = .failure(error)
          self.state.withLock { $0.isFinished = true }
        }
        guard let result else { break }
        parts.withLock { $0.append((piece, result)) }
      }
    }
    let ordered = parts.withLock { $0.sorted { $0.piece < $1.piece } }
    return try ordered.map { try $0.result.get() }
  }

  private func parse(
    _ piece: Piece, _ buffer: PieceBuffer, _ reader: RecordReader
  ) throws(COCOFileError) -> RecordBatch {
    if let fault = reader.parse(buffer.enclose(piece.range)) {
      throw error(piece.firstRecord + reader.count, "this is no valid JSON: \(fault)")
    }
    return RecordBatch(reader: reader, path: file.path, list: name, first: piece.firstRecord)
  }

  /// Takes the next records out of the file, or nil at the end; `index` is set before anything is thrown.
  private func next(_ buffer: PieceBuffer, _ index: inout Int) throws -> Piece? {
    try state.withLock { state in
      if state.isFinished { return nil }
      index = state.piece
      state.piece += 1
      var size = RecordList.pieceSize
      while true {
        let bytes = buffer.reserve(size)
        let count = try file.read(at: state.offset, into: bytes)
        let firstRecord = state.record
        if let records = try take(&state, UnsafeRawBufferPointer(rebasing: bytes[..<count])) {
          return Piece(firstRecord: firstRecord, range: records)
        }
        if state.isFinished { return nil }
        if count < size {
          throw error(state.record, "the file ends inside of the list: it is truncated")
        }
        guard size < RecordList.recordLimit else {
          throw error(state.record, "has more than \(RecordList.recordLimit >> 20) MB; is it a COCO file?")
        }
        size *= 4
      }
    }
  }

  /// Steps over as many whole records as `bytes` hold.
  ///
  /// - Returns: where the first begins and the last ends; nil if there is no whole one. Then the state has not
  ///   moved, unless the list is finished.
  private func take(_ state: inout State, _ bytes: UnsafeRawBufferPointer) throws -> Range<Int>? {
    guard let base = bytes.assumingMemoryBound(to: UInt8.self).baseAddress else { return nil }
    var next = state
    var range: Range<Int>?
    var index = 0
    scan: while index < bytes.count {
      let byte = base[index]
      if byte.isJSONSpace {
        index += 1
        continue
      }
      switch (next.expected, byte) {
      case (.separator, UInt8(ascii: ",")):
        next.expected = .record
        index += 1
      case (.separator, UInt8(ascii: "]")), (.firstRecord, UInt8(ascii: "]")):
        index += 1
        next.isFinished = true
        break scan
      case (.separator, _):
        throw error(next.record - 1, "must be followed by ',' or ']'")
      case (_, UInt8(ascii: "{")):
        var nesting = JSONNesting()
        guard let end = nesting.advance(base, from: index, to: bytes.count) else { break scan }
        range = (range?.lowerBound ?? index)..<end
        next.record += 1
        next.expected = .separator
        index = end
      default:
        throw error(next.record, "must be an object in braces")
      }
    }
    if range == nil && !next.isFinished { return nil }
    next.offset += index
    state = next
    return range
  }

  private func error(_ record: Int, _ message: String) -> COCOFileError {
    COCOFileError(path: file.path, place: "\(name)[\(max(0, record))]", message: message)
  }
}

/// A thread's copy of a piece of text, with room for a bracket on either side and the parser's padding.
private final class PieceBuffer {
  private var memory = UnsafeMutableRawBufferPointer(start: nil, count: 0)

  deinit { memory.deallocate() }

  /// Room for `size` bytes.
  func reserve(_ size: Int) -> UnsafeMutableRawBufferPointer {
    if memory.count < size + 2 + RecordReader.padding {
      memory.deallocate()
      memory = .allocate(byteCount: size + 2 + RecordReader.padding, alignment: 64)
      memory.initializeMemory(as: UInt8.self, repeating: 0x20)
    }
    return UnsafeMutableRawBufferPointer(rebasing: memory[1...size])
  }

  /// Makes the records within `range` of what was reserved a list of its own.
  func enclose(_ range: Range<Int>) -> UnsafeRawBufferPointer {
    memory[range.lowerBound] = UInt8(ascii: "[")
    memory[range.upperBound + 1] = UInt8(ascii: "]")
    return UnsafeRawBufferPointer(rebasing: memory[range.lowerBound...(range.upperBound + 1)])
  }
}
