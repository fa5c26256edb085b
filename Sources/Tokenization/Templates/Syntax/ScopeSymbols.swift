// SPDX-License-Identifier: Apache-2.0

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
  /// Where each variable stands in `loads`.
  private var places: [SlotKey: Int] = [:]

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
    places = other.places
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
    if let index = places[key] {
      loads[index].load = load
    } else {
      places[key] = loads.count
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
