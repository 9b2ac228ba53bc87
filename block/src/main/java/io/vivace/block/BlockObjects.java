package io.vivace.block;

import io.vivace.model.TenantId;

/// The names of the objects of a block.
public final class BlockObjects {
  public static final String DATA = "data.parquet";
  public static final String INDEX = "index";
  public static final String META = "meta.json";
  public static final String COMPACTED_META = "meta.compacted.json";
  private static final String BLOOM_PREFIX = "bloom-";

  private BlockObjects() {}

  /// Name of a shard of the bloom filter.
  public static String bloom(int shard) {
    return BLOOM_PREFIX + shard;
  }

  /// `tenant/block/object`.
  public static String key(TenantId tenant, BlockId block, String object) {
    return tenant.value() + "/" + block + "/" + object;
  }
}
