// SPDX-License-Identifier: Apache-2.0

/// Where the variable of each name lies, by the rules of Jinja2's `idtracking`: names are bound
/// before anything runs, so a name means the same variable in all of its scope.
struct TemplateScopes: Sendable {
  /// A variable: how many functions out, and which of that function's slots.
  struct Slot: Sendable {
    var hops: Int
    var index: Int
  }

  /// What a variable holds when its scope is entered.
  enum Load: Sendable {
    /// What the caller put there.
    case parameter
    /// The variable of this name that the template was given.
    case lookup(String)
    /// The value of the variable of the same name outside.
    case copy(Slot)
    case missing
  }

  struct Scope: Sendable {
    var loads: [(index: Int, load: Load)] = []
  }

  /// By the number of a name.
  var slots: [Slot]
  /// By the number of a scope, and the template's own scope.
  var scopes: [Scope]
  var root = Scope()
  /// By the number of a function; 0 is the template.
  var slotCounts: [Int]
  /// Names that are set at the top and may be read by blocks.
  var exported: Set<Int> = []
  /// Whether a loop's body speaks of `loop`, by the number of the loop's own name.
  var namedLoops: Set<Int> = []
  /// The macros whose body speaks of `caller`, `kwargs`, `varargs`: the numbers of those names.
  var specials: Set<Int> = []
  /// The number of `self` where the template or a block speaks of it.
  var selfSlots: [Int: Int] = [:]

  /// The names that are looked up among the template's variables.
  var lookedUpNames: Set<String> {
    var names: Set<String> = []
    for scope in scopes + [root] {
      for case (_, .lookup(let name)) in scope.loads { names.insert(name) }
    }
    return names
  }
}
