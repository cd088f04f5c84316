internal import Config
internal import PoseCore

extension FeatureContext {
  /// Checks that the maps a neck gets are levels of a pyramid: strides grow, each a multiple of the one before.
  func checkLevels(of arguments: Arguments) throws(Diagnostic) {
    let strides = inputs.map(\.stride)
    let isPyramid = zip(strides, strides.dropFirst()).allSatisfy { $0 < $1 && $1 % $0 == 0 }
    guard isPyramid, !strides.isEmpty else {
      throw Diagnostic(
        .error,
        "\(arguments.owner) takes maps of growing stride, each a multiple of the one before, but gets \(strides)",
        at: arguments.location)
    }
  }
}
