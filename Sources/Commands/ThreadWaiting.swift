#if canImport(Glibc)
internal import Glibc
#endif

/// How threads wait for each other between two pieces of work.
///
/// Left alone, the thread team (libgomp) spins for milliseconds before it sleeps. While loader threads or other
/// programs want the same cores, that wastes most of them: training on a busy machine took three times as long. The
/// library reads its setting before the program's first line, so the program starts itself once more with it.
enum ThreadWaiting {
  /// Does nothing where the user has chosen, or on the second start.
  static func settle() {
    #if canImport(Glibc)
    guard getenv("OMP_WAIT_POLICY") == nil, getenv("GOMP_SPINCOUNT") == nil else { return }
    // Long enough for the short waits between kernels, about 20 µs.
    setenv("GOMP_SPINCOUNT", "1000", 1)
    execv("/proc/self/exe", CommandLine.unsafeArgv)
    // Where that is not possible, everything works, only slower.
    #endif
  }
}
