/// The write-ahead log: segments of records on a disk, group commit, and recovery.
@NullMarked
package io.vivace.livestore.wal;

import org.jspecify.annotations.NullMarked;
