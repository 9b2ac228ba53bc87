package io.vivace.engine.tags;

import io.vivace.batch.Bitmap;
import io.vivace.batch.Level;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// Collects names batch by batch: without a filter what the dictionaries hold, else the keys of the
/// rows that belong to the spans that count. Confined to one thread.
final class NameScan implements TagScan {
  private final Map<TagScope, NameCollector> collectors = new EnumMap<>(TagScope.class);

  NameScan(Set<TagScope> scopes, TagLimits limits, AnswerSize size) {
    for (TagScope scope : scopes) {
      collectors.put(scope, new NameCollector(limits, size));
    }
    NameCollector intrinsics = collectors.get(TagScope.INTRINSIC);
    if (intrinsics != null) {
      Tag.INTRINSICS.forEach(intrinsics::offer);
    }
  }

  @Override
  public boolean isDone() {
    for (Map.Entry<TagScope, NameCollector> entry : collectors.entrySet()) {
      if (entry.getKey() != TagScope.INTRINSIC && !entry.getValue().isFull()) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void visit(SelectedRows rows) {
    for (Map.Entry<TagScope, NameCollector> entry : collectors.entrySet()) {
      Level level = entry.getKey().level();
      NameCollector collector = entry.getValue();
      if (level == null || collector.isFull()) {
        continue;
      }
      Bitmap selected = rows.at(level);
      if (selected == null) {
        rows.batch().attributeKeys(level).forEach(collector::offer);
      } else if (!selected.isEmpty()) {
        rows.batch().attributeKeys(level, selected).forEach(collector::offer);
      }
    }
  }

  SortedMap<TagScope, List<String>> names() {
    SortedMap<TagScope, List<String>> byScope = new TreeMap<>();
    for (Map.Entry<TagScope, NameCollector> entry : collectors.entrySet()) {
      List<String> names = entry.getValue().toList();
      if (!names.isEmpty()) {
        byScope.put(entry.getKey(), names);
      }
    }
    return byScope;
  }
}
