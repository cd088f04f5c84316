internal import Data

/// Finds images that occur twice, within a split or in two of them.
struct DuplicateSearch {
  private let splits: [ScannedSplit]

  init(_ splits: [ScannedSplit]) { self.splits = splits }

  private struct Place: Hashable {
    var split: Int
    var image: Int
  }

  func findings() -> FindingList {
    var list = FindingList()
    var told: Set<Place> = []
    exact(&list, &told)
    alike(&list, told)
    return list
  }

  private func image(_ place: Place) -> ScannedImage { splits[place.split].images[place.image] }

  private func exact(_ list: inout FindingList, _ told: inout Set<Place>) {
    var first: [String: Place] = [:]
    // Validation images stay where they are: it is the training split's that are too many.
    let order = splits.indices.sorted { rank(splits[$0].split) < rank(splits[$1].split) }
    for split in order {
      for (index, image) in splits[split].images.enumerated() {
        guard let hash = image.bytesHash else { continue }
        let place = Place(split: split, image: index)
        guard let earlier = first[hash] else {
          first[hash] = place
          continue
        }
        told.insert(place)
        let (here, there) = (splits[split].split.rawValue, splits[earlier.split].split.rawValue)
        let other = self.image(earlier).path
        if split == earlier.split {
          let labels = image.objects.count == self.image(earlier).objects.count ? "" : ", with other labels"
          list.append(
            Finding(
              .duplicateImage, image.path, "'\(here)' has it also as '\(other)'\(labels)", image: image.path))
        } else {
          list.append(
            Finding(
              .leakedImage, image.path, "it is in '\(here)', and in '\(there)' as '\(other)'",
              image: image.path))
        }
      }
    }
  }

  private func rank(_ split: DatasetSplit) -> Int {
    switch split {
    case .test: 0
    case .val: 1
    case .train: 2
    }
  }

  /// Copies of another size or quality, and frames that hardly differ.
  private func alike(_ list: inout FindingList, _ told: Set<Place>) {
    var buckets: [UInt32: [Place]] = [:]
    for (split, scanned) in splits.enumerated() {
      for (index, image) in scanned.images.enumerated() {
        guard let likeness = image.likeness else { continue }
        let place = Place(split: split, image: index)
        if told.contains(place) { continue }
        var best: (place: Place, distance: Int)?
        for part in likeness.parts {
          // A part that very many pictures share says nothing.
          let others = buckets[part, default: []]
          for other in others.suffix(64) {
            guard let theirs = self.image(other).likeness else { continue }
            let distance = likeness.distance(to: theirs)
            if distance <= Likeness.tolerance && distance < best?.distance ?? Int.max {
              best = (other, distance)
            }
          }
          buckets[part, default: []].append(place)
        }
        if let best {
          let (here, there) = (scanned.split.rawValue, splits[best.place.split].split.rawValue)
          let between = here == there ? "both in '\(here)'" : "in '\(here)' and '\(there)'"
          list.append(
            Finding(
              .similarImage, image.path, "it looks like '\(self.image(best.place).path)' (\(between))",
              image: image.path))
        }
      }
    }
  }
}
