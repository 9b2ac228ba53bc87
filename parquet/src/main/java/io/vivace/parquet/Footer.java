package io.vivace.parquet;

import java.util.List;

/// The parsed footer of a file.
record Footer(ParquetSchema schema, long rowCount, String createdBy, List<RowGroup> rowGroups) {
  Footer {
    rowGroups = List.copyOf(rowGroups);
  }
}
