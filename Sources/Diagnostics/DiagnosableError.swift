// SPDX-License-Identifier: Apache-2.0

/// An error that can say what is wrong, where, and what to do about it.
///
/// Every module has one error type that conforms; each face of the program (command line, HTTP)
/// prints the three parts in its own form.
public protocol DiagnosableError: Error, CustomStringConvertible {
  /// What is wrong: found and expected, lower-case, without a full stop.
  var what: String { get }
  /// Where it is wrong: file, tensor, field or line; nil where there is no place.
  var place: String? { get }
  /// What the reader can do about it, or nil.
  var remedy: String? { get }
  /// The exit code of a command that ends with this error.
  var exitCode: ExitCode { get }
}

extension DiagnosableError {
  /// The contract's one line: `what (place)`.
  public var description: String {
    guard let place else { return what }
    return "\(what) (\(place))"
  }
}
