// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// What the system does with what is typed.
public enum TerminalMode: Hashable, Sendable {
  /// What it did before the program began: lines, echo, signals.
  case original
  /// Nothing is echoed, so that an answer that is being written stays whole; Control-C and Control-Z
  /// are still signals. Enter is the key that it is while editing, so that what is typed ahead with it
  /// is entered.
  case watching
  /// Every key comes as it is typed, Control-C too.
  case editing

  /// Returns the settings of this mode for a terminal that began with others.
  func settings(from original: termios) -> termios {
    var settings = original
    guard self != .original else { return settings }
    settings.c_lflag &= ~tcflag_t(ICANON | ECHO | ECHONL)
    settings.c_iflag &= ~tcflag_t(ICRNL | IGNCR | INLCR)
    if self == .editing {
      settings.c_lflag &= ~tcflag_t(ISIG | IEXTEN)
      settings.c_iflag &= ~tcflag_t(BRKINT | INPCK | ISTRIP | IXON)
    }
    settings.minimum = 1
    settings.timeout = 0
    return settings
  }
}

extension termios {
  /// How many bytes a read waits for.
  ///
  /// The system has an array here, Swift a tuple.
  var minimum: cc_t {
    get {
      #if canImport(Glibc)
      c_cc.6
      #else
      c_cc.16
      #endif
    }
    set {
      #if canImport(Glibc)
      c_cc.6 = newValue
      #else
      c_cc.16 = newValue
      #endif
    }
  }

  /// How many tenths of a second a read waits.
  var timeout: cc_t {
    get {
      #if canImport(Glibc)
      c_cc.5
      #else
      c_cc.17
      #endif
    }
    set {
      #if canImport(Glibc)
      c_cc.5 = newValue
      #else
      c_cc.17 = newValue
      #endif
    }
  }
}
