// SPDX-License-Identifier: Apache-2.0

/// The fixed cuts of attention; a change here changes bits.
enum AttentionForm {
  /// Keys of one online softmax; spans are merged in order, so that keys can be divided later.
  static let spanExtent = 1024
}

extension LogSumExp {
  /// Ids of one span of log-softmax.
  static let spanExtent = 4096
}
