// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `hadal train`.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a model by a recipe.",
    discussion: """
      A recipe is a YAML file that names the model, the data and all numbers. The run's folder gets
      checkpoints, which are models that load, metrics.jsonl and TensorBoard events. A run that was
      stopped, or killed, goes on bit for bit with --resume.

        hadal train recipe.yaml --out DIR
        hadal train recipe.yaml --out DIR --resume
        hadal train verify-resume recipe.yaml --steps 24
        hadal train gradients -m FOLDER --batch FILE --steps 3 --out DIR
      """,
    subcommands: [
      TrainRunCommand.self, TrainVerifyResumeCommand.self, TrainGradientsCommand.self,
    ],
    defaultSubcommand: TrainRunCommand.self
  )
}
