// SPDX-License-Identifier: Apache-2.0

/// Filters that lay text out. What they add of themselves is data; their arguments keep their origin.
extension TemplateRun {
  func applyLayout(
    _ filter: TemplateFilter,
    _ value: TemplateValue,
    _ arguments: CallArguments
  ) throws(TemplateError) -> OriginText {
    switch filter {
    case .indent: return try indent(value, arguments)
    case .truncate: return try truncate(value, arguments)
    default: return try wrap(value, arguments)
    }
  }

  private func indent(
    _ value: TemplateValue,
    _ arguments: CallArguments
  ) throws(TemplateError) -> OriginText {
    let given = try arguments.bound("do_indent", ["width", "first", "blank"])
    let indentation: OriginText
    if let text = given[0]?.text {
      indentation = text
    } else {
      let width = try given[0].map { value throws(TemplateError) in try integer(value) } ?? 4
      indentation = try padded(OriginText(), width, OriginText(" ", .data), .ljust)
    }
    guard let text = value.text else {
      if case .undefined(let cause) = value { throw cause.error }
      throw TemplateError(
        .type,
        "unsupported operand type(s) for +=: '\(value.typeName)' and 'str'"
      )
    }
    let indentsFirst = given[1]?.truth ?? false
    let indentsBlank = given[2]?.truth ?? false
    let newline = OriginText("\n", .data)
    let lines = text.appending(newline).lines()
    try spend(scalars: Self.product(lines.count, indentation.count))
    var result = OriginText()
    result.isMarkup = text.isMarkup
    for (index, line) in lines.enumerated() {
      if index > 0 { result.append(newline) }
      // The first line is judged by `first` alone.
      if index == 0 ? indentsFirst : indentsBlank || !line.isEmpty { result.append(indentation) }
      result.append(line)
    }
    return try own(result)
  }

  private func truncate(
    _ value: TemplateValue,
    _ arguments: CallArguments
  ) throws(TemplateError) -> OriginText {
    let given = try arguments.bound("do_truncate", ["length", "killwords", "end", "leeway"])
    let length = try given[0].map { value throws(TemplateError) in try integer(value) } ?? 255
    let end =
      try given[2].map { value throws(TemplateError) in
        try requiredText(value, "truncate()")
      } ?? OriginText("...", .data)
    var leeway = 5
    if let value = given[3], !value.isNone { leeway = try integer(value) }
    guard length >= end.count, leeway >= 0 else {
      throw TemplateError(.value, "expected length >= \(end.count), got \(length)")
    }
    let count = try self.length(value)
    guard let text = value.text, count > Swift.min(length, 1 << 40) + Swift.min(leeway, 1 << 40)
    else { return try self.text(of: value) }
    let kept = text[0..<length - end.count]
    if given[1]?.truth ?? false { return try join(kept, end) }
    let space = kept.scalars.lastIndex(of: " ") ?? kept.count
    return try join(kept[0..<space], end)
  }

  private func wrap(
    _ value: TemplateValue,
    _ arguments: CallArguments
  ) throws(TemplateError) -> OriginText {
    let given = try arguments.bound(
      "do_wordwrap",
      ["width", "break_long_words", "wrapstring", "break_on_hyphens"]
    )
    let text = try requiredText(value, "wordwrap()")
    let width = try given[0].map { value throws(TemplateError) in try integer(value) } ?? 79
    guard width > 0 else {
      throw TemplateError(.value, "invalid width \(width) (must be > 0)")
    }
    var separator = OriginText("\n", .data)
    if let value = given[2], !value.isNone { separator = try requiredText(value, "wordwrap()") }
    var wrapped: [OriginText] = []
    for line in text.lines() {
      let wrapper = LineWrapper(
        line,
        width: width,
        breaksWords: given[1]?.truth ?? true,
        breaksHyphens: given[3]?.truth ?? true
      )
      // A line of nothing but white space has no lines, and leaves an empty one.
      wrapped.append(try joined(wrapper.lines(), separator))
    }
    return try joined(wrapped, separator)
  }
}

/// Python's `textwrap.wrap`, without tabs and white space being replaced.
private struct LineWrapper {
  private let text: OriginText
  private let width: Int
  private let breaksWords: Bool
  private let breaksHyphens: Bool

  init(_ text: OriginText, width: Int, breaksWords: Bool, breaksHyphens: Bool) {
    self.text = text
    self.width = width
    self.breaksWords = breaksWords
    self.breaksHyphens = breaksHyphens
  }

  func lines() -> [OriginText] {
    var chunks = Array(chunks().reversed())
    var lines: [OriginText] = []
    while !chunks.isEmpty {
      if !lines.isEmpty, isSpace(chunks[chunks.count - 1]) { chunks.removeLast() }
      var line: [Range<Int>] = []
      var length = 0
      while let chunk = chunks.last, length + chunk.count <= width {
        line.append(chunk)
        length += chunk.count
        chunks.removeLast()
      }
      if let chunk = chunks.last, chunk.count > width {
        breakLong(chunk, &chunks, &line, length)
      }
      if let last = line.last, isSpace(last) { line.removeLast() }
      if let first = line.first, let last = line.last {
        lines.append(text[first.lowerBound..<last.upperBound])
      }
    }
    return lines
  }

  private func breakLong(
    _ chunk: Range<Int>,
    _ chunks: inout [Range<Int>],
    _ line: inout [Range<Int>],
    _ length: Int
  ) {
    if breaksWords {
      // As published: where the line is full, an empty part of the word ends it.
      var end = width - length
      if breaksHyphens, chunk.count > end {
        let part = chunk.lowerBound..<chunk.lowerBound + end
        let hyphen = part.last { text.scalars[$0] == "-" } ?? -1
        let hasWord =
          hyphen > part.lowerBound
          && (part.lowerBound..<hyphen).contains { text.scalars[$0] != "-" }
        if hasWord { end = hyphen - part.lowerBound + 1 }
      }
      let cut = chunk.lowerBound + end
      line.append(chunk.lowerBound..<cut)
      chunks[chunks.count - 1] = cut..<chunk.upperBound
      if cut == chunk.upperBound { chunks.removeLast() }
    } else if line.isEmpty {
      line.append(chunk)
      chunks.removeLast()
    }
  }

  private func isSpace(_ range: Range<Int>) -> Bool {
    text.scalars[range].allSatisfy(PythonText.isSpace)
  }

  /// White space and words in turn, words cut behind their hyphens.
  private func chunks() -> [Range<Int>] {
    var chunks: [Range<Int>] = []
    var start = 0
    while start < text.count {
      let isSpace = PythonText.isSpace(text.scalars[start])
      var end = start + 1
      while end < text.count, PythonText.isSpace(text.scalars[end]) == isSpace { end += 1 }
      if isSpace || !breaksHyphens {
        chunks.append(start..<end)
      } else {
        var part = start
        for index in start..<end where breaks(after: index, in: start..<end) {
          chunks.append(part..<index + 1)
          part = index + 1
        }
        if part < end { chunks.append(part..<end) }
      }
      start = end
    }
    return chunks
  }

  /// Whether a word may be cut behind a hyphen: letters before it and behind it.
  private func breaks(after index: Int, in word: Range<Int>) -> Bool {
    guard text.scalars[index] == "-" else { return false }
    func isLetter(_ index: Int) -> Bool {
      word.contains(index) && PythonText.isWord(text.scalars[index])
        && !PythonText.isDecimal(text.scalars[index])
    }
    func isHyphen(_ index: Int) -> Bool { word.contains(index) && text.scalars[index] == "-" }
    let before =
      isLetter(index - 1)
      && (isLetter(index - 2) || (isHyphen(index - 2) && isLetter(index - 3)))
    let behind =
      isLetter(index + 1)
      && (isLetter(index + 2) || (isHyphen(index + 2) && isLetter(index + 3)))
    return before && behind
  }
}
