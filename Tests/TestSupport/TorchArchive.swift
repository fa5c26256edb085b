// SPDX-License-Identifier: Apache-2.0

public import Checkpoints
import Compute

/// Builds files as `torch.save` writes them, and such as it never would.
public struct TorchArchive: Sendable {
  /// A storage: a member of the archive.
  public struct Storage: Sendable {
    /// torch's name of its type.
    public var type: String
    /// How many numbers the pickle says it has.
    public var elementCount: Int
    /// Its bytes.
    public var bytes: [UInt8]

    /// Creates a storage.
    public init(_ type: String, count: Int, bytes: [UInt8]) {
      self.type = type
      elementCount = count
      self.bytes = bytes
    }
  }

  /// A tensor: a view of a storage.
  public struct View: Sendable {
    var name: String
    var storage: Int
    var offset: Int
    var shape: [Int]
    var strides: [Int]

    /// Creates a view; in order where no strides are given.
    public init(
      _ name: String,
      storage: Int = 0,
      offset: Int = 0,
      shape: [Int],
      strides: [Int]? = nil
    ) {
      self.name = name
      self.storage = storage
      self.offset = offset
      self.shape = shape
      self.strides =
        strides
        ?? shape.indices.map { shape[($0 + 1)...].reduce(1, *) }
    }
  }

  /// The storages, in the order of their keys.
  public var storages: [Storage]
  /// The tensors.
  public var views: [View]
  /// Whether the dictionary is what `state_dict()` gives: ordered, with `_metadata`.
  public var isStateDictionary = false
  /// Whether the tensors are parameters.
  public var hasParameters = false
  /// The compression that the archive claims.
  public var method: UInt16 = 0
  /// Whether the archive has ZIP64 records.
  public var isWide = false
  /// What the member `byteorder` says.
  public var byteOrder = "little"
  /// Members in addition.
  public var extraMembers: [(String, [UInt8])] = []
  /// A pickle instead of the one that the views give.
  public var pickle: [UInt8]?

  /// Creates an archive.
  public init(storages: [Storage], views: [View]) {
    self.storages = storages
    self.views = views
  }

  /// All tensors of a source as an archive, each with a storage of its own.
  public init(_ source: any TensorSource, names: [String]? = nil) {
    let types: [ElementType: String] = [
      .f32: "FloatStorage", .f16: "HalfStorage", .bf16: "BFloat16Storage",
    ]
    self.init(storages: [], views: [])
    for name in names ?? source.names {
      guard let tensor = source.tensor(name) else { continue }
      let end = tensor.byteOffset + tensor.byteCount
      storages.append(
        Storage(
          types[tensor.elementType] ?? "?",
          count: tensor.count,
          bytes: tensor.region.copyBytes(tensor.byteOffset..<end)
        )
      )
      views.append(View(name, storage: storages.count - 1, shape: tensor.shape))
    }
  }

  /// Lets a tensor be the same view as another.
  public mutating func tie(_ name: String, to other: String) {
    guard let index = views.firstIndex(where: { $0.name == name }),
      let view = views.first(where: { $0.name == other })
    else { return }
    views[index] = view
    views[index].name = name
  }

  /// The file.
  public var bytes: [UInt8] {
    var members = [("archive/data.pkl", pickle ?? Self.pickle(of: self))]
    members.append(("archive/byteorder", Array(byteOrder.utf8)))
    for (key, storage) in storages.enumerated() {
      members.append(("archive/data/\(key)", storage.bytes))
    }
    members.append(("archive/version", Array("3\n".utf8)))
    return Self.zip(members + extraMembers, method: method, isWide: isWide)
  }
}

// The pickle.
extension TorchArchive {
  /// The pickle of an archive's views.
  public static func pickle(of archive: TorchArchive) -> [UInt8] {
    var bytes: [UInt8] = [0x80, 2]
    bytes +=
      archive.isStateDictionary ? global("collections", "OrderedDict") + [0x29, 0x52] : [0x7D]
    bytes += [0x71, 0, 0x28]
    for view in archive.views {
      bytes += text(view.name)
      if archive.hasParameters { bytes += global("torch._utils", "_rebuild_parameter") + [0x28] }
      bytes += tensor(view, archive.storages[view.storage])
      if archive.hasParameters { bytes += [0x88] + hooks + [0x74, 0x52] }
    }
    bytes.append(0x75)
    if archive.isStateDictionary {
      // {'_metadata': OrderedDict({'': {'version': 1}})}
      bytes += [0x7D] + text("_metadata") + hooks + text("") + [0x7D] + text("version")
      bytes += [0x4B, 1, 0x73, 0x73, 0x73, 0x62]
    }
    return bytes + [0x2E]
  }

  private static func tensor(_ view: View, _ storage: Storage) -> [UInt8] {
    global("torch._utils", "_rebuild_tensor_v2") + [0x28, 0x28] + text("storage")
      + global("torch", storage.type) + text("\(view.storage)") + text("cpu")
      + number(storage.elementCount) + [0x74, 0x51] + number(view.offset)
      + [0x28] + view.shape.flatMap(number) + [0x74, 0x28] + view.strides.flatMap(number)
      + [0x74, 0x89] + hooks + [0x74, 0x52]
  }

  private static let hooks = global("collections", "OrderedDict") + [0x29, 0x52]

  /// The instruction that names a function or class.
  public static func global(_ module: String, _ name: String) -> [UInt8] {
    Array("c\(module)\n\(name)\n".utf8)
  }

  private static func text(_ text: String) -> [UInt8] {
    [0x58] + little(text.utf8.count, 4) + Array(text.utf8)
  }

  // In as few bytes as Python takes, and in eight where four do not do.
  private static func number(_ value: Int) -> [UInt8] {
    switch value {
    case 0..<256: [0x4B, UInt8(value)]
    case 256..<65_536: [0x4D] + little(value, 2)
    case Int(Int32.min)...Int(Int32.max): [0x4A] + little(value, 4)
    default: [0x8A, 8] + little(value, 8)
    }
  }

  private static func little(_ value: Int, _ byteCount: Int) -> [UInt8] {
    (0..<byteCount).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}

// The archive.
extension TorchArchive {
  /// A zip archive of members, their bytes aligned to 64 as torch does it.
  public static func zip(
    _ members: [(String, [UInt8])],
    method: UInt16 = 0,
    isWide: Bool = false
  ) -> [UInt8] {
    var bytes: [UInt8] = []
    var directory: [UInt8] = []
    for (name, content) in members {
      let offset = bytes.count
      let before = offset + 30 + name.utf8.count + 4
      let padding = (64 - before % 64) % 64
      // As torch: the counts follow the bytes.
      let common = [0, 0, 8, 8] + little(Int(method), 2) + [UInt8](repeating: 0, count: 8)
      bytes += [0x50, 0x4B, 3, 4] + common + [UInt8](repeating: 0, count: 8)
      bytes += little(name.utf8.count, 2) + little(padding + 4, 2) + Array(name.utf8)
      bytes += Array("FB".utf8) + little(padding, 2) + [UInt8](repeating: 0x5A, count: padding)
      bytes += content + [0x50, 0x4B, 7, 8] + [UInt8](repeating: 0, count: 4)
      bytes += little(content.count, 4) + little(content.count, 4)
      let extra: [UInt8] =
        isWide
        ? [1, 0, 24, 0] + little(content.count, 8) + little(content.count, 8) + little(offset, 8)
        : []
      directory += [0x50, 0x4B, 1, 2, 0, 0] + common
      directory += little(isWide ? 0xFFFF_FFFF : content.count, 4)
      directory += little(isWide ? 0xFFFF_FFFF : content.count, 4)
      directory += little(name.utf8.count, 2) + little(extra.count, 2)
      directory += [UInt8](repeating: 0, count: 10)
      directory += little(isWide ? 0xFFFF_FFFF : offset, 4) + Array(name.utf8) + extra
    }
    return bytes + directory
      + end(members.count, directory.count, offset: bytes.count, isWide: isWide)
  }

  private static func end(
    _ memberCount: Int,
    _ byteCount: Int,
    offset: Int,
    isWide: Bool
  ) -> [UInt8] {
    var bytes: [UInt8] = []
    if isWide {
      bytes += [0x50, 0x4B, 6, 6] + little(44, 8) + [30, 3, 45, 0] + little(0, 8)
      bytes += little(memberCount, 8) + little(memberCount, 8) + little(byteCount, 8)
      bytes += little(offset, 8)
      bytes += [0x50, 0x4B, 6, 7] + little(0, 4) + little(offset + byteCount, 8) + little(1, 4)
    }
    bytes += [0x50, 0x4B, 5, 6, 0, 0, 0, 0]
    bytes += little(isWide ? 0xFFFF : memberCount, 2) + little(isWide ? 0xFFFF : memberCount, 2)
    bytes += little(isWide ? 0xFFFF_FFFF : byteCount, 4)
    return bytes + little(isWide ? 0xFFFF_FFFF : offset, 4) + [0, 0]
  }
}
