// SPDX-License-Identifier: Apache-2.0

/// The control groups around a process, which limit what a container may use.
///
/// A limit may stand at any group between the process's own and the root, and the least one holds.
/// Both versions of the kernel's interface are read (Linux, `Documentation/admin-guide/cgroup-v2.rst`
/// and `cgroup-v1/`). In a container the path that the process is told may lie outside of what it
/// sees: such folders have no files, and the root that it sees is its own group.
struct ControlGroup {
  /// Where its files lie.
  let folder: String
  /// Whether its files are those of version 2.
  let isUnified: Bool

  /// The groups that a controller limits a process by, its own first.
  ///
  /// - Parameters:
  ///   - controller: Version 1's name: `cpu` or `memory`.
  ///   - read: Gives a file's text, nil where it cannot be read.
  /// - Returns: The groups; that they have files is not said.
  static func all(of controller: String, reading read: (String) -> String?) -> [ControlGroup] {
    let root = "/sys/fs/cgroup"
    // A system without /proc may show the root all the same.
    var groups = [ControlGroup(folder: root, isUnified: true)]
    for line in (read("/proc/self/cgroup") ?? "").split(separator: "\n") {
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { continue }
      let path = String(fields[2])
      if fields[0] == "0", fields[1].isEmpty {
        groups += folders(root, path).map { ControlGroup(folder: $0, isUnified: true) }
      } else if fields[1].split(separator: ",").contains(where: { $0 == controller }) {
        groups += folders("\(root)/\(controller)", path)
          .map { ControlGroup(folder: $0, isUnified: false) }
      }
    }
    return groups
  }

  /// A group's folder and all above it up to the root.
  private static func folders(_ root: String, _ path: String) -> [String] {
    var names = path.split(separator: "/")
    var result: [String] = []
    while !names.isEmpty {
      result.append(root + "/" + names.joined(separator: "/"))
      names.removeLast()
    }
    return result + [root]
  }

  /// How many processors its share of time keeps busy, nil where it has no such limit.
  func coreCount(reading read: (String) -> String?) -> Int? {
    if isUnified { return read(folder + "/cpu.max").flatMap(ThreadPool.coreCount(ofQuota:)) }
    guard let quota = read(folder + "/cpu.cfs_quota_us"),
      let period = read(folder + "/cpu.cfs_period_us")
    else { return nil }
    return ThreadPool.coreCount(ofQuota: quota + " " + period)
  }

  /// Bytes that it may still use, nil where it has no such limit.
  ///
  /// What it holds of files, mapped weights too, is given back when memory is needed, as in the
  /// system's own `MemAvailable`.
  func memoryLeft(reading read: (String) -> String?) -> Int? {
    let (limitFile, usageFile) =
      isUnified
      ? ("memory.max", "memory.current") : ("memory.limit_in_bytes", "memory.usage_in_bytes")
    func number(in file: String) -> Int? {
      read(folder + "/" + file).flatMap { Int($0.split(separator: "\n").first ?? "") }
    }
    guard let limit = number(in: limitFile), limit >= 0 else { return nil }
    let statistics = read(folder + "/memory.stat") ?? ""
    let prefix = isUnified ? "" : "total_"
    var used = number(in: usageFile) ?? 0
    for name in ["active_file", "inactive_file"] {
      used -= SystemMemory.field(prefix + name, of: statistics) ?? 0
    }
    return max(limit - max(used, 0), 0)
  }
}
