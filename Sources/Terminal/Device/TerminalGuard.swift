// SPDX-License-Identifier: Apache-2.0

import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Gives the terminal back as it was, however the program ends, and takes it again when it goes on.
///
/// A signal handler may touch little else than atomic numbers: what has to be restored is kept in
/// some. They are one set, because a program has one terminal.
public enum TerminalGuard {
  private static let input = Atomic<Int32>(-1)
  private static let output = Atomic<Int32>(-1)
  private static let original = StoredSettings()
  private static let current = StoredSettings()
  private static let wakingDescriptor = Atomic<Int32>(-1)
  private static let resizeCount = Atomic<Int>(0)
  private static let resumeCount = Atomic<Int>(0)
  private static let previous = PreviousHandlers()
  private static let hasHandlers = Atomic<Bool>(false)

  /// Puts the terminal back into the mode in which the program found it.
  ///
  /// Nothing happens where none was changed. It allocates and locks nothing: signal handlers of the
  /// program call it before they end the process.
  public static func restore() {
    let descriptor = input.load(ordering: .acquiring)
    guard descriptor >= 0 else { return }
    let savedErrno = errno
    // From the background, setting the mode would stop the process instead.
    var (blocked, before) = (sigset_t(), sigset_t())
    unsafe sigemptyset(&blocked)
    unsafe sigaddset(&blocked, SIGTTOU)
    unsafe pthread_sigmask(SIG_BLOCK, &blocked, &before)
    var settings = termios()
    if unsafe tcgetattr(descriptor, &settings) == 0 {
      original.apply(to: &settings)
      unsafe tcsetattr(descriptor, TCSANOW, &settings)
    }
    let screen = output.load(ordering: .relaxed)
    if screen >= 0 {
      let text = ScreenModes.restoring
      // SAFETY: a static text, which lives as long as the program.
      _ = unsafe write(screen, text.utf8Start, text.utf8CodeUnitCount)
    }
    unsafe pthread_sigmask(SIG_SETMASK, &before, nil)
    errno = savedErrno
  }

  /// Ends a wait for the terminal, so that a request to stop is seen; for signal handlers too.
  public static func wake() {
    let descriptor = wakingDescriptor.load(ordering: .relaxed)
    guard descriptor >= 0 else { return }
    let savedErrno = errno
    var byte: UInt8 = 0
    _ = unsafe write(descriptor, &byte, 1)
    errno = savedErrno
  }

  // MARK: For the device

  /// How often the window changed its size.
  static var resizes: Int { resizeCount.load(ordering: .relaxed) }

  /// How often the program went on after it was stopped.
  static var resumptions: Int { resumeCount.load(ordering: .relaxed) }

  /// Keeps what `restore` puts back.
  static func arm(input: Int32, output: Int32, original: termios, current: termios) {
    Self.original.store(original)
    Self.current.store(current)
    Self.output.store(output, ordering: .relaxed)
    Self.input.store(input, ordering: .releasing)
  }

  /// There is nothing to restore.
  static func disarm() {
    input.store(-1, ordering: .releasing)
    output.store(-1, ordering: .relaxed)
  }

  /// Names the descriptor to which `wake` writes.
  static func setWakingDescriptor(_ descriptor: Int32) {
    wakingDescriptor.store(descriptor, ordering: .relaxed)
  }

  /// Forgets the descriptor to which `wake` writes, unless it is another one by now.
  static func clearWakingDescriptor(_ descriptor: Int32) {
    _ = wakingDescriptor.compareExchange(expected: descriptor, desired: -1, ordering: .relaxed)
  }

  /// Takes over the signals that end, stop or resume the process, unless the program has its own
  /// handlers for them; faults are handed on to whoever had them.
  static func installHandlers() {
    // Once: a handler that stood before itself would never end.
    guard !hasHandlers.exchange(true, ordering: .relaxed) else { return }
    for number in [SIGINT, SIGTERM, SIGHUP] {
      install(number, only: true) { TerminalGuard.end($0) }
    }
    for number in [SIGQUIT, SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT] {
      install(number, only: false) { TerminalGuard.end($0) }
    }
    install(SIGTSTP, only: true) { TerminalGuard.stop($0) }
    install(SIGCONT, only: true) { _ in TerminalGuard.resume() }
    install(SIGWINCH, only: true) { _ in
      TerminalGuard.resizeCount.add(1, ordering: .relaxed)
      TerminalGuard.wake()
    }
    // A program started from a thread of a dispatch queue inherits its mask, which blocks some.
    var taken = sigset_t()
    unsafe sigemptyset(&taken)
    for number in [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGABRT, SIGTSTP, SIGCONT, SIGWINCH] {
      unsafe sigaddset(&taken, number)
    }
    unsafe pthread_sigmask(SIG_UNBLOCK, &taken, nil)
    atexit { TerminalGuard.restore() }
  }

  /// Stops the process as Control-Z does, and returns when it goes on.
  static func stopProcess() {
    restore()
    // The system's own meaning of the signal, for as long as it takes: it does nothing where nobody
    // could let the process go on.
    var (standard, before) = (sigaction(), sigaction())
    unsafe sigaction(SIGTSTP, &standard, &before)
    raise(SIGTSTP)
    unsafe sigaction(SIGTSTP, &before, nil)
    resume()
  }

  private static func install(
    _ number: Int32,
    only isOnlyDefault: Bool,
    _ handler: @convention(c) (Int32) -> Void
  ) {
    var (action, old) = (sigaction(), sigaction())
    guard unsafe sigaction(number, nil, &old) == 0 else { return }
    if isOnlyDefault, !PreviousHandlers.isDefault(old) { return }
    previous.store(old, of: number)
    #if canImport(Darwin)
    unsafe action.__sigaction_u.__sa_handler = handler
    #else
    unsafe action.__sigaction_handler.sa_handler = handler
    #endif
    // A fault may come from a stack that has no room left.
    action.sa_flags = Int32(SA_ONSTACK)
    unsafe sigaction(number, &action, nil)
  }

  /// Gives the terminal back and lets the signal do what it did before.
  private static func end(_ number: Int32) {
    restore()
    previous.reinstall(number)
    // Blocked until the handler returns; a fault would come again by itself.
    raise(number)
  }

  private static func stop(_ number: Int32) {
    restore()
    previous.reinstall(number)
    var stopping = sigset_t()
    unsafe sigemptyset(&stopping)
    unsafe sigaddset(&stopping, number)
    raise(number)
    unsafe pthread_sigmask(SIG_UNBLOCK, &stopping, nil)
    // Here the process stands still until it goes on; its handler of SIGCONT takes the terminal.
    install(number, only: true) { TerminalGuard.stop($0) }
  }

  /// Takes the terminal again, unless the process goes on in the background.
  private static func resume() {
    resumeCount.add(1, ordering: .relaxed)
    let descriptor = input.load(ordering: .acquiring)
    if descriptor >= 0 {
      let savedErrno = errno
      let owner = tcgetpgrp(descriptor)
      var settings = termios()
      if owner < 0 || owner == getpgrp(), unsafe tcgetattr(descriptor, &settings) == 0 {
        current.apply(to: &settings)
        unsafe tcsetattr(descriptor, TCSANOW, &settings)
      }
      errno = savedErrno
    }
    wake()
  }
}

/// The settings of a terminal that differ between modes, as numbers that a signal handler may read.
private struct StoredSettings: ~Copyable, Sendable {
  private let inputAndLocal = Atomic<UInt64>(0)
  private let characters = Atomic<UInt32>(0)

  func store(_ settings: termios) {
    inputAndLocal.store(
      UInt64(settings.c_iflag) << 32 | UInt64(settings.c_lflag),
      ordering: .relaxed
    )
    characters.store(UInt32(settings.minimum) << 8 | UInt32(settings.timeout), ordering: .relaxed)
  }

  func apply(to settings: inout termios) {
    let flags = inputAndLocal.load(ordering: .relaxed)
    settings.c_iflag = tcflag_t(flags >> 32)
    settings.c_lflag = tcflag_t(flags & 0xFFFF_FFFF)
    let counts = characters.load(ordering: .relaxed)
    settings.minimum = cc_t(counts >> 8)
    settings.timeout = cc_t(counts & 0xFF)
  }
}
