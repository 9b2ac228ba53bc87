package io.vivace.testkit.objectstore;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.objectstore.ObjectInfo;
import io.vivace.objectstore.ObjectListing;
import io.vivace.objectstore.ObjectNotFoundException;
import io.vivace.objectstore.ObjectStore;
import io.vivace.objectstore.ObjectStore.ListMode;
import io.vivace.objectstore.ObjectUpload;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What every [ObjectStore] does. A store's test extends this and provides empty stores.
public abstract class ObjectStoreContract {
  @SuppressWarnings("NullAway.Init")
  private ObjectStore store;

  /// A new store without objects; closed by the suite.
  protected abstract ObjectStore emptyStore() throws IOException;

  @BeforeEach
  void open() throws IOException {
    store = emptyStore();
  }

  @AfterEach
  void close() throws IOException {
    store.close();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  @Test
  void whatIsPutIsRead() throws IOException {
    store.put("tenant/block/meta.json", bytes("{}"));
    assertThat(store.get("tenant/block/meta.json")).isEqualTo(bytes("{}"));
  }

  @Test
  void putReplaces() throws IOException {
    store.put("a/b", bytes("first, longer"));
    store.put("a/b", bytes("second"));
    assertThat(store.get("a/b")).isEqualTo(bytes("second"));
  }

  @Test
  void emptyObjectExists() throws IOException {
    store.put("a/nocompact.flg", new byte[0]);
    assertThat(store.get("a/nocompact.flg")).isEmpty();
    assertThat(store.head("a/nocompact.flg")).map(ObjectInfo::sizeBytes).contains(0L);
    assertThat(keys(store.list("a/", ListMode.RECURSIVE))).containsExactly("a/nocompact.flg");
  }

  @Test
  void missingObjectIsNamed() throws IOException {
    store.put("a/b", bytes("x"));
    assertThatThrownBy(() -> store.get("a/c"))
        .isInstanceOf(ObjectNotFoundException.class)
        .hasMessageContaining("a/c");
    assertThatThrownBy(() -> store.read("a/c", 0, new byte[1], 0, 1))
        .isInstanceOf(ObjectNotFoundException.class);
    assertThatThrownBy(() -> store.get("a")).isInstanceOf(ObjectNotFoundException.class);
    assertThatThrownBy(() -> store.get("a/b/c")).isInstanceOf(ObjectNotFoundException.class);
    assertThat(store.head("a/c")).isEmpty();
    assertThat(store.head("a")).isEmpty();
    assertThat(store.head("a/b/c")).isEmpty();
  }

  @Test
  void putIfAbsentKeepsTheFirst() throws IOException {
    assertThat(store.putIfAbsent("a/b", bytes("first"))).isTrue();
    assertThat(store.putIfAbsent("a/b", bytes("second"))).isFalse();
    assertThat(store.get("a/b")).isEqualTo(bytes("first"));
    assertThat(keys(store.list("", ListMode.RECURSIVE))).containsExactly("a/b");
  }

  @Test
  void ofConcurrentPutIfAbsentsOneWins() throws Exception {
    List<Future<Boolean>> results;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      results =
          threads.invokeAll(
              IntStream.range(0, 16)
                  .<java.util.concurrent.Callable<Boolean>>mapToObj(
                      i -> () -> store.putIfAbsent("a/b", bytes("writer " + i)))
                  .toList());
    }
    int winner = -1;
    for (int i = 0; i < results.size(); i++) {
      if (results.get(i).get()) {
        assertThat(winner).isEqualTo(-1);
        winner = i;
      }
    }
    assertThat(store.get("a/b")).isEqualTo(bytes("writer " + winner));
  }

  @Test
  void rangesAreExact() throws IOException {
    store.put("a/b", bytes("0123456789"));
    byte[] target = bytes("..........");
    store.read("a/b", 3, target, 2, 4);
    assertThat(target).isEqualTo(bytes("..3456...."));
    store.read("a/b", 0, target, 0, 10);
    assertThat(target).isEqualTo(bytes("0123456789"));
    store.read("a/b", 10, target, 0, 0);
    assertThatThrownBy(() -> store.read("a/b", 7, target, 0, 4)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> store.read("a/b", 11, target, 0, 1)).isInstanceOf(IOException.class);
  }

  @Test
  void uploadIsInvisibleUntilItIsCommitted() throws IOException {
    Random random = new Random(1);
    byte[] content = new byte[300_000];
    random.nextBytes(content);
    try (ObjectUpload upload = store.upload("t/b/data.parquet")) {
      byte[] reused = new byte[100_000];
      for (int part = 0; part < 3; part++) {
        System.arraycopy(content, part * reused.length, reused, 0, reused.length);
        upload.write(reused, 0, reused.length);
      }
      assertThat(upload.size()).isEqualTo(content.length);
      assertThat(store.head("t/b/data.parquet")).isEmpty();
      assertThat(store.list("", ListMode.RECURSIVE).objects()).isEmpty();
      assertThat(store.list("", ListMode.ONE_LEVEL).prefixes()).isEmpty();
      upload.commit();
    }
    assertThat(store.get("t/b/data.parquet")).isEqualTo(content);
  }

  @Test
  void abandonedUploadLeavesNothing() throws IOException {
    store.put("t/b/old", bytes("old"));
    try (ObjectUpload upload = store.upload("t/b/old")) {
      upload.write(bytes("new"), 0, 3);
    }
    try (ObjectUpload upload = store.upload("u/c/new")) {
      upload.write(bytes("new"), 0, 3);
    }
    assertThat(store.get("t/b/old")).isEqualTo(bytes("old"));
    assertThat(keys(store.list("", ListMode.RECURSIVE))).containsExactly("t/b/old");
  }

  @Test
  void committedUploadReplaces() throws IOException {
    store.put("a/b", bytes("old"));
    try (ObjectUpload upload = store.upload("a/b")) {
      upload.write(bytes("xnewx"), 1, 3);
      upload.commit();
    }
    assertThat(store.get("a/b")).isEqualTo(bytes("new"));
  }

  @Test
  void recursiveListingIsSortedByKey() throws IOException {
    for (String key : List.of("t/b/x", "t/b-1/x", "t/a", "t2/a", "t/b.json")) {
      store.put(key, bytes(key));
    }
    assertThat(keys(store.list("", ListMode.RECURSIVE)))
        .containsExactly("t/a", "t/b-1/x", "t/b.json", "t/b/x", "t2/a");
    assertThat(keys(store.list("t/", ListMode.RECURSIVE)))
        .containsExactly("t/a", "t/b-1/x", "t/b.json", "t/b/x");
    assertThat(keys(store.list("t/b", ListMode.RECURSIVE)))
        .containsExactly("t/b-1/x", "t/b.json", "t/b/x");
    assertThat(store.list("nothing/", ListMode.RECURSIVE).objects()).isEmpty();
    assertThat(store.list("../", ListMode.RECURSIVE).objects()).isEmpty();
  }

  @Test
  void oneLevelListingCutsAtTheSlash() throws IOException {
    for (String key : List.of("t/b/x", "t/b/y", "t/c/d/e", "t/a", "u/a", "root.json")) {
      store.put(key, bytes(key));
    }
    ObjectListing root = store.list("", ListMode.ONE_LEVEL);
    assertThat(keys(root)).containsExactly("root.json");
    assertThat(root.prefixes()).containsExactly("t/", "u/");
    ObjectListing tenant = store.list("t/", ListMode.ONE_LEVEL);
    assertThat(keys(tenant)).containsExactly("t/a");
    assertThat(tenant.prefixes()).containsExactly("t/b/", "t/c/");
    assertThat(store.list("t/c", ListMode.ONE_LEVEL).prefixes()).containsExactly("t/c/");
  }

  @Test
  void listingTellsSizeAndTime() throws IOException {
    store.put("a/b", bytes("12345"));
    ObjectInfo listed = store.list("a/", ListMode.RECURSIVE).objects().getFirst();
    assertThat(listed.sizeBytes()).isEqualTo(5);
    assertThat(Duration.between(listed.lastModified(), Instant.now()).abs())
        .isLessThan(Duration.ofHours(1));
    assertThat(store.head("a/b")).contains(listed);
  }

  @Test
  void deletedObjectIsGone() throws IOException {
    store.put("a/b/c", bytes("x"));
    store.put("a/d", bytes("x"));
    store.delete("a/b/c");
    store.delete("a/b/c");
    store.delete("never/was");
    assertThat(keys(store.list("", ListMode.RECURSIVE))).containsExactly("a/d");
    assertThat(store.list("a/", ListMode.ONE_LEVEL).prefixes()).isEmpty();
    store.put("a/b/c", bytes("again"));
    assertThat(store.get("a/b/c")).isEqualTo(bytes("again"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", "a/./b", "a\u0000b"})
  void badKeysAreRefused(String key) {
    assertThatThrownBy(() -> store.put(key, new byte[0]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store.get(key)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store.upload(key)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store.delete(key)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store.head(key)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void concurrentPutsAndDeletesInOneFolderDoNotDisturbEachOther() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Void>> results =
          threads.invokeAll(
              IntStream.range(0, 8)
                  .<java.util.concurrent.Callable<Void>>mapToObj(this::putAndDelete)
                  .toList());
      for (Future<Void> result : results) {
        result.get();
      }
    }
    assertThat(store.list("", ListMode.RECURSIVE).objects()).isEmpty();
  }

  private java.util.concurrent.Callable<Void> putAndDelete(int writer) {
    return () -> {
      for (int i = 0; i < 20; i++) {
        String key = "shared/folder/" + writer;
        store.put(key, bytes("value " + i));
        assertThat(store.get(key)).isEqualTo(bytes("value " + i));
        store.delete(key);
      }
      return null;
    };
  }

  private static List<String> keys(ObjectListing listing) {
    return listing.objects().stream().map(ObjectInfo::key).toList();
  }
}
