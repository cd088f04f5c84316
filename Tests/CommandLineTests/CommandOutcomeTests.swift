import FileSystem
import Foundation
import PoseLabCommands
import Testing
import Training

@Suite struct `The exit code` {
  @Test func `of a full disk is its own`() {
    let run = RunError.diskFull(path: "runs/a", lastCheckpoint: nil)
    #expect(CommandOutcome.failing(with: run).rawValue == 74)
    let file = FileError(.write, path: "b.jpg", code: ENOSPC)
    #expect(CommandOutcome.failing(with: file) == .diskFull)
  }

  @Test func `of other failures is 1`() {
    #expect(CommandOutcome.failing(with: FileError(.write, path: "b.jpg", code: EACCES)) == .failed)
    #expect(CommandOutcome.failing(with: RunError.nothingToResume("c")).rawValue == 1)
  }
}
