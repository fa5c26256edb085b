// SPDX-License-Identifier: Apache-2.0

import CKernels

extension ThreadPool {
  /// How many processors this process may run on, 1 to 1,024: a container may have fewer than the
  /// machine.
  public static var coreCount: Int { min(Int(hdl_core_count()), 1024) }
}
