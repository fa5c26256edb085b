// SPDX-License-Identifier: Apache-2.0

import CProcess

/// The words of the command line.
enum Arguments {
  /// All after the program's name.
  static let given: [String] = {
    // Swift reads its own list from /proc, which a bare container lacks.
    var arguments: [String] = []
    while let argument = unsafe hdl_process_argument(Int32(arguments.count + 1)) {
      arguments.append(unsafe String(cString: argument))
    }
    return arguments
  }()
}
