// SPDX-License-Identifier: Apache-2.0

import Hummingbird
import NIOCore
import Synchronization

/// Says when the client of a connection has gone, also while nothing is read from it or written to it.
///
/// A client that closes its half alone has gone, too: it could ask nothing more.
final class ConnectionWatch: ChannelInboundHandler, RemovableChannelHandler, Sendable {
  typealias InboundIn = Never

  private struct State {
    var isGone = false
    var act: (@Sendable () -> Void)?
  }

  private let state = Mutex(State())

  /// Calls a function when the client goes, at once where it has gone; the function before is
  /// forgotten, as a connection answers one request after the other.
  func whenGone(_ act: (@Sendable () -> Void)?) {
    let isGone = state.withLock { state in
      state.act = act
      return state.isGone
    }
    if isGone { act?() }
  }

  private func leave() {
    let act = state.withLock { state in
      state.isGone = true
      return state.act
    }
    act?()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case .inputClosed? = event as? ChannelEvent { leave() }
    context.fireUserInboundEventTriggered(event)
  }

  func channelInactive(context: ChannelHandlerContext) {
    leave()
    context.fireChannelInactive()
  }
}

/// What is known of a request besides itself: its connection.
struct APIContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  private let channel: any Channel

  init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
    channel = source.channel
  }

  /// The watch of the connection; nil where it is closed already.
  var watch: ConnectionWatch? {
    get async { try? await channel.pipeline.handler(type: ConnectionWatch.self).get() }
  }
}
