package io.vivace.block;

import io.vivace.objectstore.local.LocalObjectStore;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A block that a real Tempo wrote.
record Fixture(Path bucket, String tenant, String id) {
  static final Path ROOT = root();

  private static Path root() {
    try {
      java.net.URL url = Fixture.class.getResource("/blocks");
      if (url == null) {
        throw new IllegalStateException("no /blocks on the class path");
      }
      return Path.of(url.toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static List<Fixture> ofTenant(String tenant) throws IOException {
    return of("vParquet5", tenant);
  }

  static List<Fixture> of(String format, String tenant) throws IOException {
    List<Fixture> found = new ArrayList<>();
    try (Stream<Path> blocks = Files.list(ROOT.resolve(format).resolve(tenant))) {
      blocks
          .filter(Files::isDirectory)
          .sorted()
          .forEach(block ->
              found.add(new Fixture(ROOT.resolve(format), tenant, block.getFileName().toString())));
    }
    return found;
  }

  Path path(String object) {
    return bucket.resolve(tenant).resolve(id).resolve(object);
  }

  byte[] metaBytes() throws IOException {
    Path live = path(BlockObjects.META);
    return Files.readAllBytes(Files.exists(live) ? live : path(BlockObjects.COMPACTED_META));
  }

  BlockMeta meta() throws IOException {
    return BlockMetaJson.read(metaBytes(), id);
  }

  BlockReader open() throws IOException {
    return BlockReader.open(new LocalObjectStore(bucket), meta(), new BlockCache(64 << 20));
  }

  /// The file `name` of the expectations, or null if there is none.
  @Nullable Path expected(String name) {
    Path path =
        ROOT.resolve("expected")
            .resolve(bucket.getFileName())
            .resolve(tenant)
            .resolve(id)
            .resolve(name);
    return Files.exists(path) ? path : null;
  }
}
