// SPDX-License-Identifier: Apache-2.0

extension LineEditor {
  /// What a key means while a text is edited.
  enum Command: Hashable {
    case insert(String)
    case paste(String)
    case newLine
    case enter
    case complete
    case deleteBackward
    case deleteForward
    case endOrDeleteForward
    case moveLeft
    case moveRight
    case moveUp
    case moveDown
    case moveToLineStart
    case moveToLineEnd
    case moveToStart
    case moveToEnd
    case moveToPreviousWord
    case moveToNextWord
    case historyBack
    case historyForward
    case historyFirst
    case historyLast
    case search
    case cutToLineEnd
    case cutToLineStart
    case cutToSpace
    case cutPreviousWord
    case cutNextWord
    case yank
    case yankPrevious
    case transpose
    case upperCase
    case lowerCase
    case titleCase
    case undo
    case clearScreen
    case interrupt
    case suspend
    case cancel
    case refuse
    case ignore

    init(_ key: Key) {
      let control = key.modifiers.contains(.control)
      let alt = key.modifiers.contains(.alt)
      switch key.symbol {
      case .text(let text) where control: self = Self.control(text)
      case .text(let text) where alt: self = Self.alt(text)
      case .text(let text): self = .insert(text)
      case .paste(let text): self = .paste(text)
      case .enter: self = alt || key.modifiers.contains(.shift) ? .newLine : .enter
      case .tab: self = key.modifiers.isEmpty ? .complete : .ignore
      case .backspace: self = control || alt ? .cutPreviousWord : .deleteBackward
      case .delete: self = control || alt ? .cutNextWord : .deleteForward
      case .escape: self = .cancel
      case .up: self = control || alt ? .historyBack : .moveUp
      case .down: self = control || alt ? .historyForward : .moveDown
      case .left: self = control || alt ? .moveToPreviousWord : .moveLeft
      case .right: self = control || alt ? .moveToNextWord : .moveRight
      case .home: self = control ? .moveToStart : .moveToLineStart
      case .end: self = control ? .moveToEnd : .moveToLineEnd
      case .pageUp: self = .historyBack
      case .pageDown: self = .historyForward
      case .insert, .function, .cursorReport, .unknown: self = .ignore
      }
    }

    /// Whether the command cuts, so that the texts of several join.
    var isCut: Bool {
      switch self {
      case .cutToLineEnd, .cutToLineStart, .cutToSpace, .cutPreviousWord, .cutNextWord: true
      default: false
      }
    }

    private static func control(_ text: String) -> Command {
      controls[text.lowercased()] ?? .refuse
    }

    private static func alt(_ text: String) -> Command { alts[text.lowercased()] ?? .refuse }

    private static let controls: [String: Command] = [
      "a": .moveToLineStart, "b": .moveLeft, "c": .interrupt, "d": .endOrDeleteForward,
      "e": .moveToLineEnd, "f": .moveRight, "g": .cancel, "h": .deleteBackward, "i": .complete,
      "j": .newLine, "k": .cutToLineEnd, "l": .clearScreen, "m": .enter, "n": .historyForward,
      "p": .historyBack, "r": .search, "t": .transpose, "u": .cutToLineStart, "w": .cutToSpace,
      "y": .yank, "z": .suspend, "_": .undo, "/": .undo, " ": .ignore, "[": .cancel,
    ]

    private static let alts: [String: Command] = [
      "b": .moveToPreviousWord, "f": .moveToNextWord, "d": .cutNextWord, "y": .yankPrevious,
      "u": .upperCase, "l": .lowerCase, "c": .titleCase, "<": .historyFirst, ">": .historyLast,
    ]
  }
}
