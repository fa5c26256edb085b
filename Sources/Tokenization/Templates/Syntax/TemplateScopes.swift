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

/// The names of one scope while it is analyzed (`Symbols` in Jinja2).
final class ScopeSymbols {
  let parent: ScopeSymbols?
  let level: Int
  let function: Int
  /// The functions from the template inwards.
  let functions: [Int]
  var references: [String: SlotKey] = [:]
  var loads: [(key: SlotKey, load: SymbolLoad)] = []
  var stores: Set<String> = []

  /// A variable before it has a number: equal names of equal levels share one.
  struct SlotKey: Hashable {
    var function: Int
    var level: Int
    var name: String
  }

  enum SymbolLoad {
    case parameter
    case lookup(String)
    case copy(SlotKey)
    case missing
  }

  init(parent: ScopeSymbols?, function: Int? = nil) {
    self.parent = parent
    level = (parent?.level ?? -1) + 1
    self.function = function ?? parent?.function ?? 0
    let outer = parent?.functions ?? []
    functions = outer.last == self.function ? outer : outer + [self.function]
  }

  private init(copying other: ScopeSymbols) {
    parent = other.parent
    level = other.level
    function = other.function
    functions = other.functions
    references = other.references
    loads = other.loads
    stores = other.stores
  }

  func copy() -> ScopeSymbols { ScopeSymbols(copying: self) }

  func find(_ name: String) -> SlotKey? {
    var symbols: ScopeSymbols? = self
    while let current = symbols {
      if let key = current.references[name] { return key }
      symbols = current.parent
    }
    return nil
  }

  func load(_ name: String) {
    if find(name) == nil { define(name, .lookup(name)) }
  }

  func store(_ name: String) {
    stores.insert(name)
    guard references[name] == nil else { return }
    if let outer = parent?.find(name) {
      define(name, .copy(outer))
    } else {
      define(name, .missing)
    }
  }

  func declareParameter(_ name: String) {
    stores.insert(name)
    define(name, .parameter)
  }

  private func define(_ name: String, _ load: SymbolLoad) {
    let key = SlotKey(function: function, level: level, name: name)
    references[name] = key
    setLoad(key, load)
  }

  private func setLoad(_ key: SlotKey, _ load: SymbolLoad) {
    if let index = loads.firstIndex(where: { $0.key == key }) {
      loads[index].load = load
    } else {
      loads.append((key: key, load: load))
    }
  }

  /// Takes over what branches of an `if` bind: a name that only some of them set is, before, what it
  /// is outside.
  func merge(_ branches: [ScopeSymbols]) {
    let stored = branches.reduce(into: Set<String>()) { $0.formUnion($1.stores) }
      .subtracting(stores)
    for branch in branches {
      references.merge(branch.references) { $1 }
      for (key, load) in branch.loads { setLoad(key, load) }
      stores.formUnion(branch.stores)
    }
    for name in stored.sorted() {
      guard let target = find(name) else { continue }
      if let outer = parent?.find(name) {
        setLoad(target, .copy(outer))
      } else {
        setLoad(target, .lookup(name))
      }
    }
  }
}
