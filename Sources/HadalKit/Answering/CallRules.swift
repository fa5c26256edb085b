// SPDX-License-Identifier: Apache-2.0

package import Constraints
package import JSON

/// A function that a model may call.
package struct CallableFunction: Sendable {
  // LIMIT: what OpenAI's and DeepSeek's APIs take.
  private static let longestName = 64

  /// Its name.
  package let name: String
  /// What its arguments must be: any object where nothing is said.
  package var parameters: JSONSchema
  /// The names of its parameters, as far as they are known.
  package let parameterNames: [String]
  /// Whether its arguments keep to that also where the model calls it by itself.
  package let isStrict: Bool

  /// Describes a function.
  package init(name: String, parameters: JSONSchema, parameterNames: [String], isStrict: Bool) {
    self.name = name
    self.parameters = parameters
    self.parameterNames = parameterNames
    self.isStrict = isStrict
  }

  /// Why a schema of arguments cannot be used.
  package enum SchemaFault: Error, Hashable {
    /// It is none of an object.
    case noObject
    /// It is to be strict, and is not.
    case notStrict(ConstraintError)
    /// It cannot be kept to.
    case unusable(ConstraintError)
  }

  /// Reads what arguments must be.
  ///
  /// Without `isStrict` a schema is advice: what cannot be kept to is left to the model.
  ///
  /// - Parameters:
  ///   - schema: The schema; nil where nothing is said.
  ///   - isStrict: Whether it must be kept to.
  ///   - isForced: Whether a call is asked for.
  /// - Throws: `SchemaFault` for a strict one that cannot be used.
  /// - Returns: The schema; that of any object where nothing is to be kept to.
  package static func parameters(
    _ schema: JSONValue?,
    isStrict: Bool,
    isForced: Bool
  ) throws(SchemaFault) -> JSONSchema {
    guard let schema, isStrict || isForced else { return .anyObject }
    guard schema["type"]?.string == "object" || schema["properties"] != nil else {
      guard isStrict else { return .anyObject }
      throw .noObject
    }
    if isStrict, let fault = JSONSchema.strictFault(in: schema) { throw .notStrict(fault) }
    do throws(ConstraintError) { return try JSONSchema(schema) } catch {
      guard isStrict else { return .anyObject }
      throw .unusable(error)
    }
  }

  /// What is wrong with a name; nil for nothing.
  package static func fault(inName name: String) -> String? {
    let isName = name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
        true
      default: false
      }
    }
    guard isName, (1...longestName).contains(name.utf8.count) else {
      return "must have 1 to \(longestName) letters, digits, _ or -"
    }
    return nil
  }
}

/// The functions that an answer may call, and whether it must.
package struct CallRules: Sendable {
  /// Whether the model calls.
  package enum Choice: Sendable, Hashable {
    /// As it likes.
    case auto
    /// At least one function.
    case required
    /// This one.
    case named(String)
  }

  // LIMIT: what OpenAI's and DeepSeek's APIs take.
  package static let mostFunctions = 128

  /// The functions.
  package private(set) var functions: [CallableFunction]
  /// Whether the model calls one.
  package let choice: Choice
  /// Whether one answer may hold several calls.
  package let isParallel: Bool

  /// Creates rules.
  package init(_ functions: [CallableFunction], _ choice: Choice, isParallel: Bool) {
    (self.functions, self.choice, self.isParallel) = (functions, choice, isParallel)
  }

  /// The names of all functions.
  package var names: Set<String> { Set(functions.map(\.name)) }

  /// The first name that stands twice.
  package var repeatedName: String? {
    var seen: Set<String> = []
    return functions.lazy.map(\.name).first { !seen.insert($0).inserted }
  }

  /// The same with any object for what is not strict: where their schemas cannot be kept to together.
  var relaxed: CallRules {
    var relaxed = self
    for index in functions.indices where !functions[index].isStrict {
      relaxed.functions[index].parameters = .anyObject
    }
    return relaxed
  }
}
