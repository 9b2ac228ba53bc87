package io.vivace.objectstore.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.objectstore.ObjectStore;
import io.vivace.objectstore.ObjectStore.ListMode;
import io.vivace.testkit.objectstore.ObjectStoreContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LocalObjectStoreTest extends ObjectStoreContract {
  @TempDir private Path directory;

  @Override
  protected ObjectStore emptyStore() throws IOException {
    return new LocalObjectStore(directory.resolve("deep/blocks"));
  }

  @Test
  void leftoversOfACrashAreIgnoredAndSwept() throws IOException {
    LocalObjectStore store = new LocalObjectStore(directory.resolve("store"));
    store.put("t/b/meta.json", new byte[] {1});
    Path left = store.root().resolve("t/b/.vivace-upload-1");
    Path alone = store.root().resolve("u/c/.vivace-upload-2");
    Files.createDirectories(alone.getParent());
    Files.write(left, new byte[10]);
    Files.write(alone, new byte[10]);

    assertThat(store.list("", ListMode.RECURSIVE).objects()).hasSize(1);
    assertThat(store.list("", ListMode.ONE_LEVEL).prefixes()).containsExactly("t/");
    assertThat(store.sweepLeftovers(Instant.now().minusSeconds(3600))).isZero();
    assertThat(store.sweepLeftovers(Instant.now().plusSeconds(3600))).isEqualTo(2);
    assertThat(left).doesNotExist();
    assertThat(store.root().resolve("u")).doesNotExist();
    assertThat(store.get("t/b/meta.json")).containsExactly(1);
  }

  @Test
  void deletingTheLastObjectRemovesItsFolders() throws IOException {
    LocalObjectStore store = new LocalObjectStore(directory.resolve("store"));
    store.put("t/b/meta.json", new byte[] {1});
    store.delete("t/b/meta.json");
    assertThat(store.root().resolve("t")).doesNotExist();
    assertThat(store.root()).isDirectory();
  }

  @Test
  void objectIsForcedBeforeItGetsItsNameAndTheFolderAfterwards() throws IOException {
    List<String> calls = new ArrayList<>();
    LocalObjectStore store =
        new LocalObjectStore(directory.resolve("store"), new RecordingDisk(calls, ""));
    calls.clear();
    store.put("t/o", new byte[3]);
    assertThat(calls)
        .containsExactly(
            "mkdir t", "sync store", "create", "write 3", "force", "replace o", "sync t");
    calls.clear();
    store.put("t/p", new byte[3]);
    assertThat(calls).containsExactly("create", "write 3", "force", "replace p", "sync t");
  }

  @Test
  void namesThatAnotherProcessMadeAreForcedBeforeTheyAreTrusted() throws IOException {
    Path root = directory.resolve("store");
    new LocalObjectStore(root).put("t/b/o", new byte[] {1});
    List<String> calls = new ArrayList<>();
    LocalObjectStore next = new LocalObjectStore(root, new RecordingDisk(calls, ""));
    assertThat(calls).endsWith("sync " + directory.getFileName());

    calls.clear();
    next.makeDurable("t/b/o");
    assertThat(calls).containsExactly("sync b", "sync store", "sync t");

    LocalObjectStore third = new LocalObjectStore(root, new RecordingDisk(calls, ""));
    calls.clear();
    third.put("t/b/p", new byte[1]);
    assertThat(calls).startsWith("sync store", "sync t", "create");
  }

  @Test
  void anObjectWhoseNameCouldNotBeForcedIsForcedWhenItIsFound() throws IOException {
    Path root = directory.resolve("store");
    new LocalObjectStore(root).put("t/other", new byte[] {1});
    List<String> calls = new ArrayList<>();
    AtomicBoolean isFailing = new AtomicBoolean();
    RecordingDisk recording = new RecordingDisk(calls, "");
    LocalObjectStore store =
        new LocalObjectStore(
            root,
            (Disk)
                java.lang.reflect.Proxy.newProxyInstance(
                    Disk.class.getClassLoader(),
                    new Class<?>[] {Disk.class},
                    (proxy, method, arguments) -> {
                      if (isFailing.get() && method.getName().equals("forceDirectory")) {
                        throw new IOException("failed on purpose");
                      }
                      try {
                        return method.invoke(recording, arguments);
                      } catch (java.lang.reflect.InvocationTargetException e) {
                        throw e.getCause();
                      }
                    }));
    store.put("t/first", new byte[] {1});
    isFailing.set(true);
    assertThatThrownBy(() -> store.putIfAbsent("t/o", new byte[] {1}))
        .hasMessage("failed on purpose");
    // It is there, but nobody may rely on it yet.
    assertThat(store.head("t/o")).isPresent();
    assertThatThrownBy(() -> store.putIfAbsent("t/o", new byte[] {2}))
        .hasMessage("failed on purpose");
    isFailing.set(false);
    calls.clear();
    assertThat(store.putIfAbsent("t/o", new byte[] {2})).isFalse();
    assertThat(calls).contains("sync t");
    assertThat(store.get("t/o")).containsExactly(1);
  }

  @Test
  void failureOfAnyStepLeavesTheOldObject() throws IOException {
    for (String step : List.of("create", "write", "force", "replace")) {
      List<String> calls = new ArrayList<>();
      Path root = directory.resolve("store-" + step);
      new LocalObjectStore(root).put("t/o", new byte[] {1});
      LocalObjectStore store = new LocalObjectStore(root, new RecordingDisk(calls, step));
      assertThatThrownBy(() -> store.put("t/o", new byte[] {2, 3}))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(step);
      assertThat(store.get("t/o")).containsExactly(1);
      assertThat(root.resolve("t").toFile().list()).containsExactly("o");
    }
  }

  /// Notes all operations and fails those whose name is `failing`.
  private record RecordingDisk(List<String> calls, String failing) implements Disk {
    private void note(String name, String detail) throws IOException {
      calls.add(detail.isEmpty() ? name : name + " " + detail);
      if (name.equals(failing)) {
        throw new IOException("failed on purpose: " + name);
      }
    }

    @Override
    public DiskFile create(Path path) throws IOException {
      note("create", "");
      DiskFile file = Disk.system().create(path);
      return new DiskFile() {
        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
          note("write", "" + length);
          file.write(bytes, offset, length);
        }

        @Override
        public void force() throws IOException {
          note("force", "");
          file.force();
        }

        @Override
        public void close() throws IOException {
          file.close();
        }
      };
    }

    @Override
    public void createDirectory(Path path) throws IOException {
      note("mkdir", path.getFileName().toString());
      Disk.system().createDirectory(path);
    }

    @Override
    public void forceDirectory(Path path) throws IOException {
      note("sync", String.valueOf(path.getFileName()));
      Disk.system().forceDirectory(path);
    }

    @Override
    public void replace(Path source, Path target) throws IOException {
      note("replace", target.getFileName().toString());
      Disk.system().replace(source, target);
    }

    @Override
    public void link(Path existing, Path newName) throws IOException {
      note("link", newName.getFileName().toString());
      Disk.system().link(existing, newName);
    }

    @Override
    public void delete(Path path) throws IOException {
      Disk.system().delete(path);
    }
  }
}
