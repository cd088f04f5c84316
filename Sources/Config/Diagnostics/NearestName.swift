/// The candidate that `name` was most likely meant to be, or nil where none is close.
///
/// Close is a third of the letters wrong at most, where a swap of two neighbours counts as one (optimal
/// string alignment: Damerau 1964, doi:10.1145/363958.363994). Case, `-` and `_` are taken as alike. Of
/// equally near candidates the first one in alphabetical order wins.
public func nearestName(to name: String, among candidates: some Sequence<String>) -> String? {
  let wanted = normalized(name)
  let limit = max(1, wanted.count / 3)
  var best: (name: String, distance: Int)?
  for candidate in Set(candidates).sorted() {
    let letters = normalized(candidate)
    guard abs(letters.count - wanted.count) <= limit, !letters.isEmpty else { continue }
    let distance = editDistance(wanted, letters)
    guard distance <= limit, distance < max(wanted.count, letters.count) else { continue }
    if distance < best?.distance ?? .max { best = (candidate, distance) }
  }
  return best?.name
}

/// `; did you mean 'width'?`, or nothing where no candidate is close: the tail of a message.
public func suggestion(for name: String, among candidates: some Sequence<String>) -> String {
  nearestName(to: name, among: candidates).map { "; did you mean '\($0)'?" } ?? ""
}

private func normalized(_ name: String) -> [Character] {
  // Names are short; a megabyte of text given as one is not worth comparing.
  name.prefix(100).lowercased().map { $0 == "-" ? "_" : $0 }
}

private func editDistance(_ a: [Character], _ b: [Character]) -> Int {
  var beforeLast: [Int] = []
  var last = Array(0...b.count)
  for i in a.indices {
    var row = [i + 1]
    row.reserveCapacity(b.count + 1)
    for j in b.indices {
      var cost = min(last[j] + (a[i] == b[j] ? 0 : 1), last[j + 1] + 1, row[j] + 1)
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, beforeLast[j - 1] + 1) }
      row.append(cost)
    }
    (beforeLast, last) = (last, row)
  }
  return last[b.count]
}
