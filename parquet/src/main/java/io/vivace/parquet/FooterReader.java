package io.vivace.parquet;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds and parses footers. Column chunks are kept as numbers and positions in the footer's bytes.
final class FooterReader {
  private static final int MAGIC = 'P' | 'A' << 8 | 'R' << 16 | '1' << 24;
  private static final int TRAILER_BYTES = 8;
  private static final int FIRST_GUESS_BYTES = 64 << 10;
  private static final int MAX_SCHEMA_DEPTH = 64;
  private static final int MAX_SCHEMA_ELEMENTS = 100_000;
  private static final String[] NO_PATH = {};

  private final ThriftReader in;
  private final int end;
  private final long fileSize;

  private FooterReader(byte[] bytes, int start, int end, long fileSize) {
    this.in = new ThriftReader(bytes, start, end, "footer");
    this.end = end;
    this.fileSize = fileSize;
  }

  static Footer read(RandomAccessInput input, ReadOptions options, int knownFooterBytes)
      throws IOException {
    long size = input.size();
    if (size < TRAILER_BYTES + 4) {
      throw new MalformedParquetException("a file of " + size + " bytes is too small for Parquet");
    }
    int guess = knownFooterBytes > 0 ? knownFooterBytes : FIRST_GUESS_BYTES;
    if (guess > options.maxFooterBytes()) {
      guess = FIRST_GUESS_BYTES;
    }
    int tailBytes = (int) Math.min(size, (long) guess + TRAILER_BYTES);
    byte[] tail = new byte[tailBytes];
    input.read(size - tailBytes, tail, 0, tailBytes);
    if (LittleEndian.getInt(tail, tailBytes - 4) != MAGIC) {
      throw new MalformedParquetException("the file does not end with PAR1");
    }
    int footerBytes = LittleEndian.getInt(tail, tailBytes - TRAILER_BYTES);
    if (footerBytes < 0
        || footerBytes > size - TRAILER_BYTES - 4
        || footerBytes > options.maxFooterBytes()) {
      throw new MalformedParquetException(
          "a footer of "
              + Integer.toUnsignedString(footerBytes)
              + " bytes is stated in a file of "
              + size
              + ", the limit is "
              + options.maxFooterBytes());
    }
    int start = tailBytes - TRAILER_BYTES - footerBytes;
    if (start < 0) {
      tail = new byte[footerBytes];
      input.read(size - TRAILER_BYTES - footerBytes, tail, 0, footerBytes);
      start = 0;
    } else if (start > 0) {
      tail = Arrays.copyOfRange(tail, start, start + footerBytes);
    }
    return new FooterReader(tail, 0, footerBytes, size).readFooter();
  }

  private Footer readFooter() throws MalformedParquetException {
    ParquetSchema schema = null;
    long rowCount = 0;
    String createdBy = "";
    int rowGroupsAt = -1;
    for (int id = in.nextField(0); id != 0; id = in.nextField(id)) {
      switch (id) {
        case 2 -> schema = readSchema();
        case 3 -> rowCount = in.readI64();
        case 4 -> {
          rowGroupsAt = in.position();
          if (in.fieldType() != ThriftReader.TYPE_LIST) {
            throw in.malformed("the row groups are not a list");
          }
          if (schema != null) {
            // The usual order: parse in place instead of skipping first.
            return readRest(schema, rowCount, readRowGroups(schema), id);
          }
          in.skipField();
        }
        case 6 -> createdBy = new String(in.readBinary(), StandardCharsets.UTF_8);
        default -> in.skipField();
      }
    }
    if (schema == null || rowGroupsAt < 0) {
      throw in.malformed("schema or row groups are missing");
    }
    throw in.malformed("the row groups come before the schema");
  }

  private Footer readRest(
      ParquetSchema schema, long rowCount, List<RowGroup> rowGroups, int lastField)
      throws MalformedParquetException {
    String createdBy = "";
    for (int id = in.nextField(lastField); id != 0; id = in.nextField(id)) {
      if (id == 6) {
        createdBy = new String(in.readBinary(), StandardCharsets.UTF_8);
      } else {
        in.skipField();
      }
    }
    long rows = 0;
    for (RowGroup group : rowGroups) {
      rows += group.rowCount();
    }
    if (rows != rowCount) {
      throw in.malformed("the row groups have " + rows + " rows, the file " + rowCount);
    }
    return new Footer(schema, rowCount, createdBy, rowGroups);
  }

  // ---- schema

  private record Element(
      String name,
      int children,
      int type,
      int typeLength,
      int repetition,
      @Nullable LogicalType logicalType) {}

  private ParquetSchema readSchema() throws MalformedParquetException {
    int size = in.enterList(ThriftReader.TYPE_STRUCT);
    if (size > MAX_SCHEMA_ELEMENTS) {
      throw in.malformed("a schema of " + size + " elements");
    }
    List<Element> elements = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      elements.add(readElement());
    }
    if (elements.isEmpty()) {
      throw in.malformed("the schema is empty");
    }
    int[] next = {1};
    List<ParquetField> fields = readChildren(elements, elements.getFirst(), next, 0);
    if (next[0] != elements.size()) {
      throw in.malformed("the schema has " + (size - next[0]) + " elements outside the root");
    }
    return new ParquetSchema(elements.getFirst().name(), fields);
  }

  private List<ParquetField> readChildren(
      List<Element> elements, Element parent, int[] next, int depth)
      throws MalformedParquetException {
    if (depth > MAX_SCHEMA_DEPTH) {
      throw in.malformed("the schema is more than " + MAX_SCHEMA_DEPTH + " deep");
    }
    if (parent.children() > elements.size() - next[0]) {
      throw in.malformed(parent.name() + " has more children than the schema has elements");
    }
    List<ParquetField> fields = new ArrayList<>(parent.children());
    for (int i = 0; i < parent.children(); i++) {
      if (next[0] >= elements.size()) {
        throw in.malformed(parent.name() + " has more children than the schema has elements");
      }
      Element element = elements.get(next[0]++);
      if (element.repetition() < 0 || element.repetition() > 2) {
        throw in.malformed("repetition " + element.repetition() + " of " + element.name());
      }
      Repetition repetition = Repetition.values()[element.repetition()];
      if (element.type() < 0) {
        List<ParquetField> children = readChildren(elements, element, next, depth + 1);
        fields.add(
            new ParquetField.Group(element.name(), repetition, element.logicalType(), children));
      } else {
        fields.add(leaf(element, repetition));
      }
    }
    return fields;
  }

  private ParquetField.Leaf leaf(Element element, Repetition repetition)
      throws MalformedParquetException {
    if (element.type() >= PhysicalType.values().length || element.children() > 0) {
      throw in.malformed("type " + element.type() + " of leaf " + element.name());
    }
    PhysicalType type = PhysicalType.values()[element.type()];
    int length = type == PhysicalType.FIXED_LEN_BYTE_ARRAY ? element.typeLength() : 0;
    if (length < 0 || (type == PhysicalType.FIXED_LEN_BYTE_ARRAY && length == 0)) {
      throw in.malformed("length " + length + " of leaf " + element.name());
    }
    return new ParquetField.Leaf(element.name(), repetition, element.logicalType(), type, length);
  }

  private Element readElement() throws MalformedParquetException {
    String name = "";
    int children = 0;
    int type = -1;
    int typeLength = 0;
    int repetition = 0;
    LogicalType converted = null;
    LogicalType logical = null;
    for (int id = in.nextField(0); id != 0; id = in.nextField(id)) {
      switch (id) {
        case 1 -> type = in.readI32();
        case 2 -> typeLength = in.readI32();
        case 3 -> repetition = in.readI32();
        case 4 -> name = new String(in.readBinary(), StandardCharsets.UTF_8);
        case 5 -> children = in.readI32();
        case 6 -> converted = convertedType(in.readI32());
        case 10 -> logical = readLogicalType();
        default -> in.skipField();
      }
    }
    if (children < 0) {
      throw in.malformed(children + " children of " + name);
    }
    return new Element(
        name, children, type, typeLength, repetition, logical != null ? logical : converted);
  }

  private static LogicalType convertedType(int type) {
    return switch (type) {
      case 0 -> LogicalType.STRING;
      case 1, 2 -> LogicalType.MAP;
      case 3 -> LogicalType.LIST;
      case 11, 12, 13, 14 -> LogicalType.integer(8 << (type - 11), false);
      case 15, 16, 17, 18 -> LogicalType.integer(8 << (type - 15), true);
      default -> new LogicalType.Other(-1 - type);
    };
  }

  private @Nullable LogicalType readLogicalType() throws MalformedParquetException {
    in.enterStruct();
    LogicalType found = null;
    for (int id = in.nextField(0); id != 0; id = in.nextField(id)) {
      switch (id) {
        case 1 -> found = LogicalType.STRING;
        case 2 -> found = LogicalType.MAP;
        case 3 -> found = LogicalType.LIST;
        case 10 -> found = readIntegerType();
        default -> found = new LogicalType.Other(id);
      }
      if (id != 10) {
        in.skipField();
      }
    }
    return found;
  }

  private LogicalType readIntegerType() throws MalformedParquetException {
    in.enterStruct();
    int bits = 0;
    boolean signed = false;
    for (int id = in.nextField(0); id != 0; id = in.nextField(id)) {
      switch (id) {
        case 1 -> bits = in.readI8();
        case 2 -> signed = in.readBool();
        default -> in.skipField();
      }
    }
    if (bits != 8 && bits != 16 && bits != 32 && bits != 64) {
      throw in.malformed("an integer of " + bits + " bits");
    }
    return LogicalType.integer(bits, signed);
  }

  // ---- row groups

  private List<RowGroup> readRowGroups(ParquetSchema schema) throws MalformedParquetException {
    int size = in.enterList(ThriftReader.TYPE_STRUCT);
    byte[][][] paths = paths(schema);
    List<RowGroup> groups = new ArrayList<>(Math.min(size, 4096));
    for (int ordinal = 0; ordinal < size; ordinal++) {
      groups.add(readRowGroup(schema, paths, ordinal));
    }
    return groups;
  }

  private static byte[][][] paths(ParquetSchema schema) {
    byte[][][] paths = new byte[schema.leafCount()][][];
    for (ParquetLeaf leaf : schema.leaves()) {
      String[] names = leaf.path().toArray(NO_PATH);
      paths[leaf.index()] = new byte[names.length][];
      for (int i = 0; i < names.length; i++) {
        paths[leaf.index()][i] = names[i].getBytes(StandardCharsets.UTF_8);
      }
    }
    return paths;
  }

  private RowGroup readRowGroup(ParquetSchema schema, byte[][][] paths, int ordinal)
      throws MalformedParquetException {
    long rows = -1;
    long @Nullable [] columns = null;
    for (int id = in.nextField(0); id != 0; id = in.nextField(id)) {
      switch (id) {
        case 1 -> columns = readColumns(schema, paths, ordinal);
        case 3 -> rows = in.readI64();
        default -> in.skipField();
      }
    }
    if (columns == null || rows < 0 || rows > Integer.MAX_VALUE) {
      throw in.malformed("row group " + ordinal + " has " + rows + " rows or no columns");
    }
    return new RowGroup(schema, in.bytes(), end, ordinal, (int) rows, columns);
  }

  private long[] readColumns(ParquetSchema schema, byte[][][] paths, int ordinal)
      throws MalformedParquetException {
    int size = in.enterList(ThriftReader.TYPE_STRUCT);
    if (size != schema.leafCount()) {
      throw in.malformed(
          "row group " + ordinal + " has " + size + " columns, the schema " + schema.leafCount());
    }
    long[] columns = new long[size * RowGroup.SLOTS];
    for (int leaf = 0; leaf < size; leaf++) {
      readColumn(schema.leaf(leaf), paths[leaf], columns, leaf * RowGroup.SLOTS);
    }
    return columns;
  }

  private void readColumn(ParquetLeaf leaf, byte[][] path, long[] columns, int base)
      throws MalformedParquetException {
    columns[base + RowGroup.OFFSET_INDEX] = -1;
    columns[base + RowGroup.COLUMN_INDEX] = -1;
    boolean metadata = false;
    for (int id = in.nextField(0); id != 0; id = in.nextField(id)) {
      switch (id) {
        case 1 -> throw in.malformed(leaf.dottedPath() + " is kept in another file");
        case 3 -> {
          readColumnMetadata(leaf, path, columns, base);
          metadata = true;
        }
        case 4 -> columns[base + RowGroup.OFFSET_INDEX] = in.readI64();
        case 5 -> columns[base + RowGroup.OFFSET_INDEX_BYTES] = in.readI32();
        case 6 -> columns[base + RowGroup.COLUMN_INDEX] = in.readI64();
        case 7 -> columns[base + RowGroup.COLUMN_INDEX_BYTES] = in.readI32();
        default -> in.skipField();
      }
    }
    if (!metadata) {
      throw in.malformed(leaf.dottedPath() + " has no metadata");
    }
    checkIndex(leaf, columns, base + RowGroup.OFFSET_INDEX);
    checkIndex(leaf, columns, base + RowGroup.COLUMN_INDEX);
  }

  private void checkIndex(ParquetLeaf leaf, long[] columns, int at)
      throws MalformedParquetException {
    long offset = columns[at];
    long length = columns[at + 1];
    if (offset <= 0 || length == 0) {
      columns[at] = -1;
      columns[at + 1] = 0;
    } else if (length < 0 || offset > fileSize - length) {
      throw in.malformed("the page index of " + leaf.dottedPath() + " at " + offset + "+" + length);
    }
  }

  private void readColumnMetadata(ParquetLeaf leaf, byte[][] path, long[] columns, int base)
      throws MalformedParquetException {
    in.enterStruct();
    int type = -1;
    for (int id = in.nextField(0); id != 0; id = in.nextField(id)) {
      switch (id) {
        case 1 -> type = in.readI32();
        case 3 -> checkPath(leaf, path);
        case 4 -> columns[base + RowGroup.CODEC] = in.readI32();
        case 5 -> columns[base + RowGroup.ENTRIES] = in.readI64();
        case 6 -> columns[base + RowGroup.UNCOMPRESSED] = in.readI64();
        case 7 -> columns[base + RowGroup.COMPRESSED] = in.readI64();
        case 9 -> columns[base + RowGroup.DATA_PAGE] = in.readI64();
        case 11 -> columns[base + RowGroup.DICTIONARY_PAGE] = in.readI64();
        case 12 -> {
          in.enterStruct();
          columns[base + RowGroup.STATISTICS] = in.position();
          in.skipField();
        }
        default -> in.skipField();
      }
    }
    if (type != leaf.type().ordinal()) {
      throw in.malformed(
          leaf.dottedPath() + " has type " + type + " where the schema says " + leaf.type());
    }
    long dataPage = columns[base + RowGroup.DATA_PAGE];
    long dictionaryPage = columns[base + RowGroup.DICTIONARY_PAGE];
    long first = dictionaryPage > 0 && dictionaryPage < dataPage ? dictionaryPage : dataPage;
    long length = columns[base + RowGroup.COMPRESSED];
    if (first < 0
        || length < 0
        || length > fileSize
        || first > fileSize - length
        || dataPage > first + length) {
      throw in.malformed(
          "the pages of " + leaf.dottedPath() + " at " + first + "+" + length + " of " + fileSize);
    }
    if (columns[base + RowGroup.ENTRIES] < 0 || columns[base + RowGroup.UNCOMPRESSED] < 0) {
      throw in.malformed(leaf.dottedPath() + " has a negative size");
    }
  }

  private void checkPath(ParquetLeaf leaf, byte[][] path) throws MalformedParquetException {
    int size = in.enterList(ThriftReader.TYPE_BINARY);
    boolean same = size == path.length;
    for (int i = 0; i < size; i++) {
      int length = in.skipListBinary();
      int from = in.position() - length;
      same = same && Arrays.equals(in.bytes(), from, in.position(), path[i], 0, path[i].length);
    }
    if (!same) {
      throw in.malformed("the column at the place of " + leaf.dottedPath() + " has another name");
    }
  }

  // ---- statistics

  /// Reads a statistics struct whose fields follow.
  static Bounds readStatistics(ThriftReader in, long entries) throws MalformedParquetException {
    byte[] min = null;
    byte[] max = null;
    long nulls = -1;
    for (int id = in.nextField(0); id != 0; id = in.nextField(id)) {
      switch (id) {
        // The deprecated bounds 1 and 2 have no defined order and are not used.
        case 3 -> nulls = in.readI64();
        case 5 -> max = in.readBinary();
        case 6 -> min = in.readBinary();
        default -> in.skipField();
      }
    }
    return new Bounds(min, max, nulls, nulls >= 0 && nulls == entries);
  }
}
