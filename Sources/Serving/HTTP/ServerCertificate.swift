// SPDX-License-Identifier: Apache-2.0

public import Diagnostics
import NIOSSL

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// By what a server shows who it is: a chain of certificates and the key of the first one.
public struct ServerCertificate: Sendable {
  /// Why a certificate cannot be used.
  public struct Failure: DiagnosableError, Hashable {
    /// What is wrong.
    public let what: String
    /// The file.
    public let place: String?
    /// What to do about it.
    public var remedy: String? {
      "PEM files: the chain, the server's own certificate first, and its key"
    }
    /// How a command ends.
    public let exitCode: ExitCode

    init(_ what: String, _ file: String) {
      self.what = what
      place = file
      // SAFETY: the system reads the path, a terminated copy, during the call alone.
      exitCode = unsafe access(file, F_OK) == 0 ? .badData : .noInput
    }
  }

  let configuration: TLSConfiguration

  /// Reads the files.
  ///
  /// - Parameters:
  ///   - certificate: The chain of certificates, PEM, the server's own first.
  ///   - key: The private key of the first, PEM, without a password.
  /// - Throws: `Failure` where a file is not there or holds something else, or they do not fit together.
  public init(certificate: String, key: String) throws(Failure) {
    let chain: [NIOSSLCertificate]
    do { chain = try NIOSSLCertificate.fromPEMFile(certificate) } catch {
      throw Failure("the certificate cannot be read", certificate)
    }
    guard !chain.isEmpty else {
      throw Failure("the file holds no certificate", certificate)
    }
    let privateKey: NIOSSLPrivateKey
    do { privateKey = try NIOSSLPrivateKey(file: key, format: .pem) } catch {
      throw Failure("the private key cannot be read", key)
    }
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: chain.map { .certificate($0) },
      privateKey: .privateKey(privateKey)
    )
    configuration.minimumTLSVersion = .tlsv12
    configuration.applicationProtocols = ["http/1.1"]
    do { _ = try NIOSSLContext(configuration: configuration) } catch {
      throw Failure("the certificate and the key do not fit together", certificate)
    }
    self.configuration = configuration
  }
}
