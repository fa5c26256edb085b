// SPDX-License-Identifier: Apache-2.0

/// The number of the arithmetic: raised whenever any bit of any result may change.
///
/// Receipts, caches and hashes carry it.
public let arithmeticVersion = 1
