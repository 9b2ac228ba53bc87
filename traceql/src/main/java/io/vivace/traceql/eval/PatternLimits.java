package io.vivace.traceql.eval;

import com.google.re2j.PatternSyntaxException;
import java.util.ArrayDeque;
import java.util.Deque;

/// Refuses patterns that would explode when compiled. The regex library limits a single repeat but
/// not nested ones (`((a{1000}){1000}){1000}`) nor the depth of groups.
final class PatternLimits {
  private static final int MAX_DEPTH = 1_000;
  private static final long MAX_REPEAT = 1_000;
  private static final long MAX_SIZE = 200_000;

  /// What a group adds up to: the size of its program and the largest product of nested repeats.
  private static final class Group {
    long size;
    long repeat = 1;
    long lastSize;
    long lastRepeat = 1;

    void atom(long atomSize, long atomRepeat) {
      size += atomSize;
      lastSize = atomSize;
      lastRepeat = atomRepeat;
      repeat = Math.max(repeat, atomRepeat);
    }

    void multiply(long times) {
      size += lastSize * (times - 1);
      lastSize *= times;
      lastRepeat *= times;
      repeat = Math.max(repeat, lastRepeat);
    }
  }

  private final String pattern;
  private final Deque<Group> groups = new ArrayDeque<>();
  private int at;

  private PatternLimits(String pattern) {
    this.pattern = pattern;
  }

  /// Throws if the pattern is too large; says nothing about its syntax.
  static void check(String pattern) {
    new PatternLimits(pattern).run();
  }

  private void run() {
    groups.push(new Group());
    while (at < pattern.length()) {
      step(pattern.charAt(at));
      Group group = groups.element();
      if (group.repeat > MAX_REPEAT) {
        throw new PatternSyntaxException(
            "nested repeats multiply to more than " + MAX_REPEAT, pattern);
      }
      if (group.size > MAX_SIZE) {
        throw new PatternSyntaxException("expression is too large", pattern);
      }
    }
  }

  private void step(char c) {
    Group group = groups.element();
    at++;
    switch (c) {
      case '\\' -> {
        at++;
        group.atom(1, 1);
      }
      case '[' -> {
        skipClass();
        group.atom(1, 1);
      }
      case '(' -> {
        groups.push(new Group());
        if (groups.size() > MAX_DEPTH) {
          throw new PatternSyntaxException("expression nests too deeply", pattern);
        }
      }
      case ')' -> {
        if (groups.size() > 1) {
          Group inner = groups.pop();
          groups.element().atom(inner.size + 2, inner.repeat);
        }
      }
      case '{' -> {
        long times = repeatCount();
        if (times > 0) {
          group.multiply(times);
        } else {
          group.atom(1, 1);
        }
      }
      default -> group.atom(1, 1);
    }
  }

  private void skipClass() {
    if (at < pattern.length() && pattern.charAt(at) == '^') {
      at++;
    }
    if (at < pattern.length() && pattern.charAt(at) == ']') {
      at++;
    }
    while (at < pattern.length() && pattern.charAt(at) != ']') {
      if (pattern.charAt(at) == '\\') {
        at++;
      } else if (pattern.startsWith("[:", at)) {
        int end = pattern.indexOf(":]", at);
        at = end < 0 ? at : end + 1;
      }
      at++;
    }
    at++;
  }

  /// The larger bound of `{n}`, `{n,}`, `{n,m}` after the brace, which is consumed; 0 if this is
  /// not a repeat.
  private long repeatCount() {
    int end = pattern.indexOf('}', at);
    if (end < 0 || end == at || end - at > 9) {
      return 0;
    }
    long largest = 0;
    long number = 0;
    for (int i = at; i < end; i++) {
      char c = pattern.charAt(i);
      if (c >= '0' && c <= '9') {
        number = number * 10 + (c - '0');
        largest = Math.max(largest, number);
      } else if (c == ',' && i > at) {
        number = 0;
      } else {
        return 0;
      }
    }
    at = end + 1;
    return Math.max(1, largest);
  }
}
