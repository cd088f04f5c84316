package import Config
package import PoseCore

extension DatasetSpec {
  /// Opens a split with the form that the spec names, or else with the one that recognises its labels.
  package func open(
    _ source: SplitSource, options: IndexOptions, formats: ComponentTable<Void, any DatasetFormat>
  ) throws(DiagnosticList) -> any LabelledSplit {
    do {
      return try format(of: source, among: formats).open(source, of: self, options: options)
    } catch let list as DiagnosticList {
      throw list
    } catch let diagnostic as Diagnostic {
      throw DiagnosticList([diagnostic])
    } catch {
      // These errors say "error:" themselves.
      let place = source.annotations?.location ?? source.images.first?.location
      throw DiagnosticList([Diagnostic(.error, "\(error)".replacing(": error: ", with: ": "), at: place)])
    }
  }

  private func format(
    of source: SplitSource, among formats: ComponentTable<Void, any DatasetFormat>
  ) throws -> any DatasetFormat {
    if let labels { return try formats.make(labels, in: ()) }
    var best: (name: String, format: any DatasetFormat, recognition: DatasetRecognition)?
    for component in formats.all {
      // A form that cannot do without arguments has to be named.
      guard let arguments = try? component.arguments(nil) else { continue }
      let format = try component.make(arguments, ())
      let recognition = format.recognition(of: source)
      if let other = best, recognition == other.recognition, recognition == .yes {
        throw Diagnostic(
          .error,
          "\(file): the labels may be of the form '\(other.name)' or '\(component.name)'; name one, as"
            + " labels: \(component.name)", at: source.annotations?.location ?? source.images.first?.location)
      }
      if recognition > best?.recognition ?? .no { best = (component.name, format, recognition) }
    }
    if let best { return best.format }
    throw Diagnostic(
      .error,
      "\(file): no registered form of labels recognises these (\(formats.names.joined(separator: ", ")));"
        + " name one with 'labels'", at: source.annotations?.location ?? source.images.first?.location)
  }
}
