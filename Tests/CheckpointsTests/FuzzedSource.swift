// SPDX-License-Identifier: Apache-2.0

import Checkpoints
import Compute
import Testing

/// Whether damaged bytes open: then every tensor must be there to be read to its end, else the error
/// must say something.
func opensWhole(_ open: () throws -> any TensorSource) -> Bool {
  do {
    let source = try open()
    for name in source.names {
      guard let tensor = source.tensor(name) else { return false }
      _ = tensor.firstNonFiniteIndex
      _ = (tensor.rowCount, tensor.columnCount)
    }
    return true
  } catch {
    #expect(!"\(error)".isEmpty)
    return false
  }
}
