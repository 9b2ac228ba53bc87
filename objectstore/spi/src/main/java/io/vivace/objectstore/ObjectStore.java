package io.vivace.objectstore;

import java.io.IOException;
import java.util.Optional;

/// Named immutable byte strings. Keys are `/`-separated segments without leading or trailing slash;
/// no segment is empty, `.` or `..`.
///
/// All calls block and may be interrupted; call them from virtual threads. Thread-safe. A missing
/// object is [ObjectNotFoundException]; every other failure is an [IOException]. Retries are the
/// implementation's; callers do not repeat a failed call.
///
/// The contract suite `ObjectStoreContract` in `testkit` states the behaviour that all
/// implementations share.
public interface ObjectStore extends AutoCloseable {
  /// Writes an object whole; an existing one is replaced. Atomic and durable on return: a reader
  /// sees the old object, none, or the new one, also after a crash.
  void put(String key, byte[] bytes) throws IOException;

  /// Writes an object if there is none under `key`; false, with nothing changed, if there is one.
  /// Either way there is a durable object on return.
  boolean putIfAbsent(String key, byte[] bytes) throws IOException;

  /// Starts a large object. Nothing is visible under `key` before [ObjectUpload#commit].
  ObjectUpload upload(String key) throws IOException;

  /// The whole object.
  byte[] get(String key) throws IOException;

  /// Reads exactly `length` bytes from `position` on into `target` at `offset`. A range that
  /// reaches behind the end is an [IOException].
  void read(String key, long position, byte[] target, int offset, int length) throws IOException;

  /// Size and modification time, or empty if there is no such object.
  Optional<ObjectInfo> head(String key) throws IOException;

  /// Objects whose keys begin with `prefix` (any string; empty for all) in ascending key order.
  /// With [ListMode#ONE_LEVEL] keys are cut behind the first `/` that follows the prefix, and the
  /// cut keys come once each as [ObjectListing#prefixes], as object stores do with a delimiter.
  ObjectListing list(String prefix, ListMode mode) throws IOException;

  /// Makes sure that an object which is visible outlives a crash; to be called before something is
  /// given up because the object is there. Another writer may have been stopped between showing the
  /// object and making its name durable. A store that shows only what is durable has nothing to do.
  default void makeDurable(String key) throws IOException {}

  /// Deletes an object; nothing happens if there is none.
  void delete(String key) throws IOException;

  @Override
  void close() throws IOException;

  /// How deep a listing goes.
  enum ListMode {
    RECURSIVE,
    ONE_LEVEL
  }
}
