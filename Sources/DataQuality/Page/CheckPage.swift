internal import Data
internal import Pages

extension CheckReport {
  /// One HTML file with everything that was found and pictures of it; nothing in it is loaded from elsewhere.
  ///
  /// - Parameters:
  ///   - pictures: most pictures of each kind of finding.
  ///   - rows: most findings listed of each kind; all are counted.
  public func html(pictures: Int = 6, rows: Int = 40) -> String {
    let kinds = findings.kinds
    let links: [HTML] = kinds.map { "<a href=\"#\($0.rawValue)\">\($0.title)</a>\n" }
    let sections: [HTML] = kinds.map { section($0, pictures: pictures, rows: rows) }
    let splitRows: [HTML] = counts.map { row in
      "<tr><td>\(row.split.rawValue)</td><td class=\"n\">\(row.images)</td><td class=\"n\">\(row.objects)</td></tr>\n"
    }
    let kindRows: [HTML] = kinds.map { kind in
      """
      <tr><td>\(kind.severity.rawValue)</td><td><a href="#\(kind.rawValue)">\(kind.title)</a></td>\
      <td class="n">\(findings.counts[kind, default: 0])</td>\
      <td>\(kind.correction.map { "--fix: \($0)" } ?? "for a person to decide")</td></tr>

      """
    }
    let verdict =
      kinds.isEmpty
      ? "Nothing was found." : "\(findings.errorCount) errors, \(findings.warningCount) warnings."
    return Page(
      title: "\(spec.file): data check",
      lead: "<p class=\"lead\">\(verdict)</p>\n",
      links: links,
      body: """
        <section aria-labelledby="counts"><h2 id="counts">What was looked at</h2>
        <div class="scroll"><table><thead><tr><th>split</th><th class="n">images</th><th class="n">objects</th></tr>\
        </thead><tbody>
        \(splitRows)</tbody></table></div>
        <div class="scroll"><table><thead><tr><th></th><th>finding</th><th class="n">how often</th><th>corrected copy\
        </th></tr></thead><tbody>
        \(kindRows)</tbody></table></div></section>
        \(sections)
        """
    ).source
  }

  private func section(_ kind: FindingKind, pictures: Int, rows: Int) -> HTML {
    let found = findings.examples[kind, default: []]
    let drawer = FindingPicture(skeleton: spec.skeleton, classNames: spec.classNames)
    var figures: [HTML] = []
    var seen: Set<String> = []
    for finding in found where figures.count < pictures {
      guard let image = finding.image, seen.insert(image).inserted, let address = drawer.address(of: finding)
      else {
        continue
      }
      figures.append(
        """
        <figure><img src="\(address)" alt="\(finding.message)" loading="lazy">\
        <figcaption>\(finding.place): \(finding.message)</figcaption></figure>

        """)
    }
    let listed: [HTML] = found.prefix(rows).map { finding in
      "<tr><td class=\"name\">\(finding.place)</td><td class=\"name\">\(finding.message)</td></tr>\n"
    }
    let count = findings.counts[kind, default: 0]
    let more: HTML? = count > rows ? "<p class=\"muted\">and \(count - rows) more</p>\n" : nil
    let gallery: HTML? = figures.isEmpty ? nil : "<div class=\"pictures\">\n\(figures)</div>\n"
    return """
      <section aria-labelledby="\(kind.rawValue)">
      <h2 id="\(kind.rawValue)">\(kind.title) <small class="muted">\(kind.severity.rawValue), \(count)</small></h2>
      <p>\(kind.explanation) <strong>\(kind.remedy)</strong></p>
      \(gallery)<div class="scroll"><table><thead><tr><th>where</th><th>what</th></tr></thead><tbody>
      \(listed)</tbody></table></div>
      \(more)</section>

      """
  }
}
