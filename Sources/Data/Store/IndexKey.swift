internal import Config
internal import PoseCore

/// What an index is of, apart from the files: two specs with the same key read the same files the same way.
struct IndexKey: Sendable, Equatable {
  let first: UInt64
  let second: UInt64

  /// - Parameter format: the form of the labels, with its arguments.
  init(_ spec: DatasetSpec, _ source: SplitSource, _ options: IndexOptions, format: String, root: RootFolder)
  {
    var hash = ContentHash()
    hash.add(IndexFile.version)
    hash.add(format)
    for place in source.images + (source.annotations.map { [$0] } ?? []) {
      hash.add(root.shortened(place.path))
      hash.add(place.alternative.map(root.shortened) ?? "")
    }
    hash.add(source.annotations == nil ? 0 : 1)
    hash.add(spec.classNames.count)
    for name in spec.classNames { hash.add(name) }
    hash.add([spec.skeleton.keypointCount, spec.skeleton.dimensions])
    hash.add([options.fraction])
    hash.add([options.badLabels == .fail ? 0 : 1, options.singleClass ? 1 : 0])
    hash.add([options.imageLimits.pixels, options.imageLimits.scans])
    (first, second) = hash.words
  }

  /// 16 hexadecimal digits.
  var text: String {
    let digits = String(first ^ second, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
