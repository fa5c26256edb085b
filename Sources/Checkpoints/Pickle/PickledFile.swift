// SPDX-License-Identifier: Apache-2.0

public import Compute

/// A mapped file of `torch.save`: a zip archive of a pickle, which names the tensors, and of one
/// member for each storage.
///
/// Tensors are views of the mapped bytes, several of one storage where the file shares it; only
/// those whose numbers do not lie in order are copied.
public struct PickledFile: TensorSource {
  /// What errors call the file.
  public let label: String
  private let tensors: [String: Tensor]

  /// Reads the pickle of a file that is in memory; no tensor data but that of transposed tensors.
  ///
  /// - Parameters:
  ///   - region: The file's bytes.
  ///   - label: What errors call the file.
  /// - Complexity: O(n log n) in the number of tensors, and the bytes of transposed tensors.
  /// - Throws: `CheckpointError` where the file is broken, or asks for more than tensors.
  public init(region: MemoryRegion, label: String) throws(CheckpointError) {
    // A bare pickle: how torch wrote files before 1.6, and still does when asked to.
    if region.byteCount > 1, region.copyBytes(0..<1) == [0x80] {
      throw CheckpointError(.pickleWithoutArchive, file: label)
    }
    let archive = try ZipArchive(of: region, file: label)
    let prefix = try Self.prefix(of: archive, file: label)
    try Self.checkByteOrder(of: archive, prefix: prefix, file: label)
    var views = PickledViews(region: region, archive: archive, prefix: prefix, file: label)
    var tensors: [String: Tensor] = [:]
    let pickle = archive.bytes(of: prefix + Self.pickleName) ?? []
    for (name, pickled) in try PickleMachine.tensors(in: pickle, file: label) {
      let tensor = try views.tensor(pickled, name: name)
      guard tensors.updateValue(tensor, forKey: name) == nil else {
        throw CheckpointError(.duplicateKey(name), file: label, tensor: name)
      }
    }
    self.label = label
    self.tensors = tensors
  }

  /// The names of all tensors, sorted.
  public var names: [String] { tensors.keys.sorted() }

  /// The tensor with this name, nil if the file has none.
  public func tensor(_ name: String) -> Tensor? { tensors[name] }

  /// The file itself, where it holds the tensor.
  public func file(of name: String) -> String? { tensors[name] == nil ? nil : label }

  private static let pickleName = "data.pkl"

  /// Old archives do not tell the order of their bytes, which is the little end first.
  private static func checkByteOrder(
    of archive: ZipArchive,
    prefix: String,
    file: String
  ) throws(CheckpointError) {
    let little = Array("little".utf8)
    let name = prefix + "byteorder"
    guard let member = archive.members[name] else { return }
    // Its length first: nothing large is copied to be compared with a word.
    guard member.byteCount == little.count, archive.bytes(of: name) == little else {
      throw CheckpointError(.pickleInvalid("its numbers are not little-endian"), file: file)
    }
  }

  /// The folder within the archive; torch names it after the file, others otherwise.
  private static func prefix(
    of archive: ZipArchive,
    file: String
  ) throws(CheckpointError) -> String {
    let pickles = archive.members.values.filter { $0.name.hasSuffix("/" + pickleName) }
    guard pickles.count == 1, let pickle = pickles.first else {
      throw CheckpointError(
        .zipInvalid("it has \(pickles.count) members '\(pickleName)', but must have one"),
        file: file
      )
    }
    // The machine's own limit, before its bytes are copied.
    guard pickle.byteCount <= PickleMachine.byteCountLimit else {
      throw CheckpointError(
        .pickleInvalid("it has \(pickle.byteCount) bytes, more than any checkpoint's"),
        file: file
      )
    }
    return String(pickle.name.dropLast(pickleName.count))
  }
}

/// Makes tensors of what a pickle says, checked against the archive.
private struct PickledViews {
  let region: MemoryRegion
  let archive: ZipArchive
  let prefix: String
  let file: String
  /// Bytes that transposed tensors may still take.
  private var copyBudget: Int

  init(region: MemoryRegion, archive: ZipArchive, prefix: String, file: String) {
    self.region = region
    self.archive = archive
    self.prefix = prefix
    self.file = file
    // LIMIT: copies of all tensors take no more than the file; a storage could be named often.
    copyBudget = region.byteCount
  }

  mutating func tensor(
    _ pickled: PickledTensor,
    name: String
  ) throws(CheckpointError) -> Tensor {
    func error(_ detail: String) -> CheckpointError {
      CheckpointError(.pickledTensorInvalid(detail), file: file, tensor: name)
    }
    let storage = pickled.storage
    let type = storage.elementType
    guard let member = archive.members["\(prefix)data/\(storage.key)"] else {
      throw error("its storage '\(storage.key)' is not in the file")
    }
    let (byteCount, overflow) = storage.elementCount.multipliedReportingOverflow(
      by: type.byteCount
    )
    guard !overflow, byteCount == member.byteCount else {
      throw error(
        "its storage '\(storage.key)' has \(member.byteCount) bytes, which "
          + "\(storage.elementCount) numbers of \(type.safetensorsName) do not take"
      )
    }
    guard let view = StridedView(pickled) else {
      throw error("shape \(pickled.shape) with strides \(pickled.strides) cannot be")
    }
    guard view.end <= storage.elementCount else {
      throw error(
        "it ends at number \(view.end) of its storage, which has \(storage.elementCount)"
      )
    }
    // An offset that leads nowhere may be any number; the others lie within the storage.
    let offset = member.dataOffset + (view.isEmpty ? 0 : pickled.offset * type.byteCount)
    if view.isContiguous {
      return Tensor(
        region: region,
        byteOffset: offset,
        elementType: type,
        shape: pickled.shape
      )
    }
    // A tensor that repeats its storage could be as large as it likes.
    guard view.count <= storage.elementCount, view.count * type.byteCount <= copyBudget else {
      throw error("it repeats the numbers of its storage")
    }
    copyBudget -= view.count * type.byteCount
    do {
      return try Tensor(
        gathering: region,
        byteOffset: offset,
        elementType: type,
        shape: pickled.shape,
        strides: pickled.strides
      )
    } catch {
      throw CheckpointError(.system(error), file: file, tensor: name)
    }
  }
}

/// The extents and strides of a tensor, multiplied without overflow.
private struct StridedView {
  /// How many numbers it has.
  let count: Int
  /// One past the last number that it reads.
  let end: Int
  /// Whether its numbers lie in order, without gaps.
  let isContiguous: Bool
  /// Whether it has none.
  var isEmpty: Bool { count == 0 }

  init?(_ tensor: PickledTensor) {
    guard tensor.offset >= 0, tensor.shape.count == tensor.strides.count,
      (tensor.shape + tensor.strides).allSatisfy({ $0 >= 0 }),
      let product = SafetensorsHeader.byteCount(tensor.shape, tensor.storage.elementType)
    else { return nil }
    count = product / tensor.storage.elementType.byteCount
    guard count > 0 else {
      (end, isContiguous) = (0, true)
      return
    }
    var last = tensor.offset
    var expected = 1
    var inOrder = true
    for (extent, stride) in zip(tensor.shape, tensor.strides).reversed() where extent > 1 {
      let (reach, tooFar) = (extent - 1).multipliedReportingOverflow(by: stride)
      let (sum, tooLong) = last.addingReportingOverflow(reach)
      guard !tooFar, !tooLong, sum < Int.max else { return nil }
      last = sum
      inOrder = inOrder && stride == expected
      // The product of all extents was seen not to overflow.
      expected *= extent
    }
    guard last < Int.max else { return nil }
    end = last + 1
    isContiguous = inOrder
  }
}
