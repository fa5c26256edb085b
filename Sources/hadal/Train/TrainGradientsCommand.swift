// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Checkpoints
import Compute
import Diagnostics
import Hub
import Inference
import JSON
import Models
import Training

/// `hadal train gradients`.
struct TrainGradientsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gradients",
    abstract: "Write the gradients of one batch and the weights after some steps.",
    discussion: """
      The loss is the plain mean of cross-entropy over all tokens but each sequence's first, without
      multi-token prediction and without a balance loss, whatever config.json says; no selection bias
      is updated. Weight decay acts on tensors of two or more dimensions. Gradients are multiplied
      with min(1, clip / (norm + 1e-6)); those that are written are not. DIR holds
      gradients.safetensors, those of the first step, and after.safetensors, the weights at the end.

        hadal train gradients -m FOLDER --batch FILE --steps 3 --out DIR --json
      """
  )

  @OptionGroup var model: ModelOptions

  @Option(
    help: ArgumentHelp(
      "A safetensors file with a tensor ids, I32 [sequences, length].",
      valueName: "file"
    )
  )
  var batch: String

  @Option(help: "How many steps to take; 0 for the gradients alone.")
  var steps = 1

  @Option(help: ArgumentHelp("The folder to write to.", valueName: "dir"))
  var out: String

  @Option(help: "The learning rate.")
  var learningRate = 1e-3

  @Option(help: ArgumentHelp("Both betas of AdamW, with a comma between.", valueName: "b1,b2"))
  var betas = "0.9,0.95"

  @Option(help: "What is added to the root of the second moment.")
  var epsilon = 1e-8

  @Option(help: "Weight decay, on tensors of two or more dimensions.")
  var weightDecay = 0.1

  @Option(help: "The largest gradient norm.")
  var clip = 1.0

  func validate() throws {
    guard (0...1_000_000).contains(steps) else {
      throw ValidationError("--steps is \(steps), but must be 0…1000000")
    }
    _ = try settings()
  }

  private func settings() throws -> AdamWSettings {
    let values = betas.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
    guard values.count == 2, let first = values[0], let second = values[1],
      (0..<1).contains(first), (0..<1).contains(second)
    else {
      throw ValidationError("--betas is '\(betas)', but must be two numbers from 0 to below 1")
    }
    guard learningRate.isFinite, epsilon > 0, weightDecay >= 0, clip > 0 else {
      throw ValidationError(
        "--learning-rate, --epsilon, --weight-decay and --clip must be positive numbers"
      )
    }
    var settings = AdamWSettings()
    (settings.beta1, settings.beta2) = (first, second)
    settings.epsilon = epsilon
    settings.weightDecay = weightDecay
    settings.clip = clip
    return settings
  }

  func run() throws {
    let trial = try makeTrial()
    try FolderCreation.ensure(out)
    var losses: [Double] = []
    var norms: [Double] = []
    for step in 0..<max(steps, 1) {
      try Interruption.check()
      let found = try trial.step(rate: steps == 0 ? 0 : learningRate)
      if step == 0 { try write(found.gradients, to: "\(out)/gradients.safetensors") }
      losses.append(found.loss)
      norms.append(found.norm)
    }
    if steps > 0 { losses.append(try trial.loss()) }
    let weights = trial.parameters.list.map { (parameter: $0, values: trial.parameters.master($0)) }
    try write(weights, to: "\(out)/after.safetensors")
    try show(losses, norms)
  }

  private func makeTrial() throws -> GradientTrial {
    let path = try ModelPlace.folder(of: model.model, needing: .weights)
    let architecture = try Architecture(
      configuration: CheckpointFolder.configuration(inFolder: path).root
    )
    let checkpoint = try CheckpointFolder(path: path)
    try CheckpointCheck(checkpoint, architecture).requireLoadable()
    let file = try SafetensorsFile(path: batch)
    guard let ids = file.tensor("ids") else {
      throw TrainingError(.batchUnfit("there is no tensor 'ids'"), place: batch)
    }
    return try GradientTrial(
      architecture,
      source: checkpoint,
      batch: ids,
      device: model.device(),
      computeType: model.compute ?? LoadedModel.computeType(of: checkpoint),
      settings: settings()
    )
  }

  private func write(_ tensors: [(parameter: Parameter, values: Tensor)], to path: String) throws {
    var writer = SafetensorsWriter()
    for tensor in tensors { writer.add(tensor.parameter.name, tensor.values) }
    try writer.write(to: path)
  }

  private func show(_ losses: [Double], _ norms: [Double]) throws {
    if model.json {
      return try Output.json(
        .object([
          ("loss", .double(losses[0])),
          ("losses", .array(losses.map(JSONText.double))),
          ("gradient_norms", .array(norms.map(JSONText.double))),
        ])
      )
    }
    for (step, loss) in losses.enumerated() {
      let norm = step < norms.count ? ", gradient norm \(norms[step])" : ""
      try Output.line("step \(step): loss \(loss)\(norm)")
    }
  }
}
