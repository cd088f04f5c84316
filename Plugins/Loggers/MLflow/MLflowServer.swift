internal import Foundation
internal import Synchronization

#if canImport(FoundationNetworking)
internal import FoundationNetworking
#endif

/// Why a request to the tracking server came to nothing.
struct MLflowFault: Error, CustomStringConvertible {
  var description: String
  /// Whether it may go well later: the server is away, too slow, or in trouble.
  var isTransient: Bool
  /// The server's word for what is wrong: `RESOURCE_DOES_NOT_EXIST`.
  var code = ""
}

/// The REST interface of an MLflow tracking server, version 2.0 of its API. Every call waits for the answer.
///
/// Source: https://mlflow.org/docs/latest/rest-api.html
final class MLflowServer: Sendable {
  let address: URL
  private let session: URLSession
  private let timeout: Double
  private let authorization: String?
  /// Bytes a second that a file may be sent at, at least.
  private static let slowestRate = 50_000.0
  /// What is under way; nil before the first request and after `stop()`.
  private let state = Mutex(State())

  private struct State {
    var task: URLSessionTask?
    var isStopped = false
  }

  /// - Parameters:
  ///   - authorization: the header of that name.
  ///   - timeout: seconds that an answer may take; files may take longer, by their size.
  init(_ address: URL, authorization: String?, timeout: Double) {
    self.address = address
    self.authorization = authorization
    self.timeout = timeout
    let configuration = URLSessionConfiguration.ephemeral
    configuration.httpCookieStorage = nil
    session = URLSession(configuration: configuration)
  }

  /// Breaks off what is under way; later calls fail at once.
  func stop() {
    state.withLock {
      $0.isStopped = true
      $0.task?.cancel()
    }
  }

  /// Asks for something.
  ///
  /// - Parameters:
  ///   - name: of the call, `runs/create`.
  ///   - query: parameters of a GET request; nil makes it a POST.
  func call(
    _ name: String, query: [String: String]? = nil, _ body: [String: Any] = [:]
  ) throws(MLflowFault) -> [String: Any] {
    var url = address.appending(path: "api/2.0/mlflow/" + name)
    if let query { url.append(queryItems: query.sorted { $0.key < $1.key }.map(URLQueryItem.init)) }
    var request = URLRequest(url: url)
    request.httpMethod = query == nil ? "POST" : "GET"
    if query == nil {
      guard let data = try? JSONSerialization.data(withJSONObject: body, options: .sortedKeys) else {
        throw MLflowFault(description: "\(name): what is to be sent is no JSON", isTransient: false)
      }
      request.httpBody = data
      request.setValue("application/json", forHTTPHeaderField: "Content-Type")
    }
    let data = try send(request, name)
    guard let object = try? JSONSerialization.jsonObject(with: data) as? [String: Any] else {
      throw MLflowFault(
        description: "\(url.absoluteString): the answer is no JSON object; is this an MLflow server?",
        isTransient: false)
    }
    return object
  }

  /// Stores a file with the server's artefacts.
  ///
  /// - Parameter place: below the server's artefact root.
  func upload(_ file: String, to place: String) throws(MLflowFault) {
    let url = address.appending(path: "api/2.0/mlflow-artifacts/artifacts/" + place)
    var request = URLRequest(url: url)
    request.httpMethod = "PUT"
    request.setValue("application/octet-stream", forHTTPHeaderField: "Content-Type")
    guard let data = try? Data(contentsOf: URL(filePath: file), options: .alwaysMapped) else {
      throw MLflowFault(description: "\(file): cannot be read, and is not sent", isTransient: false)
    }
    request.httpBody = data
    _ = try send(request, "artefact '\(place)'")
  }

  private func send(_ request: URLRequest, _ name: String) throws(MLflowFault) -> Data {
    var request = request
    request.timeoutInterval = 86_400
    if let authorization { request.setValue(authorization, forHTTPHeaderField: "Authorization") }
    let answer = Answer()
    let task = session.dataTask(with: request) { data, response, error in
      answer.give(data, response, error)
    }
    let isStopped = state.withLock { state in
      state.task = task
      return state.isStopped
    }
    if isStopped { throw MLflowFault(description: "the run is over", isTransient: false) }
    task.resume()
    // The session's own timeout knows whole seconds alone, and begins anew with every byte.
    let seconds = timeout + Double(request.httpBody?.count ?? 0) / Self.slowestRate
    guard let (data, response, error) = answer.wait(seconds: seconds) else {
      task.cancel()
      throw MLflowFault(description: "\(place): no answer", isTransient: true)
    }
    guard let response = response as? HTTPURLResponse else {
      let reason = error?.localizedDescription ?? "no answer"
      throw MLflowFault(description: "\(place): \(reason)", isTransient: true)
    }
    if (200..<300).contains(response.statusCode) { return data ?? Data() }
    let said = data.flatMap { try? JSONSerialization.jsonObject(with: $0) } as? [String: Any]
    let code = said?["error_code"] as? String ?? "HTTP \(response.statusCode)"
    let message = (said?["message"] as? String).map { ": " + $0.prefix(300) } ?? ""
    // Too early, too many requests, or the server's own trouble.
    let isTransient = [408, 425, 429].contains(response.statusCode) || response.statusCode >= 500
    throw MLflowFault(
      description: "\(place): \(name): \(code)\(message)", isTransient: isTransient, code: code)
  }

  /// The server without user and password.
  private var place: String {
    var parts = URLComponents(url: address, resolvingAgainstBaseURL: false)
    parts?.user = nil
    parts?.password = nil
    return parts?.string ?? address.absoluteString
  }
}

/// What a request comes to.
private final class Answer: Sendable {
  private let value = Mutex<(Data?, URLResponse?, (any Error)?)?>(nil)
  private let semaphore = DispatchSemaphore(value: 0)

  func give(_ data: Data?, _ response: URLResponse?, _ error: (any Error)?) {
    value.withLock { $0 = (data, response, error) }
    semaphore.signal()
  }

  /// Nil if none came in time.
  func wait(seconds: Double) -> (Data?, URLResponse?, (any Error)?)? {
    guard semaphore.wait(timeout: .now() + seconds) == .success else { return nil }
    return value.withLock { $0 }
  }
}
