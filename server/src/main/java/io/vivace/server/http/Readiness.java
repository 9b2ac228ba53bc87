package io.vivace.server.http;

/// Whether the process serves requests. Thread-safe.
public final class Readiness {
  /// The states of a process, in order.
  public enum State {
    STARTING,
    RUNNING,
    STOPPING
  }

  private volatile State state = State.STARTING;

  public State state() {
    return state;
  }

  public void set(State newState) {
    state = newState;
  }
}
