// SPDX-License-Identifier: Apache-2.0

public import Compute

/// The devices that tests compute with.
public enum TestDevices {
  /// The fastest kernels of this machine.
  public static func cpu(threads: Int = 2) throws -> any Device {
    try CPUDevice(threadCount: threads, path: KernelPath.best)
  }

  /// Every kernel path of this machine.
  public static func allPaths(threads: Int = 2) throws -> [any Device] {
    try KernelPath.available.map { try CPUDevice(threadCount: threads, path: $0) }
  }
}
