// SPDX-License-Identifier: Apache-2.0

import Hub
import Testing

/// Names, paths and patterns: what a person or a hub writes, and what is taken from it.
@Suite struct NameTests {
  @Test(
    arguments: [
      ("org/name", "org/name", nil), ("deepseek-ai/DeepSeek-R1", "deepseek-ai/DeepSeek-R1", nil),
      ("o/n@v1.0", "o/n", "v1.0"), ("o/n@refs/pr/7", "o/n", "refs/pr/7"),
      ("_o/n_", "_o/n_", nil), ("o/n@0123456789abcdef", "o/n", "0123456789abcdef"),
    ] as [(String, String, String?)]
  )
  func `a hub's name is read`(_ text: String, _ identifier: String, _ revision: String?) throws {
    let name = try #require(ModelName(text))
    #expect(name.identifier == identifier)
    #expect(name.revision == revision)
    #expect(name.description == text)
  }

  @Test(arguments: [
    "", "/", "name", "a/b/c", "/a", "a/", "./a", "../a", "a/..", "a/.b", "a/b.", "a/-b", "a/b-",
    "a/b--c", "a/b..c", "a/b.git", "a b/c", "a/b@", "a/b@../x", "a/b@x y", "a/b@x//y", "a/b@.x",
    "a/b@x\u{0}", "a\u{0}/b", "a/ä", "a/b@x?y", "a\\b/c", "nano",
    "a/" + String(repeating: "b", count: 100),
  ])
  func `what is no hub's name is none`(_ text: String) { #expect(ModelName(text) == nil) }

  @Test(arguments: [
    "config.json", "a/b/c.safetensors", "…/x", "a b", ".gitattributes", "x..y/z", "模型.json",
  ])
  func `a path inside the folder is taken`(_ path: String) { #expect(RepositoryPath.isSafe(path)) }

  @Test(arguments: [
    "", "/", "/etc/passwd", "..", "../x", "a/../b", "a/..", ".", "a/./b", "a//b", "a/", "a\\b",
    "..\\x", "a\u{0}b", "a\nb", "a\u{1B}[2Jb", "a\u{85}b", "a\u{202E}nosj", "a\u{2066}b",
    String(repeating: "x", count: 241), String(repeating: "x/", count: 600) + "y",
  ])
  func `a path that climbs, hides or cannot be is refused`(_ path: String) {
    #expect(!RepositoryPath.isSafe(path))
  }

  @Test func `a stranger's text is shown without what a terminal obeys`() {
    #expect(RepositoryPath.shown("a\u{1B}[31mb\n") == "a\u{FFFD}[31mb\u{FFFD}")
    #expect(RepositoryPath.shown(String(repeating: "x", count: 500)).count == 200)
  }

  // What Python 3.11's fnmatch.fnmatchcase says of each.
  @Test(arguments: [
    ("*.json", "config.json", true), ("*.json", "a/b/config.json", true),
    ("*.json", "config.jsonl", false), ("model-?.bin", "model-1.bin", true),
    ("model-?.bin", "model-12.bin", false), ("[!a]*", "abc", false), ("[!a]*", "bbc", true),
    ("[a-c]x", "bx", true), ("[a-c]x", "dx", false), ("a[]]b", "a]b", true), ("a[", "a[", true),
    ("a[b", "a[b", true), ("**/x", "a/x", true), ("*", "", true), ("", "", true),
    ("", "a", false), ("a*b*c", "aXbYc", true), ("a*b*c", "aXbY", false),
    ("*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaa", false), ("[a-]x", "-x", true),
    ("[z-a]x", "bx", false), ("é?", "é中", true), ("[!]]x", "ax", true), ("[!]]x", "]x", false),
    ("A*", "abc", false), ("a.b", "axb", false), ("[!]", "[!]", true), ("a[b-d-f]", "a-", true),
    ("a[--0]", "a/", true), ("[^a]b", "^b", true),
  ])
  func `patterns match as fnmatch does`(_ pattern: String, _ path: String, _ matches: Bool) {
    #expect(GlobPattern(pattern).matches(path) == matches)
  }

  @Test func `a pattern that ends in a slash stands for a folder's files`() {
    #expect(GlobPattern("onnx/").matches("onnx/a/b"))
    #expect(!GlobPattern("onnx/").matches("onnx"))
  }

  @Test func `no pattern takes more than its length times the path's`() {
    let pattern = GlobPattern(String(repeating: "*a", count: 500) + "b")
    #expect(!pattern.matches(String(repeating: "a", count: 1000)))
  }
}
