package io.vivace.engine.tags;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/// The names of one scope. Confined to one thread.
final class NameCollector {
  private final SortedSet<String> names = new TreeSet<>();
  private final StopRule stop;

  NameCollector(TagLimits limits, AnswerSize size) {
    this.stop = new StopRule(limits, size);
  }

  boolean isFull() {
    return stop.isMet();
  }

  void offer(String name) {
    if (stop.isMet()) {
      return;
    }
    if (names.contains(name)) {
      stop.known();
    } else if (stop.admit(name.getBytes(StandardCharsets.UTF_8).length)) {
      names.add(name);
    }
  }

  /// Ascending.
  List<String> toList() {
    return new ArrayList<>(names);
  }
}
