package io.vivace.block;

import static io.vivace.parquet.Encoding.DELTA_BINARY_PACKED;
import static io.vivace.parquet.Encoding.DELTA_LENGTH_BYTE_ARRAY;
import static io.vivace.parquet.Encoding.DICTIONARY;
import static io.vivace.parquet.Encoding.PLAIN;
import static io.vivace.parquet.Repetition.OPTIONAL;
import static io.vivace.parquet.Repetition.REPEATED;
import static io.vivace.parquet.Repetition.REQUIRED;

import io.vivace.batch.BytesField;
import io.vivace.batch.IntField;
import io.vivace.batch.Level;
import io.vivace.batch.LongField;
import io.vivace.batch.StringField;
import io.vivace.block.LeafRole.GenericPart;
import io.vivace.block.LeafRole.StatsPart;
import io.vivace.parquet.ColumnOptions;
import io.vivace.parquet.Encoding;
import io.vivace.parquet.LogicalType;
import io.vivace.parquet.ParquetSchema;
import io.vivace.parquet.PhysicalType;
import io.vivace.parquet.Repetition;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The schema of vParquet5: bare repeated groups, and of the dedicated columns only those in use.
///
/// All columns are compressed with ZSTD, and attribute ints are delta-packed: both are read by
/// Tempo and smaller than what it writes.
final class VParquet5 {
  private static final LogicalType UINT64 = LogicalType.integer(64, false);
  private static final LogicalType INT64 = LogicalType.integer(64, true);
  private static final LogicalType UINT32 = LogicalType.integer(32, false);
  private static final LogicalType INT32 = LogicalType.integer(32, true);

  private final ParquetSchema.Builder schema = ParquetSchema.builder("Trace");
  private final List<LeafRole> roles = new ArrayList<>();
  private final List<ColumnOptions> options = new ArrayList<>();
  private final DedicatedColumns columns;

  private VParquet5(DedicatedColumns columns) {
    this.columns = columns;
  }

  static BlockSchema schema(DedicatedColumns columns) {
    return new VParquet5(columns).build();
  }

  private BlockSchema build() {
    trace();
    schema.group("rs", REPEATED);
    resource();
    schema.group("ss", REPEATED);
    scope();
    spans();
    leaf("SpanCount", PhysicalType.INT32, INT32, DELTA_BINARY_PACKED, new LeafRole.SpanCount());
    schema.end().end();
    ParquetSchema parquet = schema.build();
    List<SchemaLeaf> leaves = new ArrayList<>();
    for (int i = 0; i < roles.size(); i++) {
      leaves.add(new SchemaLeaf(parquet.leaf(i), roles.get(i), options.get(i)));
    }
    return new BlockSchema(BlockFormat.VPARQUET5, parquet, leaves);
  }

  private void trace() {
    binary("TraceID", null, DELTA_LENGTH_BYTE_ARRAY, new LeafRole.TraceIdBytes());
    string("TraceIDText", DELTA_LENGTH_BYTE_ARRAY, new LeafRole.TraceIdText());
    uint64("StartTimeUnixNano", LongField.TRACE_START);
    uint64("EndTimeUnixNano", LongField.TRACE_END);
    uint64("DurationNano", LongField.TRACE_DURATION);
    string("RootServiceName", DICTIONARY, StringField.ROOT_SERVICE_NAME);
    string("RootSpanName", DICTIONARY, StringField.ROOT_SPAN_NAME);
    schema.group("ServiceStats", REPEATED);
    string("ServiceName", DICTIONARY, new LeafRole.Stats(StatsPart.NAME));
    uint32("SpanCount", new LeafRole.Stats(StatsPart.SPAN_COUNT));
    uint32("ErrorCount", new LeafRole.Stats(StatsPart.ERROR_COUNT));
    schema.end();
  }

  private void resource() {
    schema.group("Resource", REQUIRED);
    string("ServiceName", DICTIONARY, StringField.SERVICE_NAME);
    attributes(Level.RESOURCE);
    dropped("DroppedAttributesCount", new LeafRole.DroppedAttributes(Level.RESOURCE));
    dedicated(Level.RESOURCE, DedicatedColumn.Scope.RESOURCE);
    schema.end();
  }

  private void scope() {
    schema.group("Scope", REQUIRED);
    string("Name", DICTIONARY, StringField.SCOPE_NAME);
    string("Version", DICTIONARY, StringField.SCOPE_VERSION);
    attributes(Level.SCOPE);
    dropped("DroppedAttributesCount", new LeafRole.DroppedAttributes(Level.SCOPE));
    schema.end();
  }

  private void spans() {
    schema.group("Spans", REPEATED);
    binary("SpanID", null, DELTA_LENGTH_BYTE_ARRAY, new LeafRole.Bytes(BytesField.SPAN_ID));
    binary(
        "ParentSpanID",
        null,
        DELTA_LENGTH_BYTE_ARRAY,
        new LeafRole.Bytes(BytesField.PARENT_SPAN_ID));
    int32("ParentID", IntField.NESTED_SET_PARENT);
    int32("NestedSetLeft", IntField.NESTED_SET_LEFT);
    int32("NestedSetRight", IntField.NESTED_SET_RIGHT);
    int32("ChildCount", IntField.CHILD_COUNT);
    string("Name", DICTIONARY, StringField.SPAN_NAME);
    int64("Kind", IntField.SPAN_KIND);
    string("TraceState", DELTA_LENGTH_BYTE_ARRAY, StringField.SPAN_TRACE_STATE);
    uint64("StartTimeUnixNano", LongField.SPAN_START);
    uint64("DurationNano", LongField.SPAN_DURATION);
    int64("StatusCode", IntField.SPAN_STATUS);
    string("StatusMessage", DELTA_LENGTH_BYTE_ARRAY, StringField.SPAN_STATUS_MESSAGE);
    attributes(Level.SPAN);
    dropped("DroppedAttributesCount", new LeafRole.DroppedAttributes(Level.SPAN));
    events();
    droppedPlain("DroppedEventsCount", new LeafRole.DroppedEvents());
    links();
    droppedPlain("DroppedLinksCount", new LeafRole.DroppedLinks());
    dedicated(Level.SPAN, DedicatedColumn.Scope.SPAN);
    for (int step : new int[] {15, 60, 300, 3600}) {
      uint32("StartTimeRounded" + step, new LeafRole.StartRounded(step));
    }
    schema.end();
  }

  private void events() {
    schema.group("Events", REPEATED);
    uint64("TimeSinceStartNano", LongField.EVENT_TIME_SINCE_START);
    string("Name", DICTIONARY, StringField.EVENT_NAME);
    attributes(Level.EVENT);
    dropped("DroppedAttributesCount", new LeafRole.DroppedAttributes(Level.EVENT));
    dedicated(Level.EVENT, DedicatedColumn.Scope.EVENT);
    schema.end();
  }

  private void links() {
    schema.group("Links", REPEATED);
    binary("TraceID", null, DELTA_LENGTH_BYTE_ARRAY, new LeafRole.Bytes(BytesField.LINK_TRACE_ID));
    binary("SpanID", null, DELTA_LENGTH_BYTE_ARRAY, new LeafRole.Bytes(BytesField.LINK_SPAN_ID));
    string("TraceState", DELTA_LENGTH_BYTE_ARRAY, StringField.LINK_TRACE_STATE);
    attributes(Level.LINK);
    dropped("DroppedAttributesCount", new LeafRole.DroppedAttributes(Level.LINK));
    schema.end();
  }

  private void attributes(Level owner) {
    schema.group("Attrs", REPEATED);
    string("Key", DICTIONARY, new LeafRole.Generic(owner, GenericPart.KEY));
    leaf("IsArray", PhysicalType.BOOLEAN, null, PLAIN, generic(owner, GenericPart.IS_ARRAY));
    leaf(
        "Value",
        REPEATED,
        PhysicalType.BYTE_ARRAY,
        LogicalType.STRING,
        ColumnOptions.of(DICTIONARY),
        generic(owner, GenericPart.STRING));
    leaf(
        "ValueInt",
        REPEATED,
        PhysicalType.INT64,
        INT64,
        ColumnOptions.of(DELTA_BINARY_PACKED),
        generic(owner, GenericPart.LONG));
    leaf(
        "ValueDouble",
        REPEATED,
        PhysicalType.DOUBLE,
        null,
        ColumnOptions.of(PLAIN),
        generic(owner, GenericPart.DOUBLE));
    leaf(
        "ValueBool",
        REPEATED,
        PhysicalType.BOOLEAN,
        null,
        ColumnOptions.of(PLAIN),
        generic(owner, GenericPart.BOOLEAN));
    leaf(
        "ValueUnsupported",
        OPTIONAL,
        PhysicalType.BYTE_ARRAY,
        LogicalType.STRING,
        ColumnOptions.of(DELTA_LENGTH_BYTE_ARRAY),
        generic(owner, GenericPart.UNSUPPORTED));
    schema.end();
  }

  private static LeafRole generic(Level owner, GenericPart part) {
    return new LeafRole.Generic(owner, part);
  }

  private void dedicated(Level owner, DedicatedColumn.Scope scope) {
    List<DedicatedColumn> strings = columns.of(scope, DedicatedColumn.Type.STRING);
    List<DedicatedColumn> ints = columns.of(scope, DedicatedColumn.Type.INT);
    if (strings.isEmpty() && ints.isEmpty()) {
      return;
    }
    schema.group("DedicatedAttributes", REQUIRED);
    for (int i = 0; i < strings.size(); i++) {
      boolean isBlob = strings.get(i).isBlob();
      leaf(
          slotName("String", i),
          REPEATED,
          PhysicalType.BYTE_ARRAY,
          LogicalType.STRING,
          isBlob
              ? ColumnOptions.of(DELTA_LENGTH_BYTE_ARRAY).withoutBounds()
              : ColumnOptions.of(DICTIONARY),
          attribute(owner, strings.get(i)));
    }
    for (int i = 0; i < ints.size(); i++) {
      leaf(
          slotName("Int", i),
          REPEATED,
          PhysicalType.INT64,
          INT64,
          ColumnOptions.of(DELTA_BINARY_PACKED),
          attribute(owner, ints.get(i)));
    }
    schema.end();
  }

  private LeafRole attribute(Level owner, DedicatedColumn column) {
    return new LeafRole.Attribute(
        owner, column.name(), column.type(), columns.columns().indexOf(column));
  }

  private static String slotName(String type, int index) {
    return type + (index < 9 ? "0" : "") + (index + 1);
  }

  private void binary(
      String name, @Nullable LogicalType logical, Encoding encoding, LeafRole role) {
    leaf(name, PhysicalType.BYTE_ARRAY, logical, encoding, role);
  }

  private void string(String name, Encoding encoding, LeafRole role) {
    leaf(name, PhysicalType.BYTE_ARRAY, LogicalType.STRING, encoding, role);
  }

  private void string(String name, Encoding encoding, StringField field) {
    string(name, encoding, new LeafRole.Strings(field));
  }

  private void uint64(String name, LongField field) {
    leaf(name, PhysicalType.INT64, UINT64, DELTA_BINARY_PACKED, new LeafRole.Longs(field));
  }

  private void int64(String name, IntField field) {
    leaf(name, PhysicalType.INT64, INT64, DELTA_BINARY_PACKED, new LeafRole.Ints(field));
  }

  private void int32(String name, IntField field) {
    leaf(name, PhysicalType.INT32, INT32, DELTA_BINARY_PACKED, new LeafRole.Ints(field));
  }

  private void uint32(String name, LeafRole role) {
    leaf(name, PhysicalType.INT32, UINT32, DELTA_BINARY_PACKED, role);
  }

  private void dropped(String name, LeafRole role) {
    leaf(name, PhysicalType.INT32, INT32, DELTA_BINARY_PACKED, role);
  }

  private void droppedPlain(String name, LeafRole role) {
    leaf(name, PhysicalType.INT32, INT32, PLAIN, role);
  }

  private void leaf(
      String name,
      PhysicalType type,
      @Nullable LogicalType logical,
      Encoding encoding,
      LeafRole role) {
    leaf(name, REQUIRED, type, logical, ColumnOptions.of(encoding), role);
  }

  private void leaf(
      String name,
      Repetition repetition,
      PhysicalType type,
      @Nullable LogicalType logical,
      ColumnOptions columnOptions,
      LeafRole role) {
    schema.leaf(name, repetition, type, logical);
    roles.add(role);
    options.add(columnOptions);
  }
}
