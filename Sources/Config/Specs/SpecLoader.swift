/// Loads a spec file together with the files it extends.
///
/// `extends:` names one parent or a list of them, relative to the file that names them. Later parents are laid
/// over earlier ones, and the file itself over all; mappings merge, everything else is replaced.
public struct SpecLoader: Sendable {
  public var limits = DocumentLimits()
  /// Parents of parents of …
  public var maximumChain = 32

  public init() {}

  /// - Parameter overrides: values laid over the whole, the last one winning.
  /// - Returns: the merged tree without `extends`; every value knows the file it came from.
  public func load(_ path: String, overriding overrides: [Override] = []) throws(DiagnosticList) -> Node {
    var loaded: [String: Node] = [:]
    let root = try load(path, from: [], at: nil, into: &loaded)
    return try root.applying(overrides)
  }

  private func load(
    _ path: String, from chain: [String], at location: SourceLocation?, into loaded: inout [String: Node]
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
    let parents = try parents(of: own)
    var merged: Node?
    for parent in parents {
      let below = try load(
        SpecPath.resolve(parent.path, besideFile: path), from: chain + [identity], at: parent.location,
        into: &loaded)
      merged = merged?.merging(below) ?? below
    }
    let node = merged?.merging(own.removing("extends")) ?? own.removing("extends")
    loaded[identity] = node
    return node
  }

  private func parents(of node: Node) throws(DiagnosticList) -> [(path: String, location: SourceLocation?)] {
    guard let extends = node["extends"], !extends.isNull else { return [] }
    do throws(Diagnostic) {
      if case .sequence(let nodes) = extends.value {
        var parents: [(String, SourceLocation?)] = []
        for node in nodes { parents.append((try node.string(named: "extends"), node.location)) }
        return parents
      }
      return [(try extends.string(named: "extends"), extends.location)]
    } catch {
      throw DiagnosticList([error])
    }
  }
}
