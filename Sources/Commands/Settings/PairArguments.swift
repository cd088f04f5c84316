/// Lets commands with options of their own take `key=value` as well as `--key value`.
package enum PairArguments {
  /// Commands whose arguments are options; those of the others are settings of an experiment.
  private static let commands = ["evaluate", "data", "benchmark", "convert"]

  package static func expanded(_ arguments: [String]) -> [String] {
    guard let command = arguments.first, commands.contains(command) else { return arguments }
    return arguments.flatMap { argument -> [String] in
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
