package io.vivace.traceql.ast;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/// The hints of a query, in order. A getter returns the first hint whose name **and** type match.
/// Whether a hint may be obeyed (unsafe ones need an override) is the caller's matter.
public record Hints(List<Hint> list) {
  public static final Hints NONE = new Hints(List.of());

  public Hints {
    list = List.copyOf(list);
  }

  public boolean isEmpty() {
    return list.isEmpty();
  }

  public Optional<Boolean> bool(String name) {
    for (Hint hint : list) {
      if (hint.name().equals(name) && hint.value() instanceof Static.BoolValue found) {
        return Optional.of(found.value());
      }
    }
    return Optional.empty();
  }

  public OptionalLong integer(String name) {
    for (Hint hint : list) {
      if (hint.name().equals(name) && hint.value() instanceof Static.IntValue found) {
        return OptionalLong.of(found.value());
      }
    }
    return OptionalLong.empty();
  }

  /// A float; an int is taken as one.
  public OptionalDouble decimal(String name) {
    for (Hint hint : list) {
      if (hint.name().equals(name)) {
        if (hint.value() instanceof Static.FloatValue found) {
          return OptionalDouble.of(found.value());
        }
        if (hint.value() instanceof Static.IntValue found) {
          return OptionalDouble.of((double) found.value());
        }
      }
    }
    return OptionalDouble.empty();
  }

  public OptionalLong durationNanos(String name) {
    for (Hint hint : list) {
      if (hint.name().equals(name) && hint.value() instanceof Static.DurationValue found) {
        return OptionalLong.of(found.nanos());
      }
    }
    return OptionalLong.empty();
  }

  public Optional<String> string(String name) {
    for (Hint hint : list) {
      if (hint.name().equals(name) && hint.value() instanceof Static.StringValue found) {
        return Optional.of(found.text());
      }
    }
    return Optional.empty();
  }

  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    Rendering.hints(out, this);
    return out.toString();
  }
}
