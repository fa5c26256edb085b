// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// Ends a connection on which nothing comes although someone waits for it.
///
/// It stands next to the socket and sees each wish to read. While the reader is busy with what it
/// has it wishes for nothing, so a slow disk is not taken for a slow hub.
final class StallGuard: ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundIn = ByteBuffer

  /// What a stalled connection ends with.
  struct Stall: Error {}

  private let limit: TimeAmount
  private var waitsSince: NIODeadline?
  private var check: Scheduled<Void>?

  init(limit: Duration) {
    self.limit = TimeAmount(limit)
  }

  func channelActive(context: ChannelHandlerContext) {
    schedule(in: limit, context)
    context.fireChannelActive()
  }

  func read(context: ChannelHandlerContext) {
    if waitsSince == nil { waitsSince = .now() }
    context.read()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    waitsSince = nil
    context.fireChannelRead(data)
  }

  func channelInactive(context: ChannelHandlerContext) {
    check?.cancel()
    context.fireChannelInactive()
  }

  func handlerRemoved(context: ChannelHandlerContext) { check?.cancel() }

  private func schedule(in delay: TimeAmount, _ context: ChannelHandlerContext) {
    check = context.eventLoop.assumeIsolated().scheduleTask(in: delay) {
      let left = self.waitsSince.map { $0 + self.limit - NIODeadline.now() } ?? self.limit
      guard left > .zero else {
        context.fireErrorCaught(Stall())
        context.close(promise: nil)
        return
      }
      self.schedule(in: left, context)
    }
  }
}
