internal import Foundation

/// One Labelme file as it stands.
struct LabelmeDocument: Decodable {
  var shapes: [Shape]
  var imagePath: String?
  var imageHeight: Int?
  var imageWidth: Int?
  var imageID: Int?
  var categories: [Category]?

  struct Shape: Decodable {
    var label: String
    var points: [[Double]]
    var group: Int?
    var type: String
    var flags: [String: Bool]
    var id: Int?
    var area: Double?
    var isCrowd: Int?
    var category: String?
    var keypointCount: Int?

    enum CodingKeys: String, CodingKey {
      case label, points, flags, id, area, category
      case group = "group_id"
      case type = "shape_type"
      case isCrowd = "iscrowd"
      case keypointCount = "num_keypoints"
    }

    init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      label = try values.decode(String.self, forKey: .label)
      points = try values.decode([[Double]].self, forKey: .points)
      group = try values.decodeIfPresent(Int.self, forKey: .group)
      // Old files have polygons alone, and say nothing of it.
      type = try values.decodeIfPresent(String.self, forKey: .type) ?? "polygon"
      flags = try values.decodeIfPresent([String: Bool].self, forKey: .flags) ?? [:]
      id = try values.decodeIfPresent(Int.self, forKey: .id)
      area = try values.decodeIfPresent(Double.self, forKey: .area)
      isCrowd = try values.decodeIfPresent(Int.self, forKey: .isCrowd)
      category = try values.decodeIfPresent(String.self, forKey: .category)
      keypointCount = try values.decodeIfPresent(Int.self, forKey: .keypointCount)
    }
  }

  struct Category: Decodable, Equatable {
    var name: String
    var id: Int?
    var keypoints: [String]
    var limbs: [[Int]]
  }

  enum CodingKeys: String, CodingKey {
    case shapes, imagePath, imageHeight, imageWidth, categories
    case imageID = "image_id"
  }

  /// - Throws: `AnnotationError` that names the member.
  init(contentsOf path: String) throws {
    let url = URL(filePath: path)
    let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
    guard size <= LabelmeFile.sizeLimit else {
      throw AnnotationError(path, "has \(size) bytes; is it a file of Labelme?")
    }
    let data: Data
    do {
      data = try Data(contentsOf: url)
    } catch {
      throw AnnotationError(path, "cannot be read: \(error.localizedDescription)")
    }
    guard JSONDepth.isReasonable(data) else { throw AnnotationError(path, "is nested too deeply") }
    do {
      self = try JSONDecoder().decode(LabelmeDocument.self, from: data)
    } catch let error as DecodingError {
      throw Self.located(error, path)
    }
  }

  private static func located(_ error: DecodingError, _ path: String) -> AnnotationError {
    func place(_ keys: [any CodingKey], _ last: (any CodingKey)? = nil) -> String {
      (keys + (last.map { [$0] } ?? [])).reduce(into: "") { text, key in
        if let index = key.intValue {
          text += "[\(index)]"
        } else {
          text += (text.isEmpty ? "" : ".") + key.stringValue
        }
      }
    }
    switch error {
    case .keyNotFound(let key, let context):
      return AnnotationError(path, place(context.codingPath, key), "is missing")
    case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
      let wanted =
        switch "\(type)" {
        case "String": "text"
        case "Bool": "true or false"
        case "Int": "a whole number"
        case "Double": "a number"
        default: "another kind of value"
        }
      return AnnotationError(path, place(context.codingPath), "must be \(wanted)")
    case .dataCorrupted(let context):
      let reason = (context.underlyingError as NSError?)?.userInfo[NSDebugDescriptionErrorKey] as? String
      let text = reason ?? context.debugDescription
      return AnnotationError(path, place(context.codingPath), "is damaged or cut off: \(text)")
    @unknown default:
      return AnnotationError(path, "\(error)")
    }
  }
}

/// Guards the JSON parser, which goes down a level of the stack for each of the file.
enum JSONDepth {
  static func isReasonable(_ data: Data, limit: Int = 64) -> Bool {
    var (depth, isText, isEscaped) = (0, false, false)
    for byte in data {
      if isText {
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          isText = false
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""): isText = true
      case UInt8(ascii: "["), UInt8(ascii: "{"):
        depth += 1
        if depth > limit { return false }
      case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
      default: break
      }
    }
    return true
  }
}
