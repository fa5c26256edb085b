// SPDX-License-Identifier: Apache-2.0

import Compute
import Testing

// Method: the texts of the system's files are given, as the kernel's documentation shows them, and
// the limits that follow from them are worked out by hand.
@Suite struct ControlGroupTests {
  private static let megabyte = 1 << 20

  /// A system that has these files and no others.
  private func reader(_ files: [String: String]) -> (String) -> String? { { files[$0] } }

  @Test(arguments: [
    ("max 100000\n", 8), ("100000 100000\n", 1), ("50000 100000\n", 1), ("150000 100000\n", 2),
    ("200000 100000\n", 2), ("3000 1000\n", 3), ("1600000 100000\n", 8), ("0 100000\n", 8),
    ("-1 100000\n", 8), ("100000 0\n", 8), ("100000\n", 8), ("half 100000\n", 8), ("", 8),
    ("1 2 3\n", 8), ("99999999999999999999 100000\n", 8),
  ])
  func `the root's quota limits eight processors`(text: String, coreCount: Int) {
    let read = reader(["/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/cpu.max": text])
    #expect(ThreadPool.coreCount(inSet: 8, reading: read) == coreCount)
  }

  @Test func `of nested groups the narrowest limits`() {
    var files = [
      "/proc/self/cgroup": "0::/pods/one/box\n",
      "/sys/fs/cgroup/pods/one/box/cpu.max": "max 100000\n",
      "/sys/fs/cgroup/pods/one/cpu.max": "250000 100000\n",
      "/sys/fs/cgroup/pods/cpu.max": "600000 100000\n",
    ]
    #expect(ThreadPool.coreCount(inSet: 8, reading: reader(files)) == 3)
    files["/sys/fs/cgroup/pods/cpu.max"] = "100000 100000\n"
    #expect(ThreadPool.coreCount(inSet: 8, reading: reader(files)) == 1)
    files["/sys/fs/cgroup/pods/cpu.max"] = nil
    files["/sys/fs/cgroup/pods/one/box/cpu.max"] = "120000 100000\n"
    #expect(ThreadPool.coreCount(inSet: 8, reading: reader(files)) == 2)
  }

  @Test func `a group that the container cannot see is its root`() {
    let read = reader([
      "/proc/self/cgroup": "0::/system.slice/docker-0123.scope\n",
      "/sys/fs/cgroup/cpu.max": "200000 100000\n",
    ])
    #expect(ThreadPool.coreCount(inSet: 8, reading: read) == 2)
  }

  @Test func `version 1 limits the same`() {
    var files = [
      "/proc/self/cgroup": "5:cpuset:/\n4:cpu,cpuacct:/box\n3:memory:/box\n0::/\n",
      "/sys/fs/cgroup/cpu/box/cpu.cfs_quota_us": "150000\n",
      "/sys/fs/cgroup/cpu/box/cpu.cfs_period_us": "100000\n",
    ]
    #expect(ThreadPool.coreCount(inSet: 8, reading: reader(files)) == 2)
    files["/sys/fs/cgroup/cpu/box/cpu.cfs_quota_us"] = "-1\n"
    #expect(ThreadPool.coreCount(inSet: 8, reading: reader(files)) == 8)
  }

  @Test(arguments: ["", "nonsense", "0:", "::\n\n::::", "0::relative", "x:cpu:/"])
  func `a list of groups that is no list limits nothing`(text: String) {
    let read = reader(["/proc/self/cgroup": text])
    #expect(ThreadPool.coreCount(inSet: 8, reading: read) == 8)
    #expect(SystemMemory.availableByteCount(reading: read) == nil)
  }

  @Test func `the processor set limits, to one at least`() {
    #expect(ThreadPool.coreCount(inSet: 1, reading: reader([:])) == 1)
    #expect(ThreadPool.coreCount(inSet: 0, reading: reader([:])) == 1)
    #expect(ThreadPool.coreCount(inSet: 4096, reading: reader([:])) == 1024)
  }

  @Test func `memory is what the system has within the group's limit`() {
    var files = ["/proc/meminfo": "MemTotal:  9000000 kB\nMemAvailable:    8000000 kB\n"]
    #expect(SystemMemory.availableByteCount(reading: reader(files)) == 8_000_000 * 1024)
    files["/proc/self/cgroup"] = "0::/box\n"
    files["/sys/fs/cgroup/box/memory.max"] = "max\n"
    #expect(SystemMemory.availableByteCount(reading: reader(files)) == 8_000_000 * 1024)
    files["/sys/fs/cgroup/box/memory.max"] = "\(100 * Self.megabyte)\n"
    files["/sys/fs/cgroup/box/memory.current"] = "\(70 * Self.megabyte)\n"
    #expect(SystemMemory.availableByteCount(reading: reader(files)) == 30 * Self.megabyte)
    files["/sys/fs/cgroup/memory.max"] = "\(10 * Self.megabyte)\n"
    #expect(SystemMemory.availableByteCount(reading: reader(files)) == 10 * Self.megabyte)
    files["/sys/fs/cgroup/box/memory.current"] = "\(101 * Self.megabyte)\n"
    #expect(SystemMemory.availableByteCount(reading: reader(files)) == 0)
  }

  // The weights of an earlier run lie in the page cache and count as used: a second run must not be
  // refused for them.
  @Test func `files that a group holds in memory can be had`() {
    let read = reader([
      "/proc/self/cgroup": "0::/\n",
      "/sys/fs/cgroup/memory.max": "\(100 * Self.megabyte)\n",
      "/sys/fs/cgroup/memory.current": "\(90 * Self.megabyte)\n",
      "/sys/fs/cgroup/memory.stat":
        "anon \(10 * Self.megabyte)\nactive_file \(60 * Self.megabyte)\n"
        + "inactive_file \(20 * Self.megabyte)\n",
    ])
    #expect(SystemMemory.availableByteCount(reading: read) == 90 * Self.megabyte)
  }

  @Test func `version 1 limits memory the same`() {
    var files = [
      "/proc/self/cgroup": "4:memory:/box\n0::/\n",
      "/proc/meminfo": "MemAvailable:    8000000 kB\n",
      "/sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
      "/sys/fs/cgroup/memory/box/memory.limit_in_bytes": "\(50 * Self.megabyte)\n",
      "/sys/fs/cgroup/memory/box/memory.usage_in_bytes": "\(40 * Self.megabyte)\n",
      "/sys/fs/cgroup/memory/box/memory.stat": "total_active_file \(5 * Self.megabyte)\n",
    ]
    #expect(SystemMemory.availableByteCount(reading: reader(files)) == 15 * Self.megabyte)
    files["/sys/fs/cgroup/memory/box/memory.limit_in_bytes"] = "9223372036854771712\n"
    #expect(SystemMemory.availableByteCount(reading: reader(files)) == 8_000_000 * 1024)
  }
}
