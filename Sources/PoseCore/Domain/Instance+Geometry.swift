public import Imaging

extension Instance {
  /// Box and keypoints taken elsewhere; visibilities stay.
  public func mapped(
    box mapBox: (SIMD4<Float>) -> SIMD4<Float>, point mapPoint: (SIMD2<Float>) -> SIMD2<Float>
  ) -> Instance {
    var copy = self
    copy.box = Box(mapBox(box.corners))
    for index in copy.keypoints.indices {
      let moved = mapPoint(SIMD2(keypoints[index].x, keypoints[index].y))
      copy.keypoints[index].x = moved.x
      copy.keypoints[index].y = moved.y
    }
    return copy
  }

  /// From pixels of the original picture to pixels of the network's input.
  public func mapped(by letterbox: Letterbox) -> Instance {
    mapped(box: letterbox.toInput, point: letterbox.toInput)
  }

  /// Scaled about the picture's upper left corner.
  public func scaled(x: Float, y: Float) -> Instance {
    mapped(box: { $0 * SIMD4(x, y, x, y) }, point: { $0 * SIMD2(x, y) })
  }

  public func shifted(x: Float, y: Float) -> Instance {
    mapped(box: { $0 + SIMD4(x, y, x, y) }, point: { $0 + SIMD2(x, y) })
  }

  /// Cut at the edges of a picture: keypoints beyond them become unlabelled, and all lie on the picture.
  ///
  /// A point exactly on the far edge (x equal to the width) keeps its visibility, as in the reference.
  public func clipped(to size: ImageSize) -> Instance {
    var copy = self
    copy.box = Box(size.clip(box.corners))
    for index in copy.keypoints.indices {
      let point = SIMD2(keypoints[index].x, keypoints[index].y)
      if !size.contains(point) { copy.keypoints[index].visibility = .unlabelled }
      let inside = size.clip(point)
      copy.keypoints[index].x = inside.x
      copy.keypoints[index].y = inside.y
    }
    return copy
  }

  /// Left and right exchanged, keypoints included.
  ///
  /// - Parameters:
  ///   - width: of the picture, in pixels.
  ///   - flipIndices: `Skeleton.flipIndices`.
  public func mirrored(width: Int, flipIndices: [Int]) -> Instance {
    let width = Float(width)
    let box = Box(x1: width - box.x2, y1: box.y1, x2: width - box.x1, y2: box.y2)
    let points = flipIndices.map { index in
      let point = keypoints[index]
      return Keypoint(x: width - point.x, y: point.y, visibility: point.visibility)
    }
    return Instance(classIndex: classIndex, box: box, keypoints: points)
  }

  /// Upside down. A mirror is a mirror: left and right change places here, too.
  ///
  /// - Parameters:
  ///   - height: of the picture, in pixels.
  ///   - flipIndices: `Skeleton.flipIndices`.
  public func mirrored(height: Int, flipIndices: [Int]) -> Instance {
    let height = Float(height)
    let box = Box(x1: box.x1, y1: height - box.y2, x2: box.x2, y2: height - box.y1)
    let points = flipIndices.map { index in
      let point = keypoints[index]
      return Keypoint(x: point.x, y: height - point.y, visibility: point.visibility)
    }
    return Instance(classIndex: classIndex, box: box, keypoints: points)
  }
}
