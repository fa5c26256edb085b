// SPDX-License-Identifier: Apache-2.0

import Compute
import Diagnostics
import Testing

@Suite struct KernelPathTests {
  @Test func `the best available path is taken where nothing is forced`() throws {
    #expect(try KernelPath(environment: [:]) == KernelPath.best)
    #expect(try KernelPath(environment: ["HADAL_KERNELS": ""]) == KernelPath.best)
    #expect(KernelPath.available.first == .scalar)
    #expect(KernelPath.available.last == KernelPath.best)
  }

  @Test(arguments: KernelPath.available)
  func `an available path can be forced, and names the device`(path: KernelPath) throws {
    #expect(try KernelPath(environment: ["HADAL_KERNELS": path.rawValue]) == path)
    #expect(try CPUDevice(threadCount: 1, path: path).name == path.rawValue)
  }

  @Test func `an unknown path is refused with exit code 78`() throws {
    let error = #expect(throws: ComputeError.self) {
      try KernelPath(environment: ["HADAL_KERNELS": "AVX2"])
    }
    #expect(error == ComputeError(.unknownKernelPath("AVX2"), place: "HADAL_KERNELS"))
    #expect(error?.exitCode == .configuration)
  }

  @Test(arguments: KernelPath.allCases.filter { !KernelPath.available.contains($0) })
  func `a path that the processor lacks is refused with exit code 78`(path: KernelPath) throws {
    let error = #expect(throws: ComputeError.self) {
      try KernelPath(environment: ["HADAL_KERNELS": path.rawValue])
    }
    let available = KernelPath.available.map(\.rawValue)
    let reason = ComputeError.Reason.kernelPathUnavailable(path.rawValue, available: available)
    #expect(error == ComputeError(reason, place: "HADAL_KERNELS"))
    #expect(error?.exitCode == .configuration)
    #expect(throws: ComputeError(reason)) { try CPUDevice(threadCount: 1, path: path) }
  }
}
