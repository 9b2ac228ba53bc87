package io.vivace.livestore.wal;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The segments on disk and up to which sequence number each is needed. Confined to the log's
/// thread.
final class Segments {
  private final WalDisk disk;
  private final Path folder;
  private final List<Segment> segments = new ArrayList<>();

  Segments(WalDisk disk, Path folder) {
    this.disk = disk;
    this.folder = folder;
  }

  /// One file.
  static final class Segment {
    private final Path file;
    private long neededUntil;
    private int keepers;

    Segment(Path file) {
      this.file = file;
    }

    boolean isNeededAfter(long doneEnd) {
      return neededUntil > doneEnd;
    }

    /// Keeps the file, needed or not, until [#release] was called as often.
    void keep() {
      keepers++;
    }

    void release() {
      keepers--;
    }

    void need(long untilExclusive) {
      neededUntil = Math.max(neededUntil, untilExclusive);
    }
  }

  Segment add(Path file) {
    Segment segment = new Segment(file);
    segments.add(segment);
    return segment;
  }

  void remove(Segment segment) {
    segments.remove(segment);
  }

  int size() {
    return segments.size();
  }

  /// Deletes, oldest first, all segments but `current` in which nothing is needed once everything
  /// before `doneEnd` is in blocks.
  void deleteBefore(long doneEnd, Segment current) throws IOException {
    boolean isAnyDeleted = false;
    int i = 0;
    while (i < segments.size()) {
      Segment segment = segments.get(i);
      if (segment == current || segment.keepers > 0 || segment.neededUntil > doneEnd) {
        i++;
        continue;
      }
      try {
        disk.delete(segment.file);
      } catch (NoSuchFileException e) {
        // Deleted by an attempt that failed later.
      }
      segments.remove(i);
      isAnyDeleted = true;
    }
    if (isAnyDeleted) {
      disk.forceDirectory(folder);
    }
  }
}
