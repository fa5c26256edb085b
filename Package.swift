// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

let swiftSettings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .enableUpcomingFeature("InferIsolatedConformances"),
  .enableUpcomingFeature("ImmutableWeakCaptures"),
  .enableExperimentalFeature("Lifetimes"),
]

let cSettings: [CSetting] = [.treatAllWarnings(as: .error)]

func target(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}

func tests(
  _ name: String,
  _ dependencies: [Target.Dependency],
  exclude: [String] = []
) -> Target {
  .testTarget(
    name: name,
    dependencies: dependencies + ["TestSupport"],
    exclude: exclude,
    swiftSettings: swiftSettings
  )
}

let package = Package(
  name: "hadal",
  products: [
    .executable(name: "hadal", targets: ["hadal"]),
    .library(name: "HadalKit", targets: ["HadalKit"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
    .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    .package(
      url: "https://github.com/hummingbird-project/hummingbird",
      exact: "2.28.1",
      traits: []
    ),
    .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
    .package(
      url: "https://github.com/swift-server/swift-service-lifecycle",
      exact: "2.13.0"
    ),
  ],
  targets: [
    // From the bottom of the house to its top; a target imports only what stands above it here.
    .target(name: "CKernels", cSettings: cSettings),
    target("Diagnostics"),
    target("JSON", ["Diagnostics"]),
    target("Hashing", [.product(name: "Crypto", package: "swift-crypto")]),
    target("YAML", ["JSON", "Diagnostics", .product(name: "Yams", package: "Yams")]),
    // Files within the program are embedded by the compiler, not copied by the package manager.
    .target(name: "CAssets", exclude: ["configs", "nano", "plan"], cSettings: cSettings),
    target("Compute", ["CKernels", "CAssets", "Diagnostics"]),
    target(
      "Hub",
      [
        "Compute", "Hashing", "JSON", "Diagnostics",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOFoundationEssentialsCompat", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ]
    ),
    target("Checkpoints", ["Compute", "JSON", "Diagnostics"]),
    target("Identity", ["Hashing", "JSON", "Diagnostics"]),
    target("Tokenization", ["Checkpoints", "Compute", "JSON", "Diagnostics"]),
    target("Models", ["Checkpoints", "Compute", "JSON", "Diagnostics"]),
    target(
      "Inference",
      [
        "Models", "Tokenization", "Checkpoints", "Compute", "Hashing", "JSON", "Diagnostics",
      ]
    ),
    target("Constraints", ["JSON", "Diagnostics"]),
    target("Ledger", ["Compute", "Hashing", "JSON", "Diagnostics"]),
    target("Planning", ["Models", "Compute", "JSON", "Diagnostics"]),
    target("Evaluation", ["Identity", "JSON", "Diagnostics"]),
    target(
      "Training",
      [
        "Planning", "Ledger", "Inference", "Models", "Tokenization", "Checkpoints", "Compute",
        "YAML", "Hashing", "JSON", "Diagnostics",
      ]
    ),
    // The face for other programs: no HTTP and no database stand below it.
    target(
      "HadalKit",
      [
        "Constraints", "Inference", "Models", "Tokenization", "Checkpoints", "Compute", "JSON",
        "Diagnostics",
      ]
    ),
    target("Terminal", ["Diagnostics"]),
    target(
      "Storage",
      ["Ledger", "Hashing", "JSON", "Diagnostics", .product(name: "GRDB", package: "GRDB.swift")]
    ),
    target(
      "Serving",
      [
        "HadalKit", "Storage", "Constraints", "Inference", "Planning", "Models", "Tokenization",
        "Checkpoints", "Compute", "Hashing", "JSON", "Diagnostics",
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "HummingbirdTLS", package: "hummingbird"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ]
    ),
    target("Settings", ["YAML", "JSON", "Diagnostics"]),
    .target(name: "CProcess", cSettings: cSettings),
    .executableTarget(
      name: "hadal",
      dependencies: [
        "Settings", "Terminal", "Serving", "Storage", "Training", "Evaluation", "Planning",
        "Ledger", "Inference", "Models", "Tokenization", "Identity", "Checkpoints", "Hub",
        "Compute", "Hashing", "JSON", "Diagnostics", "CProcess",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: swiftSettings
    ),
    // Writes the reference of all commands; a tool of scripts/generate-reference.
    .executableTarget(
      name: "CommandReference",
      dependencies: ["Settings", "Diagnostics"],
      swiftSettings: swiftSettings
    ),
    .executableTarget(
      name: "KernelBenchmarks",
      dependencies: [
        "Compute", "JSON",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Benchmarks/KernelBenchmarks",
      swiftSettings: swiftSettings
    ),
    .executableTarget(
      name: "TokenizerBenchmarks",
      dependencies: [
        "Tokenization", "JSON",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Benchmarks/TokenizerBenchmarks",
      swiftSettings: swiftSettings
    ),
    .target(
      name: "TestSupport",
      dependencies: [
        "Models", "Checkpoints", "Compute", "JSON", "Diagnostics",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      path: "Tests/TestSupport",
      swiftSettings: swiftSettings
    ),
    tests("DiagnosticsTests", ["Diagnostics"]),
    tests("JSONTests", ["JSON", "Diagnostics"]),
    tests("HashingTests", ["Hashing"]),
    tests("YAMLTests", ["YAML", "Diagnostics"]),
    tests("ComputeTests", ["Compute", "Diagnostics"]),
    tests("HubTests", ["Hub", "Compute", "JSON", "Diagnostics"], exclude: ["Fixtures"]),
    tests("CheckpointsTests", ["Checkpoints", "Compute", "JSON", "Diagnostics"]),
    tests("IdentityTests", ["Identity", "JSON", "Diagnostics"], exclude: ["Fixtures"]),
    tests("TokenizationTests", ["Tokenization", "Compute", "JSON", "Diagnostics"]),
    tests(
      "ModelsTests",
      ["Models", "Checkpoints", "Compute", "JSON", "Diagnostics"],
      exclude: ["Fixtures"]
    ),
    tests(
      "InferenceTests",
      ["Inference", "Models", "Tokenization", "Checkpoints", "Compute", "JSON", "Diagnostics"]
    ),
    tests("ConstraintsTests", ["Constraints", "JSON", "Diagnostics"]),
    tests("LedgerTests", ["Ledger", "Hashing", "Compute", "JSON", "Diagnostics"]),
    tests(
      "PlanningTests",
      ["Planning", "Models", "Checkpoints", "Compute", "JSON", "Diagnostics"]
    ),
    tests("EvaluationTests", ["Evaluation", "JSON", "Diagnostics"]),
    tests(
      "TrainingTests",
      [
        "Training", "Ledger", "Models", "Tokenization", "Checkpoints", "Compute", "YAML", "Hashing",
        "JSON", "Diagnostics",
      ]
    ),
    tests(
      "HadalKitTests",
      ["HadalKit", "Constraints", "Inference", "Tokenization", "Compute", "JSON", "Diagnostics"]
    ),
    // A program for the tests of the terminal alone.
    .executableTarget(
      name: "TerminalTrial",
      dependencies: ["Terminal"],
      path: "Tests/TerminalTrial",
      swiftSettings: swiftSettings
    ),
    tests("TerminalTests", ["Terminal", "TerminalTrial", "Diagnostics"]),
    tests(
      "StorageTests",
      ["Storage", "Ledger", "JSON", "Diagnostics", .product(name: "GRDB", package: "GRDB.swift")]
    ),
    tests(
      "ServingTests",
      [
        "Serving", "Storage", "Inference", "Models", "Tokenization", "Planning", "JSON",
        "Diagnostics",
        .product(name: "GRDB", package: "GRDB.swift"),
      ]
    ),
    tests("SettingsTests", ["Settings", "YAML", "Diagnostics"]),
    tests("CommandReferenceTests", ["CommandReference", "Settings"]),
    tests("CommandTests", ["hadal", "Settings", "Checkpoints", "Compute", "JSON", "Diagnostics"]),
    tests("TidyTests", []),
  ]
)

// For documentation as a site; who builds or tests need not fetch it.
if Context.environment["HADAL_DOCC"] != nil {
  package.dependencies.append(
    .package(url: "https://github.com/swiftlang/swift-docc-plugin", exact: "1.5.0")
  )
}
