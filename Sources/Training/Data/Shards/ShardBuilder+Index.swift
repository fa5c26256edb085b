// SPDX-License-Identifier: Apache-2.0

import Hashing
import Tokenization

extension ShardBuilder {
  /// What shards.json says before any document is looked at.
  static func index(
    _ corpus: Corpus,
    _ options: Options,
    _ tokenizer: Tokenizer,
    _ tokenizerDigest: [UInt8],
    _ template: String
  ) -> ShardsIndex {
    let padding =
      tokenizer.addedTokens.first { $0.content == ControlToken.padding.content }?.id
      ?? tokenizer.endOfTextID ?? 0
    return ShardsIndex(
      tokenizerDigest: Hexadecimal.text(tokenizerDigest),
      vocabularyCount: tokenizer.vocabularyCount,
      paddingID: Int(padding),
      recipe: ShardsIndex.Recipe(
        unit: corpus.unit,
        validationShare: options.validationShare,
        nearThreshold: options.nearThreshold,
        middleFillingRate: options.middleFillingRate,
        seed: options.seed,
        template: template
      ),
      sources: corpus.sources.map { source in
        ShardsIndex.Source(
          path: source.path,
          license: options.license,
          digest: source.digest,
          byteCount: source.byteCount
        )
      },
      shards: []
    )
  }
}
