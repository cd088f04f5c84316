/// Memory for several results side by side, so that joining them along their last axis copies nothing.
///
/// Whoever joins makes one and hands each producer its place. A producer that writes elsewhere does no harm: its
/// result is copied when the parts are joined.
///
///     let join = ChannelJoin(widths: [16, 16])
///     let parts = [a.maxPooled(kernel: 3, at: join.place(0)), b.maxPooled(kernel: 3, at: join.place(1))]
///     let joined = Tensor.concatenated(parts, in: join)
public final class ChannelJoin {
  /// Channels of the parts.
  public let widths: [Int]
  /// Made when the first part is.
  private var whole: Tensor?

  public init(widths: [Int]) { self.widths = widths }

  public func place(_ part: Int) -> OutputPlace { place(part..<(part + 1)) }

  /// For a result that is several parts in one.
  public func place(_ parts: Range<Int>) -> OutputPlace {
    let start = widths[..<parts.lowerBound].reduce(0, +)
    return OutputPlace(join: self, channels: start..<(start + widths[parts].reduce(0, +)))
  }

  /// - Parameter rows: all axes but the last.
  /// - Returns: nil where the parts made so far are of another kind, or the engine wants copies.
  fileprivate func memory(rows: [Int], _ precision: Precision, on device: Device) -> Tensor? {
    if let whole {
      let fits =
        Array(whole.shape.dropLast()) == rows && whole.precision == precision && whole.device === device
      return fits ? whole : nil
    }
    guard device.engine.joinsInPlace else { return nil }
    let made = Tensor(uninitialized: rows + [widths.reduce(0, +)], precision, on: device)
    whole = made
    return made
  }
}

/// Where a result is to lie: some channels of memory that others share.
public struct OutputPlace {
  fileprivate let join: ChannelJoin
  fileprivate let channels: Range<Int>
}

extension Tensor {
  /// Memory for a result, at `place` where it fits there.
  init(uninitialized shape: [Int], _ precision: Precision, on device: Device, at place: OutputPlace?) {
    if let place, shape.last == place.channels.count,
      let whole = place.join.memory(rows: shape.dropLast(), precision, on: device)
    {
      self = whole.channelView(place.channels)
    } else {
      self.init(uninitialized: shape, precision, on: device)
    }
  }

  /// Joins tensors along the last axis.
  ///
  /// - Parameter join: whose places the tensors may lie at, part by part; they are not copied then.
  /// - Precondition: all other axes agree.
  public static func concatenated(_ parts: [Tensor], in join: ChannelJoin? = nil) -> Tensor {
    precondition(!parts.isEmpty, "concatenate: nothing")
    let first = parts[0]
    precondition(
      parts.allSatisfy { $0.shape.dropLast() == first.shape.dropLast() }, "concatenate: \(parts.map(\.shape))"
    )
    if parts.count == 1 { return first }
    let precision = commonPrecision(parts)
    if parts.contains(where: { $0.precision != precision }) {
      return concatenated(parts.map { $0.converted(to: precision) })
    }
    let widths = parts.map(\.channels)
    let starts = widths.indices.map { widths[..<$0].reduce(0, +) }
    let total = widths.reduce(0, +)
    let everything = join.map { OutputPlace(join: $0, channels: 0..<total) }
    let result = Tensor(
      uninitialized: first.shape.dropLast() + [total], precision, on: first.device, at: everything)
    for (part, start) in zip(parts, starts) {
      let target = result.channelView(start..<(start + part.channels))
      if !part.isSameMemory(as: target) { first.device.engine.copy(part.detached, to: target) }
    }
    return result.recorded(from: parts) { gradient, inputs in
      for (index, width) in widths.enumerated() where inputs.wants(index) {
        inputs.add(
          to: index, existing: gradient.channelView(starts[index]..<(starts[index] + width)),
          shared: !inputs.gradientIsOwned)
      }
    }
  }

  /// Of tensors of one shape.
  private func isSameMemory(as other: Tensor) -> Bool {
    storage === other.storage && offset == other.offset && rowStride == other.rowStride
  }
}
