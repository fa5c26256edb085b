// SPDX-License-Identifier: Apache-2.0

/// Makes letters that look alike the same letter: width, style, accents, script, invisible marks.
enum Folding {
  /// What becomes of one scalar.
  enum Result: Equatable {
    /// It is invisible and leaves nothing.
    case nothing
    /// It stays, or becomes this.
    case scalar(UInt32)
    /// It becomes two letters.
    case pair(UInt32, UInt32)
  }

  /// Folds one scalar, without its case.
  static func fold(_ value: UInt32) -> Result {
    switch value {
    case 0..<0x80: return .scalar(value)
    case 0x80..<0x250: return latin(value)
    case 0x300...0x36F, 0x483...0x489: return .nothing
    case 0x370...0x52F, 0x555...0x585: return .scalar(lookAlikes[value] ?? value)
    case 0x610...0x61A, 0x640, 0x64B...0x65F, 0x670, 0x6D6...0x6ED: return .nothing
    case 0x621...0x6FF: return arabic(value)
    case 0x900...0x97F: return devanagari(value)
    case 0x1D00...0x1D22: return .scalar(lookAlikes[value] ?? value)
    case 0x2000...0x27FF, 0x3000, 0xFE00...0xFFFF: return symbol(value)
    case 0x1D400...0x1D7FF: return mathematical(value)
    case 0x1F130...0x1F149: return .scalar(0x41 + value - 0x1F130)
    case 0x1F150...0x1F169: return .scalar(0x41 + value - 0x1F150)
    case 0x1F170...0x1F189: return .scalar(0x41 + value - 0x1F170)
    case 0xE0000...0xE01EF: return .nothing
    default: return .scalar(value)
    }
  }

  private static func latin(_ value: UInt32) -> Result {
    switch value {
    case 0xAD: return .nothing
    case 0xDF: return .pair(0x73, 0x73)
    case 0xC6, 0xE6: return .pair(0x61, 0x65)
    case 0x152, 0x153: return .pair(0x6F, 0x65)
    case 0xC0...0x17F:
      let letter = bases[Int(value - 0xC0)]
      return .scalar(letter == 0x2E ? value : UInt32(letter))
    default: return .scalar(value)
    }
  }

  private static func symbol(_ value: UInt32) -> Result {
    switch value {
    case 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x206F, 0xFEFF, 0xFE00...0xFE0F:
      .nothing
    case 0xFF01...0xFF5E: .scalar(value - 0xFEE0)
    case 0x24B6...0x24CF: .scalar(0x41 + value - 0x24B6)
    case 0x24D0...0x24E9: .scalar(0x61 + value - 0x24D0)
    case 0x2010...0x2013: .scalar(0x2D)
    case 0x2018, 0x2019, 0x201B, 0x2032: .scalar(0x27)
    case 0x2000...0x200A, 0x202F, 0x205F, 0x3000: .scalar(0x20)
    default: .scalar(lookAlikes[value] ?? value)
    }
  }

  private static func mathematical(_ value: UInt32) -> Result {
    switch value {
    case 0x1D400..<0x1D6A4:
      let place = (value - 0x1D400) % 52
      return .scalar(place < 26 ? 0x41 + place : 0x61 + place - 26)
    case 0x1D7CE...0x1D7FF: return .scalar(0x30 + (value - 0x1D7CE) % 10)
    default: return .scalar(value)
    }
  }

  private static func arabic(_ value: UInt32) -> Result {
    switch value {
    case 0x622, 0x623, 0x625, 0x671: .scalar(0x627)
    case 0x629, 0x6C1, 0x6C0, 0x6BE, 0x6D5: .scalar(0x647)
    case 0x624: .scalar(0x648)
    case 0x626, 0x649, 0x6CC, 0x6D2: .scalar(0x64A)
    case 0x6A9: .scalar(0x643)
    case 0x660...0x669: .scalar(0x30 + value - 0x660)
    case 0x6F0...0x6F9: .scalar(0x30 + value - 0x6F0)
    default: .scalar(value)
    }
  }

  private static func devanagari(_ value: UInt32) -> Result {
    switch value {
    case 0x93C: return .nothing
    case 0x901: return .scalar(0x902)
    // Vowels that transliterations swap: long and short.
    case 0x940: return .scalar(0x93F)
    case 0x942: return .scalar(0x941)
    case 0x908: return .scalar(0x907)
    case 0x90A: return .scalar(0x909)
    // The loan vowel of "chatbot" and "Microsoft".
    case 0x945: return .scalar(0x948)
    case 0x946: return .scalar(0x947)
    case 0x949, 0x94A, 0x94C: return .scalar(0x94B)
    case 0x90D, 0x90E: return .scalar(0x90F)
    case 0x911, 0x912, 0x914: return .scalar(0x913)
    case 0x958...0x95F:
      let plain: [UInt32] = [0x915, 0x916, 0x917, 0x91C, 0x921, 0x922, 0x92B, 0x92F]
      return .scalar(plain[Int(value - 0x958)])
    case 0x966...0x96F: return .scalar(0x30 + value - 0x966)
    default: return .scalar(value)
    }
  }

  // Latin-1 and Latin Extended-A without accents; a dot keeps what has no base letter.
  private static let bases = Array(
    ("aaaaaa.ceeeeiiiidnooooo.ouuuuy..aaaaaa.ceeeeiiiidnooooo.ouuuuy.y"
      + "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii..jjkkkllllll..ll"
      + "nnnnnnnnnoooooo..rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs").utf8
  )

  private static let lookAlikes: [UInt32: UInt32] = {
    let rows: [(String, String)] = [
      ("АВСЕНІЈКМОРЅТУХӀԌԚԜҮ", "ABCEHIJKMOPSTYXIGQWY"),
      ("авсеніјкморѕтухԁһԛԝӏүёпг", "abcehijkmopstyxdhqwlyenr"),
      ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹϳ", "ABEZHIKMNOPTYXCj"),
      ("αβγεικνορτυχϲησω", "abyeikvoptuxcnow"),
      ("ՕօՈոսհգց", "OoNnuhqg"),
      ("ᴀʙᴄᴅᴇᴊᴋʟᴍɴᴏᴘʀᴛᴜᴠᴡᴢ", "abcdejklmnoprtuvwz"),
      ("ℂℊℋℍℎℐℑℒℓℕℙℚℛℝℤℬℭℯℰℱℳℴⅰⅼⅽⅾⅿ", "CgHHhIILlNPQRRZBCeEFMoilcdm"),
    ]
    var table: [UInt32: UInt32] = [:]
    for (shapes, letters) in rows {
      for (shape, letter) in zip(shapes.unicodeScalars, letters.unicodeScalars) {
        table[shape.value] = letter.value
      }
    }
    return table
  }()
}
