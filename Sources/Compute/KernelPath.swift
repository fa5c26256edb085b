// SPDX-License-Identifier: Apache-2.0

import CKernels

/// The instruction set that kernels use; every path gives the same bits.
public enum KernelPath: String, Sendable, Hashable, CaseIterable {
  /// Any processor of the architecture.
  case scalar
  /// AVX2, FMA and F16C.
  case avx2
  /// AVX-512 F, BW, VL and DQ.
  case avx512
  /// AVX-512 with BF16 and VBMI.
  case avx512bf16

  /// The environment variable that forces a path.
  public static let environmentVariable = "HADAL_KERNELS"

  /// The paths that this processor can run, from the narrowest.
  public static let available: [KernelPath] = allCases.filter {
    hdl_path_available($0.number) != 0
  }

  /// The widest path that this processor can run.
  public static var best: KernelPath { available.last ?? .scalar }

  /// Takes the path that `HADAL_KERNELS` names, or the best one where it is unset or empty.
  ///
  /// - Parameter environment: The variables of the process.
  /// - Throws: `ComputeError` if no path has the name, or the processor lacks it.
  public init(environment: [String: String]) throws(ComputeError) {
    guard let name = environment[Self.environmentVariable], !name.isEmpty else {
      self = .best
      return
    }
    guard let path = KernelPath(rawValue: name) else {
      throw ComputeError(.unknownKernelPath(name), place: Self.environmentVariable)
    }
    guard Self.available.contains(path) else {
      let available = Self.available.map(\.rawValue)
      throw ComputeError(
        .kernelPathUnavailable(name, available: available),
        place: Self.environmentVariable
      )
    }
    self = path
  }

  /// What the C side calls it.
  var number: Int32 {
    switch self {
    case .scalar: Int32(HDL_SCALAR)
    case .avx2: Int32(HDL_AVX2)
    case .avx512: Int32(HDL_AVX512)
    case .avx512bf16: Int32(HDL_AVX512BF16)
    }
  }
}
