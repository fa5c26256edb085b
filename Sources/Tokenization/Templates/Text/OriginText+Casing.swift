// SPDX-License-Identifier: Apache-2.0

/// The case mappings of Python's `str`, scalar by scalar; each result has its scalar's origin.
extension OriginText {
  func uppercased() -> OriginText {
    mapScalars { scalar, _, result, origin in
      if scalar.value < 0x80 {
        result.append(Self.asciiUpper(scalar), origin)
      } else {
        result.append(scalar.properties.uppercaseMapping, origin)
      }
    }
  }

  func lowercased() -> OriginText {
    mapScalars { scalar, index, result, origin in
      appendLower(scalar, index, &result, origin)
    }
  }

  /// The first scalar in title case, the others in lower case.
  func capitalized() -> OriginText {
    mapScalars { scalar, index, result, origin in
      if index == 0 {
        result.append(scalar.properties.titlecaseMapping, origin)
      } else {
        appendLower(scalar, index, &result, origin)
      }
    }
  }

  /// Each letter that follows none in title case, as `str.title` has it.
  func titled() -> OriginText {
    var followsLetter = false
    return mapScalars { scalar, index, result, origin in
      if followsLetter {
        appendLower(scalar, index, &result, origin)
      } else {
        result.append(scalar.properties.titlecaseMapping, origin)
      }
      followsLetter = scalar.properties.isCased
    }
  }

  func caseSwapped() -> OriginText {
    mapScalars { scalar, index, result, origin in
      if scalar.properties.isUppercase {
        appendLower(scalar, index, &result, origin)
      } else if scalar.properties.isLowercase {
        result.append(scalar.properties.uppercaseMapping, origin)
      } else {
        result.append(scalar, origin)
      }
    }
  }

  func caseFolded() -> OriginText {
    mapScalars { scalar, _, result, origin in
      if scalar.value < 0x80 {
        result.append(Self.asciiLower(scalar), origin)
        return
      }
      // Unicode's full case folding, but for the Cherokee letters that fold upward.
      for upper in scalar.properties.uppercaseMapping.unicodeScalars {
        result.append(upper.properties.lowercaseMapping, origin)
      }
    }
  }

  private func appendLower(
    _ scalar: Unicode.Scalar,
    _ index: Int,
    _ result: inout OriginText,
    _ origin: Origin
  ) {
    if scalar.value < 0x80 {
      result.append(Self.asciiLower(scalar), origin)
    } else if scalar.value == 0x3A3 {
      result.append(isFinalSigma(at: index) ? "\u{3C2}" : "\u{3C3}", origin)
    } else {
      result.append(scalar.properties.lowercaseMapping, origin)
    }
  }

  /// Whether a sigma stands at the end of a word: a cased letter before it and none behind it, what
  /// can be ignored left out (Unicode 16, section 3.13, Final_Sigma).
  private func isFinalSigma(at index: Int) -> Bool {
    let before = scalars[..<index].last { !$0.properties.isCaseIgnorable }
    guard before?.properties.isCased == true else { return false }
    let after = scalars[(index + 1)...].first { !$0.properties.isCaseIgnorable }
    return after?.properties.isCased != true
  }

  private static func asciiUpper(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    guard ("a"..."z").contains(scalar) else { return scalar }
    return Unicode.Scalar(UInt8(scalar.value - 32))
  }

  private static func asciiLower(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    guard ("A"..."Z").contains(scalar) else { return scalar }
    return Unicode.Scalar(UInt8(scalar.value + 32))
  }
}
