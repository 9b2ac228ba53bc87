package io.vivace.block;

import io.vivace.model.TenantId;
import java.io.IOException;
import java.io.Serial;

/// There is a block with this id already (perhaps compacted); it was not touched.
public final class BlockExistsException extends IOException {
  @Serial private static final long serialVersionUID = 1L;

  public BlockExistsException(TenantId tenant, BlockId block) {
    super("block " + block + " of tenant " + tenant + " exists");
  }
}
