/// Loads a spec file together with the files it extends.
///
/// `extends:` names one parent or a list of them, relative to the file that names them. Later parents are laid
/// over earlier ones, and the file itself over all; see `SpecMerger`.
public struct SpecLoader: Sendable {
  public var limits = DocumentLimits()
  /// Parents of parents of …
  public var maximumChain = 32
  public var rules = MergeRules()

  public init(_ rules: MergeRules = MergeRules()) { self.rules = rules }

  /// - Parameter overrides: values laid over the whole, the last one winning.
  /// - Returns: the merged tree without `extends`; every value knows the file it came from.
  public func load(_ path: String, overriding overrides: [Override] = []) throws(DiagnosticList) -> Node {
    var faults = DiagnosticList()
    let root = try load(path, collecting: &faults)
    try faults.throwErrors()
    return try root.applying(overrides)
  }

  /// The same, but edits that cannot be made are added to `faults`, so that the rest can be checked.
  public func load(_ path: String, collecting faults: inout DiagnosticList) throws(DiagnosticList) -> Node {
    var loaded: [String: Node] = [:]
    var merger = SpecMerger(rules)
    let root = try load(path, from: [], at: nil, into: &loaded, with: &merger)
    faults.append(contentsOf: merger.faults)
    return root
  }

  private func load(
    _ path: String, from chain: [String], at location: SourceLocation?, into loaded: inout [String: Node],
    with merger: inout SpecMerger
  ) throws(DiagnosticList) -> Node {
    let identity = SpecPath.normalized(path)
    if let start = chain.firstIndex(of: identity) {
      let cycle = (chain[start...] + [identity]).joined(separator: " → ")
      throw DiagnosticList([Diagnostic(.error, "this file extends itself: \(cycle)", at: location)])
    }
    if chain.count >= maximumChain {
      throw DiagnosticList([
        Diagnostic(.error, "'extends' leads through more than \(maximumChain) files", at: location)
      ])
    }
    // A parent that is reached twice is read once, so that a web of them costs no more than its files.
    if let node = loaded[identity] { return node }

    let own: Node
    do throws(DiagnosticList) {
      own = try Document(file: path, limits: limits).root
    } catch {
      throw DiagnosticList(error.diagnostics.map { $0.located(at: location) })
    }
    var merged: Node?
    var broken = DiagnosticList()
    for parent in try parents(of: own) {
      do throws(DiagnosticList) {
        let below = try load(
          SpecPath.resolve(parent.path, besideFile: path), from: chain + [identity], at: parent.location,
          into: &loaded, with: &merger)
        merged = merged.map { merger.merge($0, below) } ?? below
      } catch {
        broken.append(contentsOf: error)
      }
    }
    try broken.throwErrors()
    let rest = own.removing("extends")
    let node = merged.map { merger.merge($0, rest) } ?? rest
    loaded[identity] = node
    return node
  }

  private func parents(of node: Node) throws(DiagnosticList) -> [(path: String, location: SourceLocation?)] {
    guard let extends = node["extends"], !extends.isNull else { return [] }
    let nodes: [Node] = if case .sequence(let list) = extends.value { list } else { [extends] }
    var faults = DiagnosticList()
    var parents: [(path: String, location: SourceLocation?)] = []
    for node in nodes {
      do throws(Diagnostic) {
        parents.append((try node.string(named: "extends"), node.location))
      } catch {
        faults.append(error)
      }
    }
    try faults.throwErrors()
    return parents
  }
}
