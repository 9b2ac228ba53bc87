package io.vivace.block;

import io.vivace.batch.Dictionary;
import java.util.List;

/// Several dictionaries one after another, for an attribute that lies in several columns.
final class JoinedDictionary implements Dictionary {
  private final List<Dictionary> parts;
  private final int[] starts;

  JoinedDictionary(List<Dictionary> parts) {
    this.parts = List.copyOf(parts);
    this.starts = new int[parts.size() + 1];
    for (int i = 0; i < parts.size(); i++) {
      starts[i + 1] = Math.addExact(starts[i], parts.get(i).size());
    }
  }

  /// What is added to the ids of part `part`.
  int start(int part) {
    return starts[part];
  }

  @Override
  public int size() {
    return starts[parts.size()];
  }

  @Override
  public byte[] bytes(int id) {
    int part = part(id);
    return parts.get(part).bytes(id - starts[part]);
  }

  @Override
  public int lengthBytes(int id) {
    int part = part(id);
    return parts.get(part).lengthBytes(id - starts[part]);
  }

  @Override
  public void copy(int id, byte[] target, int offset) {
    int part = part(id);
    parts.get(part).copy(id - starts[part], target, offset);
  }

  @Override
  public String string(int id) {
    int part = part(id);
    return parts.get(part).string(id - starts[part]);
  }

  private int part(int id) {
    int part = 0;
    while (id >= starts[part + 1]) {
      part++;
    }
    return part;
  }
}
