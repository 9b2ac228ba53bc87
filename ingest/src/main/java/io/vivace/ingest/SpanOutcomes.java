package io.vivace.ingest;

/// Told how many spans of a push were accepted and refused, once it is known; the edge counts them
/// for its transport. Called on any thread; must be quick.
public interface SpanOutcomes {
  /// Listens to nothing.
  SpanOutcomes IGNORED =
      new SpanOutcomes() {
        @Override
        public void accepted(int spans) {}

        @Override
        public void refused(int spans) {}
      };

  void accepted(int spans);

  void refused(int spans);
}
