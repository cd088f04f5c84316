/// Lets commands with options of their own take `key=value` as well as `--key value`.
package enum PairArguments {
  /// Commands whose arguments are options; those of the others are settings of an experiment.
  private static let commands = ["evaluate", "data", "benchmark", "convert", "export"]

  /// Truth values of `export`, which need no value to be true.
  private static let switches: Set<String> = [
    "--dynamic", "--half", "--int8", "--nms", "--simplify", "--agnostic-nms",
  ]

  package static func expanded(_ arguments: [String]) -> [String] {
    if arguments.first == "pose", arguments.count > 1, commands.contains(arguments[1]) {
      return ["pose"] + expanded(Array(arguments.dropFirst()))
    }
    guard let command = arguments.first, commands.contains(command) else { return arguments }
    return arguments.enumerated().flatMap { place, argument -> [String] in
      if command == "export", switches.contains(argument) {
        let next = place + 1 < arguments.count ? arguments[place + 1] : "--"
        return next.hasPrefix("--") || next.contains("=") ? [argument, "True"] : [argument]
      }
      guard let equals = argument.firstIndex(of: "="), let first = argument.first, first.isLetter else {
        return [argument]
      }
      let key = argument[..<equals]
      guard key.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }) else {
        return [argument]
      }
      return ["--" + key.replacing("_", with: "-"), String(argument[argument.index(after: equals)...])]
    }
  }
}
