// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1

/// Serves one connection: one request, one answer, the end.
final class LoopbackHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private static let pieceByteCount = 1 << 18

  private let answer: @Sendable (HTTPRequestHead) -> LoopbackAnswer
  private var head: HTTPRequestHead?
  private var file: NIOFileHandle?

  init(answer: @escaping @Sendable (HTTPRequestHead) -> LoopbackAnswer) { self.answer = answer }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): self.head = head
    case .body: break
    case .end: if let head { start(answer(head), context) }
    }
  }

  func channelInactive(context: ChannelHandlerContext) { closeFile() }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }

  private func start(_ answer: LoopbackAnswer, _ context: ChannelHandlerContext) {
    if let raw = answer.raw {
      // From the encoder on, past it.
      let encoder = try? context.pipeline.syncOperations
        .context(handlerType: HTTPResponseEncoder.self)
      let buffer = context.channel.allocator.buffer(bytes: raw)
      encoder?.writeAndFlush(NIOAny(buffer), promise: nil)
      context.close(promise: nil)
      return
    }
    var headers = HTTPHeaders(answer.headers)
    headers.add(name: "connection", value: "close")
    if let count = answer.byteCount, !headers.contains(name: "content-length"),
      !headers.contains(name: "transfer-encoding")
    {
      headers.add(name: "content-length", value: "\(count)")
    }
    let head = HTTPResponseHead(
      version: .http1_1,
      status: HTTPResponseStatus(statusCode: answer.status),
      headers: headers
    )
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    if case .file(let path, _) = answer.body { file = try? NIOFileHandle(_deprecatedPath: path) }
    pump(answer, from: 0, context)
  }

  /// Sends the piece at an offset, and the next one when that is gone.
  private func pump(_ answer: LoopbackAnswer, from offset: Int, _ context: ChannelHandlerContext) {
    if let stall = answer.stall, offset >= stall {
      context.flush()
      return
    }
    if let cut = answer.cut, offset >= cut {
      context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer()))))
        .assumeIsolated().whenComplete { _ in context.close(promise: nil) }
      return
    }
    let end = [answer.byteCount, answer.cut, answer.stall].compactMap { $0 }.min() ?? .max
    let step = answer.bytesPerSecond.map { max($0 / 50, 1) } ?? Self.pieceByteCount
    let count = min(step, end - offset)
    guard count > 0 else {
      context.writeAndFlush(wrapOutboundOut(.end(nil)))
        .assumeIsolated().whenComplete { _ in context.close(promise: nil) }
      return
    }
    context.writeAndFlush(wrapOutboundOut(.body(piece(answer.body, offset, count, context))))
      .assumeIsolated().whenComplete { result in
        guard case .success = result else { return }
        let delay = answer.bytesPerSecond == nil ? TimeAmount.zero : .milliseconds(20)
        guard delay > .zero else {
          self.pump(answer, from: offset + count, context)
          return
        }
        context.eventLoop.assumeIsolated().scheduleTask(in: delay) {
          self.pump(answer, from: offset + count, context)
        }
      }
  }

  private func piece(
    _ body: LoopbackAnswer.Body,
    _ offset: Int,
    _ count: Int,
    _ context: ChannelHandlerContext
  ) -> IOData {
    switch body {
    case .bytes(let bytes):
      return .byteBuffer(context.channel.allocator.buffer(bytes: bytes[offset..<offset + count]))
    case .endless(let bytes):
      var buffer = context.channel.allocator.buffer(capacity: count)
      for index in 0..<count { buffer.writeInteger(bytes[(offset + index) % bytes.count]) }
      return .byteBuffer(buffer)
    case .file(_, let range):
      guard let file else { return .byteBuffer(ByteBuffer()) }
      let start = range.lowerBound + offset
      return .fileRegion(FileRegion(fileHandle: file, readerIndex: start, endIndex: start + count))
    }
  }

  private func closeFile() {
    try? file?.close()
    file = nil
  }
}
