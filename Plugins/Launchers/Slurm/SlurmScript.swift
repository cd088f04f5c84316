internal import Sweeps

/// The script of a job array: each task becomes the program of one run, which so gets the signals itself.
enum SlurmScript {
  static func text(_ jobs: [LaunchRequest]) -> String {
    var lines = ["#!/bin/sh", "case \"$SLURM_ARRAY_TASK_ID\" in"]
    for (index, job) in jobs.enumerated() {
      let words = [job.executable] + job.arguments
      lines += [
        "\(index))",
        "  exec >>\(ShellText.quoted(job.log)) 2>&1 </dev/null",
        "  exec \(words.map(ShellText.quoted).joined(separator: " "))",
        "  ;;",
      ]
    }
    return (lines + ["esac"]).joined(separator: "\n") + "\n"
  }
}
