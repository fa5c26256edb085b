// SPDX-License-Identifier: Apache-2.0

import Evaluation
import Testing

/// What the last number of an answer is.
@Suite struct LastNumberTests {
  @Test(
    arguments: [
      ("5", "5"), ("The answer is 12.", "12"), ("It is 3.50", "3.5"), ("0.10", "0.1"),
      ("007", "7"), ("2 + 3 = 5", "5"), ("5 apples and 7 pears", "7"), ("1, 2, 3", "3"),
      ("So: 42!", "42"), ("(17)", "17"), ("**8**", "8"), ("It costs $5.", "5"), ("12km", "12"),
      ("about 50%", "50"), (".5", "0.5"), ("yes, it is.5", "5"), ("3/4", "4"), ("10:30", "30"),
      // Signs.
      ("-5", "-5"), ("= -2.", "-2"), ("\u{2212}7", "-7"), ("\u{2013}7", "-7"), ("it is -0", "0"),
      ("minus 5", "-5"), ("Minus **5**", "-5"), ("negative 12.5", "-12.5"), ("+5", "5"),
      ("-$5", "-5"), ("$-5", "-5"), ("-.5", "-0.5"), ("(-3)", "-3"), ("x=-3", "-3"),
      ("Answer: - 4", "-4"), ("3 - 8 = - 5", "-5"), ("**-5**", "-5"),
      ("4 \u{2212} 9 is \u{2212}5", "-5"),
      // No signs.
      ("3-5", "5"), ("3 - 5", "5"), ("3 -5", "5"), ("7 minus 5", "5"), ("(2)-5", "5"),
      ("\u{2022} 3\n- 5", "5"), ("Answer - 5", "5"), ("covid-19", "19"), ("word \u{2014}5", "5"),
      // Separators.
      ("1,234", "1234"), ("1,234,567.80", "1234567.8"), ("12,34", "34"), ("1,2345", "2345"),
      ("0,123", "123"), ("1\u{202F}234", "1234"), ("-1,000", "-1000"), ("in 2024, 300 came", "300"),
      // Words and chains.
      ("5 and x2", "5"), ("7, the 2nd", "7"), ("3 of GPT4", "3"), ("9 in version 1.2.3", "9"),
      ("4 or 2x3y", "4"), ("6 at v1.5", "6"), ("step_1 gives 8", "8"),
      // Boxes.
      (#"\boxed{5}, of 12"#, "5"), (#"\boxed{1} then \boxed{-2}."#, "-2"),
      (#"\boxed{\frac{1}{2}} 9"#, "2"), (#"\boxed{x} 9"#, "9"), (#"8 \boxed{5"#, "5"),
      // Other scripts.
      ("答案是5。", "5"), ("الجواب ٤٢", "42"), ("उत्तर ५ है", "5"), ("و5", "5"),
    ]
  )
  func `it is read as people write it`(_ text: String, _ number: String) {
    #expect(LastNumber.of(text)?.text == number, "\(text)")
  }

  @Test(arguments: ["", "five", "x2", "the 3rd", "1.2.3", "-", "minus", #"\boxed{}"#, ".", "²"])
  func `a text without one has none`(_ text: String) {
    #expect(LastNumber.of(text) == nil)
  }

  @Test func `numbers are equal by their decimal digits`() {
    #expect(DecimalNumber("3.50") == DecimalNumber("3.5"))
    #expect(DecimalNumber("-0.0") == DecimalNumber(0))
    #expect(DecimalNumber("007") == DecimalNumber(7))
    #expect(DecimalNumber("9007199254740993") != DecimalNumber("9007199254740992"))
    #expect(DecimalNumber("0.30000000000000004") != DecimalNumber("0.3"))
    #expect(DecimalNumber(-12) == DecimalNumber("-12"))
  }

  @Test(arguments: ["", "-", "1.", ".5", "1e3", "1,000", "--1", "+1", "1.2.3", " 1", "٣"])
  func `what is not digits is no number`(_ text: String) {
    #expect(DecimalNumber(text) == nil)
  }

  @Test func `long texts take time that grows with them, and no more`() {
    let digits = String(repeating: "9", count: 200_000)
    #expect(LastNumber.of(digits)?.text.utf8.count == 200_000)
    #expect(LastNumber.of(String(repeating: "-", count: 200_000) + "1")?.text == "-1")
    #expect(LastNumber.of(String(repeating: "1.", count: 100_000)) == nil)
  }
}
