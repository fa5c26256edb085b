// SPDX-License-Identifier: Apache-2.0

/// Reads the last number of an answer.
///
/// The last one, because answers lead up to what they say; where an answer has `\boxed{…}`, as
/// mathematical ones have, the last number in the last such box. What is no number: digits in words
/// (`x2`, `2nd`), and chains such as versions and addresses (`1.2.3`).
public enum LastNumber {
  /// The last number of a text.
  ///
  /// - Complexity: O(n).
  /// - Returns: Nil where there is none.
  public static func of(_ text: String) -> DecimalNumber? {
    if let box = lastBox(of: text), let number = last(of: box) { return number }
    return last(of: text)
  }

  private static func last(of text: some StringProtocol) -> DecimalNumber? {
    let scan = NumberScan(Array(text.unicodeScalars))
    var last: DecimalNumber?
    var position = 0
    while let found = scan.next(from: &position) { last = found }
    return last
  }

  /// What stands in the last box that is closed.
  private static func lastBox(of text: String) -> Substring? {
    let opening = "\\boxed{"
    // Braces and letters of ASCII are bytes of no other character.
    let start = text.ranges(of: opening).last?.upperBound
    guard let start else { return nil }
    var depth = 1
    for index in text[start...].indices {
      switch text[index] {
      case "{": depth += 1
      case "}": depth -= 1
      default: break
      }
      if depth == 0 { return text[start..<index] }
    }
    return nil
  }
}
