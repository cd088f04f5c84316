import PoseLabCommands

PoseLabCommand.main(plugins: [])
