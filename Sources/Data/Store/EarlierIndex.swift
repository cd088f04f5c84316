/// An index that was kept, of which some files have changed: the others need not be read again.
struct EarlierIndex: Sendable {
  private let snapshot: IndexSnapshot
  private let places: [String: Int]
  /// Whether labels are in shared files; then nothing can be used once one of them has changed.
  private let sharesLabels: Bool

  /// - Parameter sharedIsCurrent: whether the shared files are as they were.
  init?(_ snapshot: IndexSnapshot, root: RootFolder, sharedIsCurrent: Bool) {
    sharesLabels = snapshot.labelFiles.count == 0
    if sharesLabels && !sharedIsCurrent { return nil }
    self.snapshot = snapshot
    var places: [String: Int] = [:]
    places.reserveCapacity(snapshot.count)
    for image in 0..<snapshot.count { places[snapshot.images.path(of: image, root: root)] = image }
    self.places = places
  }

  /// What was read of an image, if it and its labels are as they were.
  func image(
    _ path: String, _ stamps: (image: FileStamp, labels: FileStamp)
  ) -> (objects: [LabelledObject], size: PackedSize, notes: ImageNotes, duplicateRows: Int32)? {
    guard let image = places[path], snapshot.images.stamps[image] == stamps.image, stamps.image != .unsettled,
      sharesLabels || (snapshot.labelFiles.stamps[image] == stamps.labels && stamps.labels != .unsettled)
    else { return nil }
    return (
      snapshot.labels.objects(of: image).map(snapshot.labels.object), snapshot.sizes[image],
      snapshot.notes[image], snapshot.duplicateRows[image]
    )
  }
}
