package io.vivace.engine.filter;

import io.vivace.batch.Dictionary;
import io.vivace.batch.Level;
import io.vivace.batch.StringPool;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.Map;

/// Remembers what string tests said of the strings of a dictionary, so that each is asked once
/// while batches that share the dictionary pass by. Only the last dictionary of each column is
/// kept. Confined to one thread.
public final class TextMemo {
  private final Map<Test, Map<Level, Table>> tables = new IdentityHashMap<>();

  Table table(Test.Text test, Dictionary dictionary, Level level) {
    Map<Level, Table> byLevel = tables.computeIfAbsent(test, _ -> new EnumMap<>(Level.class));
    Table known = byLevel.get(level);
    if (known == null || known.dictionary != dictionary) {
      known = new Table(test, dictionary);
      byLevel.put(level, known);
    }
    return known;
  }

  /// The answers for one dictionary, found out when first asked for.
  static final class Table {
    private static final byte NO = 1;
    private static final byte YES = 2;

    private final Test.Text test;
    private final Dictionary dictionary;
    private final byte[] answers;
    private final boolean acceptsNothing;

    private Table(Test.Text test, Dictionary dictionary) {
      this.test = test;
      this.dictionary = dictionary;
      // Rows that are not alive have undefined ids, usually 0, even if there is no string.
      byte[] all = new byte[Math.max(1, dictionary.size())];
      boolean isEmpty = dictionary.size() == 0;
      if (dictionary instanceof StringPool pool && test instanceof Test.TextIn in) {
        isEmpty = lookUp(pool, in, all);
      }
      this.answers = all;
      this.acceptsNothing = isEmpty;
    }

    private static boolean lookUp(StringPool pool, Test.TextIn test, byte[] answers) {
      Arrays.fill(answers, NO);
      boolean isEmpty = true;
      for (byte[] literal : test.literals()) {
        int id = pool.find(literal, 0, literal.length);
        if (id >= 0) {
          answers[id] = YES;
          isEmpty = false;
        }
      }
      return isEmpty;
    }

    /// True if it is known that no string of the dictionary is accepted.
    boolean acceptsNothing() {
      return acceptsNothing;
    }

    boolean accepts(int id) {
      byte answer = answers[id];
      if (answer == 0) {
        answer = dictionary.size() > 0 && test.accepts(dictionary.bytes(id)) ? YES : NO;
        answers[id] = answer;
      }
      return answer == YES;
    }
  }
}
