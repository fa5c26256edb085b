// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The terminal of this process, or the pipes and files in its place.
///
/// A process has one. However it ends, the terminal is as it was before (`TerminalGuard`).
public final class TerminalDevice: TerminalConnection {
  private let input: Int32
  private let output: Int32
  private let isStopRequested: () -> Bool
  private let original: termios?
  private var mode = TerminalMode.original
  private let (wakeInput, wakeOutput): (Int32, Int32)
  private var (seenResizes, seenResumptions): (Int, Int)
  /// What was typed before the terminal was taken over, as keys would have sent it.
  private var typedAhead: [UInt8] = []

  // LIMIT: how long a request to stop may go unseen that came to another thread.
  private static let sliceMilliseconds: Int32 = 250

  /// Takes the terminal over, without changing its mode yet.
  ///
  /// From here on a closed pipe is an error of `write` and not the end of the process.
  ///
  /// - Parameters:
  ///   - input: Where keys come from: standard input.
  ///   - output: Where the screen is: standard output.
  ///   - isStopRequested: Whether a signal asked the program to stop; the program keeps that.
  public init(
    input: Int32 = 0,
    output: Int32 = 1,
    isStopRequested: @escaping () -> Bool = { false }
  ) {
    self.input = input
    self.output = output
    self.isStopRequested = isStopRequested
    var settings = termios()
    original = unsafe tcgetattr(input, &settings) == 0 ? settings : nil
    var ends: [Int32] = [-1, -1]
    if unsafe pipe(&ends) == 0 {
      for end in ends {
        _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        _ = fcntl(end, F_SETFL, O_NONBLOCK)
      }
    }
    (wakeInput, wakeOutput) = (ends[0], ends[1])
    (seenResizes, seenResumptions) = (TerminalGuard.resizes, TerminalGuard.resumptions)
    TerminalGuard.setWakingDescriptor(wakeOutput)
    if original != nil { TerminalGuard.installHandlers() }
    signal(SIGPIPE, SIG_IGN)
  }

  deinit {
    if mode != .original {
      TerminalGuard.restore()
      TerminalGuard.disarm()
    }
    TerminalGuard.clearWakingDescriptor(wakeOutput)
    close(wakeInput)
    close(wakeOutput)
  }

  /// The size of the window; 80 columns and 24 rows where nothing tells it.
  public var size: WindowSize {
    WindowSize(of: output) ?? WindowSize(of: input) ?? .usual
  }

  /// Sets what the system does with what is typed; nothing where the input is no terminal.
  ///
  /// - Throws: `TerminalError` where the system refuses.
  public func setMode(_ mode: TerminalMode) throws(TerminalError) {
    guard let original, mode != self.mode else { return }
    var settings = mode.settings(from: original)
    if mode != .original {
      let screen = isatty(output) == 1 ? output : -1
      TerminalGuard.arm(input: input, output: screen, original: original, current: settings)
    }
    while unsafe tcsetattr(input, TCSANOW, &settings) != 0 {
      guard errno == EINTR else { throw TerminalError(.cannotSetMode(errno: errno)) }
    }
    if mode == .original { TerminalGuard.disarm() }
    if self.mode == .original { try takeTypedAhead() }
    self.mode = mode
  }

  /// Takes what waits in the lines of the system: Enter has become a line feed there.
  private func takeTypedAhead() throws(TerminalError) {
    var source = pollfd(fd: input, events: Int16(POLLIN), revents: 0)
    while unsafe Glibc.poll(&source, 1, 0) > 0, case .bytes(let bytes) = try readInput() {
      typedAhead += bytes.map { $0 == UInt8(ascii: "\n") ? UInt8(ascii: "\r") : $0 }
    }
  }

  /// Stops the process as Control-Z does, and returns when it goes on.
  public func stopProcess() {
    guard original != nil else { return }
    TerminalGuard.stopProcess()
    seenResumptions = TerminalGuard.resumptions
  }

  // MARK: Reading

  /// Waits for something to happen.
  ///
  /// - Throws: `TerminalError` where the input fails.
  public func next(within limit: Duration?) throws(TerminalError) -> TerminalEvent {
    let start = ContinuousClock.now
    while true {
      if isStopRequested() { return .stopRequested }
      if seenResumptions != TerminalGuard.resumptions {
        seenResumptions = TerminalGuard.resumptions
        return .resumed
      }
      if seenResizes != TerminalGuard.resizes {
        seenResizes = TerminalGuard.resizes
        return .resized
      }
      if !typedAhead.isEmpty {
        defer { typedAhead = [] }
        return .bytes(typedAhead)
      }
      var wait = Self.sliceMilliseconds
      if let limit {
        let left = limit - start.duration(to: .now)
        guard left > .zero else { return .timedOut }
        wait = min(wait, Self.milliseconds(left))
      }
      if let event = try poll(wait) { return event }
    }
  }

  private func poll(_ milliseconds: Int32) throws(TerminalError) -> TerminalEvent? {
    var sources = [
      pollfd(fd: input, events: Int16(POLLIN), revents: 0),
      pollfd(fd: wakeInput, events: Int16(POLLIN), revents: 0),
    ]
    let count = unsafe Glibc.poll(&sources, nfds_t(sources.count), milliseconds)
    if count < 0, errno != EINTR { throw TerminalError(.cannotRead(errno: errno)) }
    guard count > 0 else { return nil }
    if sources[1].revents != 0 {
      var drained = [UInt8](repeating: 0, count: 64)
      _ = unsafe read(wakeInput, &drained, drained.count)
    }
    return sources[0].revents == 0 ? nil : try readInput()
  }

  private func readInput() throws(TerminalError) -> TerminalEvent? {
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = unsafe read(input, &bytes, bytes.count)
    if count > 0 { return .bytes(Array(bytes[..<count])) }
    if count == 0 { return .ended }
    switch errno {
    case EINTR, EAGAIN: return nil
    // The window is closed, or the program is in the background without a terminal.
    case EIO, ENXIO: return .ended
    default: throw TerminalError(.cannotRead(errno: errno))
    }
  }

  private static func milliseconds(_ duration: Duration) -> Int32 {
    let (seconds, attoseconds) = duration.components
    // Rounded up, so that a wait does not end early and turn in circles.
    let value =
      min(seconds, 1_000_000) * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
    return Int32(clamping: value)
  }

  // MARK: Writing

  /// Writes bytes as they are; where the reader is slow it waits, until the program is to stop.
  ///
  /// - Throws: `TerminalError` with `closed` where nobody reads any more.
  public func write(_ bytes: [UInt8]) throws(TerminalError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe Glibc.write(output, Array(rest), rest.count)
      if count > 0 {
        rest = rest.dropFirst(count)
        continue
      }
      switch count == 0 ? EIO : errno {
      case EINTR: if isStopRequested() { throw TerminalError(.interrupted) }
      case EAGAIN:
        var sink = pollfd(fd: output, events: Int16(POLLOUT), revents: 0)
        _ = unsafe Glibc.poll(&sink, 1, Self.sliceMilliseconds)
        if isStopRequested() { throw TerminalError(.interrupted) }
      case EPIPE, EIO, ENXIO, EBADF, ECONNRESET: throw TerminalError(.closed)
      default: throw TerminalError(.cannotWrite(errno: errno))
      }
    }
  }
}
