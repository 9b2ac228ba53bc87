package io.vivace.server.http;

import java.util.function.BooleanSupplier;

/// Whether the process serves requests. Thread-safe.
public final class Readiness {
  /// The states of a process, in order.
  public enum State {
    STARTING,
    RUNNING,
    STOPPING
  }

  private volatile State state = State.STARTING;
  private volatile BooleanSupplier isServing = () -> true;

  public State state() {
    return state;
  }

  /// True if the process runs and what it depends on works.
  public boolean isReady() {
    return state == State.RUNNING && isServing.getAsBoolean();
  }

  /// Sets what else must be true for the process to be ready; asked with every check.
  public void require(BooleanSupplier condition) {
    isServing = condition;
  }

  public void set(State newState) {
    state = newState;
  }
}
