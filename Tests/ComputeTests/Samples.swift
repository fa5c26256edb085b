// SPDX-License-Identifier: Apache-2.0

import Compute
import TestSupport

/// Which numbers a case is made of.
enum Flavor: String, CaseIterable, Sendable {
  /// Around 1, both signs.
  case ordinary
  /// Denormals, zeros of both signs, and numbers whose products are denormal.
  case tiny
  /// Numbers whose products and sums overflow.
  case huge
  /// One in forty is an infinity or a NaN, the others are ordinary.
  case special
}

/// Seeded inputs of kernel tests.
struct Samples {
  private var generator: SplitMix64
  let flavor: Flavor

  init(seed: UInt64, flavor: Flavor) {
    generator = SplitMix64(seed: seed)
    self.flavor = flavor
  }

  mutating func below(_ bound: Int) -> Int { Int(generator.next() % UInt64(bound)) }

  mutating func float() -> Float {
    let bits = generator.next()
    let ordinary = (Float(bits >> 40) - 8_388_608) / 4_194_304
    switch flavor {
    case .ordinary: return ordinary
    case .tiny:
      switch bits % 8 {
      case 0: return bits & 8 == 0 ? 0 : -0.0
      case 1: return Float(bitPattern: UInt32(bits >> 41) | UInt32(bits & 8) << 28)
      case 2: return bits & 8 == 0 ? .leastNormalMagnitude : -.leastNormalMagnitude
      case 3: return ordinary * 0x1p-126
      default: return ordinary * 0x1p-63
      }
    case .huge: return bits % 8 == 0 ? ordinary * 0x1p126 : ordinary * 0x1p63
    case .special:
      switch bits % 160 {
      case 0: return .infinity
      case 1: return -.infinity
      case 2: return .nan
      case 3: return .greatestFiniteMagnitude
      default: return ordinary
      }
    }
  }

  mutating func floats(_ count: Int) -> [Float] { (0..<count).map { _ in float() } }

  /// A view whose rows lie apart and start off every alignment.
  mutating func view(rows: Int, columns: Int) throws -> ActivationView {
    let view = try blankView(rows: rows, columns: columns)
    for row in 0..<rows { view.set(row: row, to: floats(columns)) }
    return view
  }

  /// A tensor that starts at an odd byte.
  mutating func tensor(_ type: ElementType, _ shape: [Int]) throws -> Tensor {
    var bytes: [UInt8] = [0xAA]
    for _ in 0..<shape.reduce(1, *) {
      switch type {
      case .bf16: bytes.append(float().bitPattern >> 16, count: 2)
      case .f16: bytes.append(halfBits(), count: 2)
      case .f8e4m3: bytes.append(byteBits(), count: 1)
      default: bytes.append(float().bitPattern, count: 4)
      }
    }
    let region = try MemoryRegion(zeroed: bytes.count)
    region.write(bytes, at: 0)
    return Tensor(region: region, byteOffset: 1, elementType: type, shape: shape)
  }

  // F16 and E4M3 are too narrow for the flavors: any bits do, NaN and infinity where those are asked.
  private mutating func halfBits() -> UInt32 {
    let bits = UInt32(truncatingIfNeeded: generator.next())
    return flavor == .special || bits & 0x7C00 != 0x7C00 ? bits & 0xFFFF : bits & 0xBFFF
  }

  private mutating func byteBits() -> UInt32 {
    let bits = UInt32(truncatingIfNeeded: generator.next()) & 0xFF
    return flavor == .special || bits & 0x7F != 0x7F ? bits : bits & 0xBF
  }
}

/// A view of zeros whose rows lie apart and start off every alignment.
func blankView(rows: Int, columns: Int) throws -> ActivationView {
  try Activations(rowCapacity: rows, columnCount: columns + 3).rows(rows).columns(1..<columns + 1)
}

extension [UInt8] {
  fileprivate mutating func append(_ bits: UInt32, count: Int) {
    for byte in 0..<count { append(UInt8(truncatingIfNeeded: bits >> (8 * UInt32(byte)))) }
  }
}
