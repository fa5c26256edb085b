// SPDX-License-Identifier: Apache-2.0

/// Published training times, on which the four shares are fitted.
///
/// Where number of devices, batch or layout were not published the row's source says what is assumed;
/// times hardly depend on them, since all three choices keep devices busy.
public enum TrainingRecords {
  /// All of them.
  public static let all: [TrainingRecord] = deepSeek + llama + small
}
