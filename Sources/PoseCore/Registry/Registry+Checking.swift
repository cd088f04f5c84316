internal import Config

extension Registry {
  /// Checks what a spec says of a component: its name, its arguments, and the components that these name in turn.
  ///
  /// - Throws: `DiagnosticList` with every fault.
  public func check<Context, Product>(
    _ spec: ComponentSpec, in table: ComponentTable<Context, Product>
  ) throws {
    var faults = DiagnosticList()
    try check(spec, in: table as any AnyComponentTable, depth: 0, &faults)
    faults.sort()
    try faults.throwErrors()
  }

  private func check(
    _ spec: ComponentSpec, in table: any AnyComponentTable, depth: Int, _ faults: inout DiagnosticList
  ) throws {
    try faults.collect { try table.check(spec) }
    guard depth < 8, case .mapping(let entries) = spec.arguments.value else { return }
    for parameter in table.parameters(of: spec.name) ?? [] {
      guard case .component(let kind) = parameter.kind, let inner = self.table(kind),
        let entry = entries.first(where: { $0.key == parameter.name || parameter.aliases.contains($0.key) }),
        let node = try? parameter.checked(entry.value),
        let part = try? ComponentSpec(node, named: parameter.name)
      else { continue }
      try check(part, in: inner, depth: depth + 1, &faults)
    }
  }
}
