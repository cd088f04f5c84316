print("poselab")
