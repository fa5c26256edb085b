// SPDX-License-Identifier: Apache-2.0

import Checkpoints
import Compute
import JSON

/// A checkpoint that answers what is written down, for tests of terminals, servers and pages.
///
/// It is a Llama like any other and runs through the program's own code: its layers add nothing, and
/// its head takes each token to the one that follows in the script. The first user message gets the
/// first answer, and so on; after the last one they begin again.
public struct ScriptedModel: Sendable {
  /// One answer.
  public struct Answer: Sendable {
    /// What it says.
    public var text: String
    /// Whether it begins again at its end, for ever.
    public var isEndless: Bool

    /// Creates an answer.
    public init(_ text: String, isEndless: Bool = false) {
      self.text = text
      self.isEndless = isEndless
    }
  }

  /// The answers.
  public var answers: [Answer]
  /// How many layers there are: each takes some microseconds a token, which makes the model as slow as
  /// a large one.
  public var layerCount = 1
  /// The most positions a conversation may have.
  public var contextLength = 8192
  /// Whether its prompts end inside the reasoning.
  public var opensReasoning = false
  /// Whether its template has a switch for thinking.
  public var hasThinkingSwitch = false

  /// Creates a model.
  public init(_ answers: [Answer]) { self.answers = answers }

  /// Writes the folder: configuration, weights, tokenizer and chat template.
  ///
  /// - Throws: An error where it cannot be written, and `Fault` where the script is too long to be told
  ///   apart.
  public func write(to folder: String) throws {
    let script = ScriptedTokens(answers)
    for (name, text) in [
      ("config.json", configuration(script)),
      ("tokenizer.json", script.tokenizer),
      ("tokenizer_config.json", tokenizerConfiguration),
      ("chat_template.jinja", template),
    ] { try SystemFolder.write(Array(text.utf8), to: "\(folder)/\(name)") }
    try weights(script).write(to: folder + "/model.safetensors")
  }

  /// Two tokens of the script cannot be told apart by their embeddings.
  public struct Fault: Error {}

  private static let hiddenSize = 128
  private static let headSize = 16

  private func configuration(_ script: ScriptedTokens) -> String {
    """
    {"architectures":["LlamaForCausalLM"],"model_type":"llama","hidden_act":"silu",
     "hidden_size":\(Self.hiddenSize),"intermediate_size":16,"num_hidden_layers":\(layerCount),
     "num_attention_heads":1,"num_key_value_heads":1,"head_dim":\(Self.headSize),
     "max_position_embeddings":\(contextLength),"rms_norm_eps":1e-6,"rope_theta":10000.0,
     "tie_word_embeddings":false,"vocab_size":\(script.count),"torch_dtype":"float32",
     "bos_token_id":\(script.beginID),"eos_token_id":\(script.endID)}
    """
  }

  private var tokenizerConfiguration: String {
    #"{"bos_token":"<s>","eos_token":"</s>","add_bos_token":false,"#
      + #""tokenizer_class":"PreTrainedTokenizerFast"}"#
  }

  private var template: String {
    let choices = answers.indices.map { index in
      let word = index == 0 ? "if" : "elif"
      return "{% \(word) turns.count % \(answers.count) == \(index) %}<|answer\(index)|>"
    }
    let thinking =
      hasThinkingSwitch
      ? "{% if enable_thinking is defined and not enable_thinking %}<|silent|>{% endif %}" : ""
    return """
      <s>{% set turns = namespace(count=-1) %}{% for m in messages %}\
      {% if m.role == 'user' %}{% set turns.count = turns.count + 1 %}{% endif %}\
      <|{{ m.role }}|>{{ m.content }}</s>{% endfor %}\
      {% if add_generation_prompt %}<|assistant|>\(thinking)\(choices.joined()){% endif %}\
      \(opensReasoning ? "<think>" : ""){% endif %}
      """
  }

  private func weights(_ script: ScriptedTokens) throws -> SafetensorsWriter {
    let size = Self.hiddenSize
    var random = SplitMix64(seed: 1)
    // Signs at random: those of two tokens agree in about half the places.
    let embedding = (0..<script.count * size).map { _ in random.next() & 1 == 0 ? Float(1) : -1 }
    var head = [Float](repeating: 0, count: script.count * size)
    for (id, next) in script.successors {
      for index in 0..<size { head[Int(next) * size + index] += embedding[Int(id) * size + index] }
    }
    guard isFaithful(script, embedding, head) else { throw Fault() }
    var writer = SafetensorsWriter(metadata: ["format": "pt"])
    writer.add(
      "model.embed_tokens.weight",
      try Tensor(embedding, shape: [script.count, size])
    )
    writer.add("lm_head.weight", try Tensor(head, shape: [script.count, size]))
    writer.add("model.norm.weight", try constant(1, [size]))
    for layer in 0..<layerCount { try addLayer("model.layers.\(layer)", to: &writer) }
    return writer
  }

  private func addLayer(_ name: String, to writer: inout SafetensorsWriter) throws {
    let (size, heads) = (Self.hiddenSize, Self.headSize)
    for norm in ["input_layernorm", "post_attention_layernorm"] {
      writer.add("\(name).\(norm).weight", try constant(1, [size]))
    }
    for (matrix, shape) in [
      ("self_attn.q_proj", [heads, size]), ("self_attn.k_proj", [heads, size]),
      ("self_attn.v_proj", [heads, size]), ("self_attn.o_proj", [size, heads]),
      ("mlp.gate_proj", [16, size]), ("mlp.up_proj", [16, size]), ("mlp.down_proj", [size, 16]),
    ] { writer.add("\(name).\(matrix).weight", try constant(0, shape)) }
  }

  private func constant(_ value: Float, _ shape: [Int]) throws -> Tensor {
    try Tensor([Float](repeating: value, count: shape.reduce(1, *)), shape: shape)
  }

  /// Whether every token's largest logit is its successor's.
  private func isFaithful(_ script: ScriptedTokens, _ embedding: [Float], _ head: [Float]) -> Bool {
    let size = Self.hiddenSize
    return script.successors.allSatisfy { id, next in
      let logits = (0..<script.count).map { row in
        (0..<size).reduce(Float(0)) { $0 + embedding[Int(id) * size + $1] * head[row * size + $1] }
      }
      return logits.indices.allSatisfy { $0 == Int(next) || logits[$0] < logits[Int(next)] }
    }
  }
}
