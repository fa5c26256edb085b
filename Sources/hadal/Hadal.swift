// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

@main
struct Hadal: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Runs language models.")
}
