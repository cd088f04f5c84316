internal import Foundation
internal import PoseCore
internal import Synchronization
internal import Tensor

/// Looks whether the files of an index that was kept are still as they were: some at once, the rest on a thread of its
/// own. Until that is done, each image is looked at when it is asked for, so that nothing stale is ever used.
final class IndexCheck: Sendable {
  private let images: WatchedFiles
  private let labelFiles: WatchedFiles
  private let root: RootFolder
  /// Images below this have been looked at.
  private let done = Atomic<Int>(0)
  private let changed = Mutex<Set<Int>>([])

  init(_ snapshot: IndexSnapshot, root: RootFolder) {
    images = snapshot.images
    labelFiles = snapshot.labelFiles
    self.root = root
  }

  /// Images that are not as they were, among those looked at so far.
  var changes: [Int] { changed.withLock { $0.sorted() } }
  var isDone: Bool { done.load(ordering: .acquiring) >= images.count }

  /// Whether the image and its labels are as they were; looks at the files unless that has been done.
  func isCurrent(_ image: Int) -> Bool {
    if image >= done.load(ordering: .acquiring), !looksCurrent(image) {
      _ = changed.withLock { $0.insert(image) }
    }
    return changed.withLock { $0.isEmpty || !$0.contains(image) }
  }

  private func looksCurrent(_ image: Int) -> Bool {
    images.isCurrent(image, root: root)
      && (labelFiles.count == 0 || labelFiles.isCurrent(image, root: root))
  }

  /// Looks at images on all threads until all are done, the time is over, or one has changed.
  func run(seconds: Double) {
    let end = ContinuousClock.now + .seconds(seconds)
    let block = 8192
    while !isDone, ContinuousClock.now < end {
      let first = done.load(ordering: .acquiring)
      let last = min(first + block, images.count)
      ThreadTeam.forEach(last - first, block: 64) { [self] offset in
        if !looksCurrent(first + offset) { _ = changed.withLock { $0.insert(first + offset) } }
      }
      done.store(last, ordering: .releasing)
      if changed.withLock({ !$0.isEmpty }) { return }
    }
  }

  /// Looks at the rest, without hurry.
  func runInBackground() {
    let thread = Thread { [weak self] in
      while let check = self, !check.isDone {
        let first = check.done.load(ordering: .acquiring)
        let last = min(first + 256, check.images.count)
        for image in first..<last where !check.looksCurrent(image) {
          _ = check.changed.withLock { $0.insert(image) }
        }
        check.done.store(last, ordering: .releasing)
      }
    }
    thread.name = "poselab index"
    thread.start()
  }
}
