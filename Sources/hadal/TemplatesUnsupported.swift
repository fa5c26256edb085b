// SPDX-License-Identifier: Apache-2.0

import Diagnostics

/// Messages were given, which need a chat template.
struct TemplatesUnsupported: DiagnosableError {
  var place: String?
  var what: String { "chat templates are not supported yet" }
  var remedy: String? { "--raw with a 'prompt'" }
  var exitCode: ExitCode { .configuration }
}
