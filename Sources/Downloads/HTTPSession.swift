internal import Foundation
internal import FoundationNetworking
internal import Synchronization

/// Connections that are kept between requests, and who waits for which answer.
final class HTTPSession: NSObject, URLSessionDataDelegate {
  private let transfers = Mutex<[Int: HTTPTransfer]>([:])
  private let session = Mutex<URLSession?>(nil)

  /// - Parameter connections: most at a time.
  init(connections: Int) {
    super.init()
    let configuration = URLSessionConfiguration.ephemeral
    configuration.httpMaximumConnectionsPerHost = connections
    configuration.urlCache = nil
    configuration.httpCookieAcceptPolicy = .never
    // One thread delivers: transfers need no locks of their own for their files.
    let queue = OperationQueue()
    queue.maxConcurrentOperationCount = 1
    let made = URLSession(configuration: configuration, delegate: self, delegateQueue: queue)
    session.withLock { $0 = made }
  }

  /// The session holds its delegate until this is called.
  func close() {
    session.withLock {
      $0?.invalidateAndCancel()
      $0 = nil
    }
  }

  /// Carries a transfer out.
  func run(
    _ transfer: HTTPTransfer, patience: Duration, isCancelled: () -> Bool
  ) -> HTTPTransfer.Outcome {
    guard let task = session.withLock({ $0?.dataTask(with: transfer.request) }) else {
      return .broken("the session is closed")
    }
    transfers.withLock { $0[task.taskIdentifier] = transfer }
    task.resume()
    let outcome = transfer.wait(for: task, patience: patience, isCancelled: isCancelled)
    transfers.withLock { $0[task.taskIdentifier] = nil }
    return outcome
  }

  private func transfer(_ task: URLSessionTask) -> HTTPTransfer? {
    transfers.withLock { $0[task.taskIdentifier] }
  }

  func urlSession(
    _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
    completionHandler: @escaping @Sendable (URLSession.ResponseDisposition) -> Void
  ) {
    completionHandler(transfer(dataTask)?.receive(response) == true ? .allow : .cancel)
  }

  func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
    guard let transfer = transfer(dataTask) else { return dataTask.cancel() }
    transfer.receive(data)
  }

  func urlSession(
    _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
    newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
  ) {
    let isWanted = transfer(task)?.mayFollow(to: request.url) == true
    completionHandler(isWanted ? request : nil)
  }

  func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
    transfer(task)?.finish(error)
  }
}
