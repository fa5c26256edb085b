// SPDX-License-Identifier: Apache-2.0

/// Learns merges: again and again the pair of neighbors that comes most often in all words becomes
/// a token, of equally frequent pairs the one with the lower ids.
///
/// Counts are kept up to date where a merge changes them, so a merge costs what the words cost that
/// it changes. The result is a function of the words and their counts, whatever their order.
struct MergeLearning {
  /// The pieces by id, as the file writes them.
  private(set) var pieces: [[UInt8]]
  /// The pairs in the order in which they merge.
  private(set) var merges: [(left: Int32, right: Int32)] = []

  private var ids: [[UInt8]: Int32] = [:]
  /// How many of the first pieces no merge may make: control tokens.
  private let controlCount: Int
  /// What a pair has become.
  private var merged: [UInt64: Int32] = [:]

  /// The tokens of all words, one behind the other; words shrink in place.
  private var tokens: [Int32] = []
  private var starts: [Int] = []
  private var lengths: [Int32] = []
  private var wordCounts: [Int] = []

  private var table = PairTable()
  private var queue = PairQueue()
  /// The pairs that came up with the present merge, each once.
  private var grown: [Int32] = []
  /// The merge with which each pair came up last.
  private var lastStep: [Int32] = []
  private var step: Int32 = 0

  /// Counts the pairs of all words.
  ///
  /// - Parameters:
  ///   - words: The words.
  ///   - controlPieces: The first ids, which no text forms.
  init(_ words: PieceCounts, controlPieces: [[UInt8]]) {
    pieces = controlPieces
    controlCount = controlPieces.count
    let order = (0..<256).sorted {
      ByteAlphabet.symbols[$0].lexicographicallyPrecedes(ByteAlphabet.symbols[$1])
    }
    var byteIDs = [Int32](repeating: 0, count: 256)
    for byte in order {
      byteIDs[byte] = Int32(pieces.count)
      pieces.append(ByteAlphabet.symbols[byte])
    }
    for (id, piece) in pieces.enumerated() { ids[piece] = Int32(id) }
    for word in 0..<words.count {
      let (bytes, count) = words[word]
      guard bytes.count > 1 else { continue }
      starts.append(tokens.count)
      lengths.append(Int32(bytes.count))
      wordCounts.append(count)
      for byte in bytes { tokens.append(byteIDs[Int(byte)]) }
    }
    countPairs()
  }

  private mutating func countPairs() {
    for word in starts.indices {
      let start = starts[word]
      for place in start + 1..<start + Int(lengths[word]) {
        change(tokens[place - 1], tokens[place], by: wordCounts[word], in: Int32(word))
      }
    }
    queueGrown(minimumCount: 1)
  }

  /// Learns until there are enough pieces or no pair is frequent enough.
  ///
  /// - Parameters:
  ///   - vocabularyCount: How many pieces there shall be.
  ///   - minimumCount: How often a pair must come to merge.
  ///   - goesOn: Is told the number of pieces, and says whether to go on.
  /// - Returns: Whether it went to the end.
  mutating func run(
    vocabularyCount: Int,
    minimumCount: Int,
    while goesOn: (Int) -> Bool
  ) -> Bool {
    while pieces.count < vocabularyCount, let first = queue.popFirst() {
      let pair = Int(first.pair)
      guard table.counts[pair] == first.count else {
        push(pair, minimumCount: minimumCount)
        continue
      }
      guard first.count >= max(minimumCount, 1) else { break }
      guard let id = token(of: pair) else { continue }
      merge(pair, into: id)
      queueGrown(minimumCount: minimumCount)
      if pieces.count % 64 == 0, !goesOn(pieces.count) { return false }
    }
    return true
  }

  /// The token that a pair becomes, a new one where no piece reads like it; nil where it may not
  /// merge: text never makes a control token.
  private mutating func token(of pair: Int) -> Int32? {
    let (left, right) = table.tokens(pair)
    // A pair comes up again where two ways lead to one of its sides; it is in the list already.
    if let id = merged[table.keys[pair]] { return id }
    let piece = pieces[Int(left)] + pieces[Int(right)]
    let known = ids[piece]
    if let known, known < controlCount { return nil }
    let id = known ?? Int32(pieces.count)
    if known == nil {
      ids[piece] = id
      pieces.append(piece)
    }
    merged[table.keys[pair]] = id
    merges.append((left, right))
    return id
  }

  private mutating func merge(_ pair: Int, into id: Int32) {
    let (left, right) = table.tokens(pair)
    step += 1
    var words: [Int32] = []
    swap(&words, &table.words[pair])
    for word in words { merge(left, right, into: id, in: word) }
    // None is left in any word, also of pairs such as (a, a) that overlap themselves.
    table.counts[pair] = 0
  }

  private mutating func merge(
    _ left: Int32,
    _ right: Int32,
    into id: Int32,
    in word: Int32
  ) {
    let start = starts[Int(word)]
    let end = start + Int(lengths[Int(word)])
    let count = wordCounts[Int(word)]
    var source = start
    var target = start
    while source < end {
      guard source + 1 < end, tokens[source] == left, tokens[source + 1] == right else {
        tokens[target] = tokens[source]
        source += 1
        target += 1
        continue
      }
      if target > start {
        let previous = tokens[target - 1]
        change(previous, left, by: -count, in: word)
        change(previous, id, by: count, in: word)
      }
      if source + 2 < end {
        let next = tokens[source + 2]
        change(right, next, by: -count, in: word)
        change(id, next, by: count, in: word)
      }
      tokens[target] = id
      source += 2
      target += 1
    }
    lengths[Int(word)] = Int32(target - start)
  }

  private mutating func change(_ left: Int32, _ right: Int32, by count: Int, in word: Int32) {
    let pair = table.pair(left, right)
    table.counts[pair] += count
    guard count > 0 else { return }
    if table.words[pair].last != word { table.words[pair].append(word) }
    if pair >= lastStep.count {
      let missing = pair + 1 - lastStep.count
      lastStep.append(contentsOf: repeatElement(-1, count: missing))
    }
    if lastStep[pair] != step {
      lastStep[pair] = step
      grown.append(Int32(pair))
    }
  }

  private mutating func queueGrown(minimumCount: Int) {
    for pair in grown { push(Int(pair), minimumCount: minimumCount) }
    grown.removeAll(keepingCapacity: true)
  }

  private mutating func push(_ pair: Int, minimumCount: Int) {
    let count = table.counts[pair]
    guard count >= max(minimumCount, 1) else { return }
    queue.push(.init(count: count, key: table.keys[pair], pair: Int32(pair)))
  }
}
