// SPDX-License-Identifier: Apache-2.0

import Constraints
import Testing

/// Schemas that would take for ever if they were followed.
@Suite struct SchemaSpeedTests {
  // Each definition names the next one twice: 2⁴⁰ schemas that must all fit.
  @Test(.timeLimit(.minutes(1)))
  func `schemas that multiply are refused, not followed`() {
    let definitions = (0..<40).map { number in
      ##""d\##(number)":{"allOf":[{"$ref":"#/$defs/d\##(number + 1)"},{"$ref":"#/$defs/d\##(number + 1)"}]}"##
    }
    let text =
      "{\"$defs\":{\(definitions.joined(separator: ",")),\"d40\":{}},\"allOf\":[{\"$ref\":\"#/$defs/d0\"}]}"
    #expect(throws: ConstraintError.self) { try JSONSchema(text: text) }
  }

  // Many states at once, in many sets.
  @Test(
    .timeLimit(.minutes(1)),
    arguments: ["(a?b?c?){900}[ab]*(.{0,9}x){9}", "((.{0,99})x){0,9}y"]
  )
  func `a pattern that takes long is refused`(_ pattern: String) {
    let duration = ContinuousClock().measure {
      #expect(throws: ConstraintError.self) { try JSONSchema(text: "{\"pattern\":\"\(pattern)\"}") }
    }
    #expect(duration < .seconds(20), "\(duration)")
  }
}
