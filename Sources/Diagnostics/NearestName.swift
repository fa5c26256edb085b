// SPDX-License-Identifier: Apache-2.0

/// The name that was probably meant.
public enum NearestName {
  /// The one name that begins with the word; else the one with the fewest changes, where a third of
  /// the word or less is wrong.
  ///
  /// - Parameters:
  ///   - word: What was written.
  ///   - names: What could have been meant.
  /// - Returns: Nil where none is near.
  public static func of(_ word: String, in names: some Sequence<String>) -> String? {
    // LIMIT: a key of a file may be as long as the file; no name is.
    guard word.count <= 64 else { return nil }
    let plain = Self.plain(word)
    let longer = names.filter { plain.count > 1 && Self.plain($0).hasPrefix(plain) }
    if longer.count == 1 { return longer[0] }
    let near = names.map { (name: $0, distance: distance(plain, $0)) }
      .min { ($0.distance, $0.name) < ($1.distance, $1.name) }
    guard let near, near.distance <= (word.count + 2) / 3 else { return nil }
    return near.name
  }

  /// A word with dashes alone: options are written so, fields of JSON with underscores.
  private static func plain(_ word: String) -> String {
    String(word.drop { $0 == "-" }.map { $0 == "_" ? "-" : $0 })
  }

  /// How many characters are to be put in, taken out or replaced, or neighbors to change places
  /// (optimal string alignment).
  private static func distance(_ left: String, _ right: String) -> Int {
    let left = Array(left)
    let right = Array(right)
    var rows = [Array(0...right.count)]
    for row in 1..<left.count + 1 {
      var distances = [row]
      for column in 1..<right.count + 1 {
        let change = left[row - 1] == right[column - 1] ? 0 : 1
        var least = min(
          rows[row - 1][column - 1] + change,
          rows[row - 1][column] + 1,
          distances[column - 1] + 1
        )
        if row > 1, column > 1, left[row - 1] == right[column - 2],
          left[row - 2] == right[column - 1]
        {
          least = min(least, rows[row - 2][column - 2] + 1)
        }
        distances.append(least)
      }
      rows.append(distances)
    }
    return rows[left.count][right.count]
  }
}
