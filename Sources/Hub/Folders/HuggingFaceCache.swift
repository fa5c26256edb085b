// SPDX-License-Identifier: Apache-2.0

import Compute

/// The folder in which programs of Hugging Face keep what they fetch; read, and never written.
///
/// `models--organization--name` holds `refs/REVISION`, a file with a commit, and
/// `snapshots/COMMIT`, a folder of links into `blobs`. (huggingface_hub, "Understand caching".)
struct HuggingFaceCache {
  let folder: String

  /// The snapshots of a model that a revision may mean, the likeliest first.
  func snapshots(of name: ModelName) -> [LocalModel] {
    let model = modelFolder(name.organization, name.repository)
    if let revision = name.revision {
      let commit = reference(revision, in: model)
      return commits(in: model)
        .filter { $0 == commit || revision.utf8.count >= 7 && $0.hasPrefix(revision) }
        .map { snapshot($0, revision: revision, of: name.identifier, in: model) }
    }
    let main = reference("main", in: model)
    let commits = commits(in: model)
    return (commits.filter { $0 == main } + commits.filter { $0 != main }).map {
      snapshot($0, revision: $0 == main ? "main" : nil, of: name.identifier, in: model)
    }
  }

  /// All models of the cache.
  func models() -> [LocalModel] {
    let names = (try? FileKind.names(inFolder: folder)) ?? []
    return names.flatMap { entry -> [LocalModel] in
      let text = entry.dropFirst("models--".count)
      guard entry.hasPrefix("models--"),
        let gap = text.firstRange(of: "--"),
        let name = ModelName("\(text[..<gap.lowerBound])/\(text[gap.upperBound...])")
      else { return [] }
      return snapshots(of: name)
    }
  }

  private func modelFolder(_ organization: String, _ repository: String) -> String {
    "\(folder)/models--\(organization)--\(repository)"
  }

  private func snapshot(
    _ commit: String,
    revision: String?,
    of identifier: String,
    in model: String
  ) -> LocalModel {
    LocalModel(
      .cache,
      identifier: identifier,
      revision: revision,
      commit: commit,
      folder: "\(model)/snapshots/\(commit)"
    )
  }

  private func commits(in model: String) -> [String] {
    let names = (try? FileKind.names(inFolder: "\(model)/snapshots")) ?? []
    return names.filter { !$0.hasPrefix(".") && DiskFolder.isFolder("\(model)/snapshots/\($0)") }
  }

  private func reference(_ revision: String, in model: String) -> String? {
    SystemFile.text("\(model)/refs/\(revision)").map { text in
      String(text.prefix { !$0.isWhitespace })
    }
  }
}
