// SPDX-License-Identifier: Apache-2.0

import Testing
import Training

/// The split by hash.
@Suite struct HeldOutTests {
  private static let texts = (0..<10_000).map { "text \($0)" }

  private func held(_ kind: HeldOut.Kind, _ share: Double) -> Set<String> {
    let heldOut = HeldOut(shares: [kind: share])
    return Set(Self.texts.filter { heldOut.holds(kind, $0) })
  }

  // Method: of n texts, n·share with four standard deviations on either side.
  @Test(arguments: HeldOut.Kind.allCases, [0.02, 0.1, 0.5])
  func `about as many are held out as are asked for`(_ kind: HeldOut.Kind, _ share: Double) {
    let bound = 4 * (10_000 * share * (1 - share)).squareRoot()
    #expect(abs(Double(held(kind, share).count) - 10_000 * share) < bound)
  }

  @Test func `a larger share holds all of a smaller one, and none holds nothing`() {
    #expect(held(.names, 0.1).isStrictSubset(of: held(.names, 0.2)))
    #expect(held(.names, 0).isEmpty)
    let heldOut = HeldOut(shares: [.names: 0.5])
    #expect(!Self.texts.contains { heldOut.holds(.phrasings, $0) })
  }

  @Test func `what is held out of one kind says nothing of another`() {
    let both = held(.names, 0.5).intersection(held(.phrasings, 0.5)).count
    #expect((2300...2700).contains(both))
  }

  @Test func `an exercise is held out with the ones that its columns show`() {
    let heldOut = HeldOut(shares: [.operands: 0.1])
    var counts = [0, 0]
    for first in 0...99 {
      for second in 0...first {
        for isAdded in [true, false] {
          let one = Formula(first: first, steps: [.init(isAdded: isAdded, number: second)])
          let other = Formula(first: second, steps: [.init(isAdded: isAdded, number: first)])
          #expect(heldOut.holds(one) == heldOut.holds(other), "\(one.text)")
          counts[isAdded ? 0 : 1] += heldOut.holds(one) ? 1 : 0
        }
      }
    }
    // Of 5,050 each: 505, within four deviations.
    #expect(counts.allSatisfy { (419...591).contains($0) }, "\(counts)")
  }

  // The split is part of the recipe: another hash would move what training must not see.
  @Test func `the split is the one on record`() {
    let heldOut = HeldOut(shares: [.names: 0.1])
    let held = ["Abdul", "Ann", "Daniel", "Hiroshi", "Mary"].filter { heldOut.holds(.names, $0) }
    #expect(held == ["Abdul", "Daniel", "Hiroshi"])
  }
}
