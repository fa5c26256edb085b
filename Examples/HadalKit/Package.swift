// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

/// One of the examples, a program of its own.
func example(_ name: String) -> Target {
  .executableTarget(name: name, dependencies: [.product(name: "HadalKit", package: "hadal")])
}

// Elsewhere: .package(url: "…/hadal", from: "…"), or the path of a checkout.
let package = Package(
  name: "HadalKitExamples",
  dependencies: [.package(name: "hadal", path: "../..")],
  targets: [example("load"), example("stream"), example("tools"), example("cancel")]
)
