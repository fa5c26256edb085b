// SPDX-License-Identifier: Apache-2.0

/// Where a model's weights lie; no result depends on it.
public enum WeightResidency: String, Sendable, Hashable, CaseIterable {
  /// In their files, mapped: ready at once, and shared with other processes.
  case mapped
  /// In memory of the process, on huge pages: copied once, then read faster.
  case resident
}
