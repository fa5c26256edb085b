// SPDX-License-Identifier: Apache-2.0

/// The comparisons that made headlines in January 2025, each unfolded.
public enum HeadlineComparison: String, Sendable, Hashable, CaseIterable {
  /// DeepSeek-V3 against Llama 3.1 405B: "eleven times".
  case v3Llama = "v3-llama"
  /// R1 against o1 at list prices: "20 to 50 times".
  case r1o1 = "r1-o1"
  /// What $5.576 M leave out.
  case leftOut = "left-out"
  /// 10,000 A100 and the claimed 50,000 H100.
  case clusters
  /// R1's own training.
  case r1

  /// Works the comparison out.
  ///
  /// - Parameter catalog: Models by name.
  /// - Throws: `PlanError` where a configuration is absent.
  /// - Returns: Its figures.
  public func comparison(_ catalog: ModelCatalog) throws(PlanError) -> Comparison {
    switch self {
    case .v3Llama: try Headlines.v3AgainstLlama(catalog)
    case .r1o1: Headlines.r1AgainstO1
    case .leftOut: Headlines.leftOut
    case .clusters: try Headlines.clusters(catalog)
    case .r1: Headlines.r1
    }
  }
}
