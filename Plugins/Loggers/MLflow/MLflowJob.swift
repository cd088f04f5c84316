internal import Training

/// Something to be told to the server.
enum MLflowJob: Sendable {
  case begin(MLflowStart)
  /// Figures of one epoch; nil for those of the best weights.
  case metrics([MLflowMetric], epoch: Int?)
  /// A file, and where it belongs among the run's.
  case file(path: String, folder: String)
  /// The run's state, and when it ended: milliseconds since 1970.
  case end(status: String, time: Int)

  /// What is given up first when too much waits.
  var isFile: Bool { if case .file = self { true } else { false } }
  var isMetrics: Bool { if case .metrics = self { true } else { false } }
}

/// What a run's record on the server begins with.
struct MLflowStart: Sendable {
  var experiment: String
  var runName: String
  /// Milliseconds since 1970.
  var time: Int
  var parameters: [(key: String, value: String)]
  var tags: [(key: String, value: String)]
}

struct MLflowMetric: Sendable {
  var key: String
  var value: Double
  /// Milliseconds since 1970.
  var time: Int
  var step: Int

  init(_ figure: EpochRecord.Figure, time: Int, step: Int) {
    key = Self.name(figure.name)
    value = figure.value
    self.time = time
    self.step = step
  }

  /// The name in letters that the server takes: `metrics/mAP50(P)` becomes `metrics/mAP50_P`.
  static func name(_ name: String) -> String {
    let kept = name.filter { $0 != ")" }.map { letter -> Character in
      let isFine = letter.isASCII && (letter.isLetter || letter.isNumber) || "_-./ ".contains(letter)
      return isFine ? letter : "_"
    }
    return String(kept.prefix(250))
  }

  var json: [String: Any] {
    // Protocol buffers spell numbers that are none.
    let number: Any = value.isFinite ? value : value.isNaN ? "NaN" : value > 0 ? "Infinity" : "-Infinity"
    return ["key": key, "value": number, "timestamp": time, "step": step]
  }
}
