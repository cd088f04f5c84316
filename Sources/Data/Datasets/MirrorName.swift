/// Finds the name of the keypoint on the other side: `left_eye` for `right_eye`, `eyeL` for `eyeR`.
enum MirrorName {
  private static let sides = ["left": "right", "right": "left", "l": "r", "r": "l"]

  /// Nil for a name that belongs to no side.
  static func of(_ name: String) -> String? {
    var parts = words(of: name)
    let letters = parts.filter { $0.first?.isLetter == true }
    for index in parts.indices {
      let word = parts[index]
      // A lone letter says something beside another word only.
      guard let other = sides[word.lowercased()], word.count > 1 || letters.count > 1 else { continue }
      parts[index] = cased(other, like: word)
      return parts.joined()
    }
    return nil
  }

  private static func cased(_ word: String, like model: String) -> String {
    if model.count > 1 || word.count > 1, model == model.uppercased() { return word.uppercased() }
    guard model.first?.isUppercase == true else { return word }
    return word.prefix(1).uppercased() + word.dropFirst()
  }

  /// Words and what is between them, in order: `leftEye_2` → `left`, `Eye`, `_`, `2`.
  private static func words(of name: String) -> [String] {
    var words: [String] = []
    var last: Character?
    for character in name {
      let starts =
        last.map { last in
          last.isLetter != character.isLetter || (last.isLowercase && character.isUppercase)
        } ?? true
      if starts { words.append(String(character)) } else { words[words.count - 1].append(character) }
      last = character
    }
    return words
  }
}
