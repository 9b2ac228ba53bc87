package io.vivace.server;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a running process holds, closed in the reverse order of its opening. A part that fails to
/// close does not keep the others from being closed.
final class Resources implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Resources.class);

  private final Deque<Named> opened = new ArrayDeque<>();

  /// Takes over `resource` and returns it.
  synchronized <T extends AutoCloseable> T add(String name, T resource) {
    opened.push(new Named(name, resource));
    return resource;
  }

  @Override
  public synchronized void close() {
    while (!opened.isEmpty()) {
      Named next = opened.pop();
      long startNanos = System.nanoTime();
      try {
        next.resource().close();
      } catch (Exception e) {
        log.error("cannot stop {}", next.name(), e);
      }
      log.debug("stopped {} in {} ms", next.name(), (System.nanoTime() - startNanos) / 1_000_000);
    }
  }

  private record Named(String name, AutoCloseable resource) {}
}
