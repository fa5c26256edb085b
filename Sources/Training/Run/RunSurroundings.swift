// SPDX-License-Identifier: Apache-2.0

public import Ledger

/// What a run is told of the machine and the program; none of it changes a bit of the result.
public struct RunSurroundings: Sendable, Hashable {
  /// What computes, in words: the processor, its threads and the kernel path.
  public var device: String
  /// How many threads compute.
  public var threadCount: Int
  /// Operations a second that the machine's matrix products reach, nil where nobody measured.
  public var peak: Double?
  /// Bytes of memory that can be had, nil where the system does not say.
  public var availableByteCount: Int?
  /// The folder of the ledger, nil where nothing is accounted for.
  public var ledgerFolder: String?
  /// What the rows' energy and money are reckoned by.
  public var costBasis: CostBasis
  /// The program's version.
  public var code: String?

  /// Takes what is known; without a folder for the ledger no row is written.
  public init(
    device: String = "",
    threadCount: Int = 1,
    peak: Double? = nil,
    availableByteCount: Int? = nil,
    ledgerFolder: String? = nil,
    costBasis: CostBasis = CostBasis(),
    code: String? = nil
  ) {
    self.device = device
    self.threadCount = threadCount
    self.peak = peak
    self.availableByteCount = availableByteCount
    self.ledgerFolder = ledgerFolder
    self.costBasis = costBasis
    self.code = code
  }
}
