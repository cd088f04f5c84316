import Foundation

/// Keeps drawings for a look at them where `POSELAB_PICTURES` names a folder.
func keepPicture(_ data: [UInt8], _ name: String) throws {
  guard let folder = ProcessInfo.processInfo.environment["POSELAB_PICTURES"] else { return }
  try Data(data).write(to: URL(fileURLWithPath: folder).appendingPathComponent(name))
}
