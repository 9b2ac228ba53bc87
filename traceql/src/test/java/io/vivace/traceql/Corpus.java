package io.vivace.traceql;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.Yaml;

/// The cases of `cases.yaml`; its header explains the fields.
final class Corpus {
  record Case(
      String group,
      String query,
      @Nullable String canon,
      @Nullable String message,
      boolean supersetOk,
      boolean unsupported) {
    @Override
    public String toString() {
      return query;
    }
  }

  private Corpus() {}

  static List<Case> group(String name) {
    try (InputStream in = Corpus.class.getResourceAsStream("cases.yaml")) {
      Map<String, List<Map<String, Object>>> root = new Yaml().load(in);
      List<Case> cases = new ArrayList<>();
      for (Map<String, Object> entry : Objects.requireNonNull(root.get(name), name)) {
        cases.add(
            new Case(
                name,
                String.valueOf(entry.get("q")),
                (String) entry.get("canon"),
                (String) entry.get("msg"),
                Boolean.TRUE.equals(entry.get("superset_ok")),
                Boolean.TRUE.equals(entry.get("unsupported"))));
      }
      return cases;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
