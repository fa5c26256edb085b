// SPDX-License-Identifier: Apache-2.0

/// The definition of BPE training, written as it reads: after each merge all pairs are counted anew.
struct NaiveMergeLearning {
  var pieces: [String]
  var merges: [[String]] = []

  /// Learns from words.
  ///
  /// - Parameters:
  ///   - words: Words in the byte alphabet, and how often each comes.
  ///   - firstPieces: The pieces of the first ids: control tokens, then the alphabet.
  ///   - controlCount: How many of them are control tokens.
  ///   - vocabularyCount: How many pieces there shall be.
  ///   - minimumCount: How often a pair must come.
  init(
    _ words: [String: Int],
    firstPieces: [String],
    controlCount: Int,
    vocabularyCount: Int,
    minimumCount: Int
  ) {
    pieces = firstPieces
    var split = words.map { (letters: $0.key.unicodeScalars.map { String($0) }, count: $0.value) }
    var blocked: Set<[String]> = []
    while pieces.count < vocabularyCount {
      var counts: [[String]: Int] = [:]
      for word in split {
        for (left, right) in zip(word.letters, word.letters.dropFirst()) {
          counts[[left, right], default: 0] += word.count
        }
      }
      let ids = Dictionary(uniqueKeysWithValues: pieces.enumerated().map { ($1, $0) })
      func id(_ piece: String) -> Int { ids[piece] ?? -1 }
      let best = counts.filter { !blocked.contains($0.key) && $0.value >= minimumCount }
        .max { first, second in
          if first.value != second.value { return first.value < second.value }
          let (one, other) = (first.key.map(id), second.key.map(id))
          return other.lexicographicallyPrecedes(one)
        }
      guard let pair = best?.key else { return }
      let whole = pair[0] + pair[1]
      if let known = ids[whole], known < controlCount {
        blocked.insert(pair)
        continue
      }
      if ids[whole] == nil { pieces.append(whole) }
      if !merges.contains(pair) { merges.append(pair) }
      for index in split.indices { split[index].letters = Self.merged(split[index].letters, pair) }
    }
  }

  private static func merged(_ letters: [String], _ pair: [String]) -> [String] {
    var result: [String] = []
    var place = 0
    while place < letters.count {
      if place + 1 < letters.count, letters[place] == pair[0], letters[place + 1] == pair[1] {
        result.append(pair[0] + pair[1])
        place += 2
      } else {
        result.append(letters[place])
        place += 1
      }
    }
    return result
  }
}
