package io.vivace.parquet;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// A file with random schema, data and layout, all from one seed, and what it must read back as.
final class SampleFile {
  private static final int MAX_DEPTH = 4;

  final ParquetSchema schema;
  final List<ColumnOptions> options = new ArrayList<>();
  final List<Integer> groupRows = new ArrayList<>();
  final List<List<ColumnData>> groups = new ArrayList<>();
  final byte[] bytes;
  final WrittenFile written;

  private final Random random;

  SampleFile(long seed) throws IOException {
    this(seed, 300);
  }

  SampleFile(long seed, int maxRows) throws IOException {
    random = new Random(seed);
    ParquetSchema.Builder builder = ParquetSchema.builder("root");
    fields(builder, 0);
    builder.leaf("last", Repetition.REQUIRED, PhysicalType.INT64);
    schema = builder.build();
    for (ParquetLeaf leaf : schema.leaves()) {
      options.add(options(leaf));
    }
    WriterOptions layout =
        WriterOptions.DEFAULT
            .withPageRowLimit(1 + random.nextInt(random.nextBoolean() ? 20 : 1000))
            .withPageSizeBytes(1 + random.nextInt(random.nextBoolean() ? 200 : 100_000));
    if (random.nextBoolean()) {
      layout = layout.withChecksums();
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ParquetWriter writer = new ParquetWriter(schema, options, layout, out::write)) {
      int count = 1 + random.nextInt(3);
      for (int group = 0; group < count; group++) {
        int rows = 1 + random.nextInt(maxRows);
        groupRows.add(rows);
        groups.add(group(rows));
        writer.startRowGroup(rows);
        for (ParquetLeaf leaf : schema.leaves()) {
          ColumnData data = groups.getLast().get(leaf.index());
          writer.column(data.levels(), data.values());
        }
        writer.endRowGroup();
      }
      written = writer.finish();
    }
    bytes = out.toByteArray();
  }

  private void fields(ParquetSchema.Builder builder, int depth) {
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      Repetition repetition = Repetition.values()[random.nextInt(3)];
      String name = "f" + i;
      if (depth < MAX_DEPTH && random.nextInt(3) == 0) {
        builder.group(name, repetition);
        fields(builder, depth + 1);
        builder.end();
        continue;
      }
      PhysicalType type =
          switch (random.nextInt(6)) {
            case 0 -> PhysicalType.BOOLEAN;
            case 1 -> PhysicalType.INT32;
            case 2 -> PhysicalType.INT64;
            case 3 -> PhysicalType.DOUBLE;
            default -> PhysicalType.BYTE_ARRAY;
          };
      LogicalType logical =
          switch (type) {
            case INT32 -> random.nextBoolean() ? null : LogicalType.integer(32, false);
            case INT64 -> random.nextBoolean() ? null : LogicalType.integer(64, false);
            case BYTE_ARRAY -> random.nextBoolean() ? null : LogicalType.STRING;
            default -> null;
          };
      builder.leaf(name, repetition, type, logical);
    }
  }

  private ColumnOptions options(ParquetLeaf leaf) {
    Encoding encoding =
        switch (leaf.type()) {
          case INT32, INT64 -> random.nextBoolean() ? Encoding.PLAIN : Encoding.DELTA_BINARY_PACKED;
          case BYTE_ARRAY ->
              switch (random.nextInt(4)) {
                case 0 -> Encoding.PLAIN;
                case 1 -> Encoding.DELTA_LENGTH_BYTE_ARRAY;
                default -> Encoding.DICTIONARY;
              };
          default -> Encoding.PLAIN;
        };
    Codec codec = Codec.values()[random.nextInt(Codec.values().length)];
    return new ColumnOptions(encoding, codec, 1 + random.nextInt(3), random.nextInt(5) > 0);
  }

  private List<ColumnData> group(int rows) {
    List<ColumnData> columns = new ArrayList<>();
    level(schema.fields(), Levels.rows(rows), columns);
    return columns;
  }

  private void level(List<ParquetField> fields, Levels parent, List<ColumnData> columns) {
    for (ParquetField field : fields) {
      Levels levels =
          switch (field.repetition()) {
            case REQUIRED -> parent;
            case OPTIONAL -> parent.optional(presence(parent.valueCount()), 0);
            case REPEATED -> parent.repeated(offsets(parent.valueCount()), 0);
          };
      switch (field) {
        case ParquetField.Group group -> level(group.fields(), levels, columns);
        case ParquetField.Leaf leaf ->
            columns.add(new ColumnData(levels, values(leaf, levels.valueCount())));
      }
    }
  }

  private byte[] presence(int count) {
    byte[] present = new byte[count];
    int kind = random.nextInt(4);
    for (int i = 0; i < count; i++) {
      present[i] = (byte) (kind == 0 ? 0 : kind == 1 ? 1 : random.nextInt(2));
    }
    return present;
  }

  private int[] offsets(int parents) {
    int[] offsets = new int[parents + 1];
    int kind = random.nextInt(5);
    for (int i = 0; i < parents; i++) {
      int n =
          switch (kind) {
            case 0 -> 0;
            case 1 -> 1;
            case 2 -> random.nextInt(2);
            default -> random.nextInt(50) == 0 ? random.nextInt(40) : random.nextInt(4);
          };
      offsets[i + 1] = offsets[i] + n;
    }
    return offsets;
  }

  private Values values(ParquetField.Leaf leaf, int count) {
    int kind = random.nextInt(4);
    return switch (leaf.type()) {
      case BOOLEAN -> {
        byte[] values = new byte[count];
        for (int i = 0; i < count; i++) {
          values[i] = (byte) random.nextInt(kind == 0 ? 1 : 2);
        }
        yield new Values.Booleans(values, count);
      }
      case INT32 -> {
        int[] values = new int[count];
        for (int i = 0; i < count; i++) {
          values[i] = (int) number(kind, i);
        }
        yield new Values.Ints(values, count);
      }
      case INT64 -> {
        long[] values = new long[count];
        for (int i = 0; i < count; i++) {
          values[i] = number(kind, i);
        }
        yield new Values.Longs(values, count);
      }
      case DOUBLE -> {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
          values[i] =
              switch (random.nextInt(20)) {
                case 0 -> kind == 0 ? Double.NaN : 0.0;
                case 1 -> -0.0;
                case 2 -> Double.NEGATIVE_INFINITY;
                default -> random.nextGaussian() * 1e6;
              };
        }
        yield new Values.Doubles(values, count);
      }
      default -> strings(kind, count);
    };
  }

  private long number(int kind, int i) {
    return switch (kind) {
      case 0 -> 7;
      case 1 -> 1_700_000_000_000_000_000L + i * 1_000L + random.nextInt(1000);
      case 2 -> random.nextInt(100) - 50;
      default -> random.nextLong();
    };
  }

  private Values strings(int kind, int count) {
    int distinct = kind == 0 ? 1 : 1 + random.nextInt(kind == 1 ? 5 : 2000);
    byte[][] words = new byte[distinct][];
    for (int i = 0; i < distinct; i++) {
      // Numbered, so that all differ; long ones so that bounds are shortened.
      String tail = "äx\u007f".repeat(random.nextInt(random.nextInt(10) == 0 ? 150 : 4));
      words[i] =
          (i == 0 && random.nextBoolean() ? "" : "w" + i + tail)
              .getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }
    int[] ids = new int[count];
    for (int i = 0; i < count; i++) {
      ids[i] = random.nextInt(distinct);
    }
    Values.Ids values = new Values.Ids(ids, count, packed(words));
    return random.nextBoolean() ? values : IdCompactor.expand(values);
  }

  static PackedDictionary packed(byte[][] words) {
    int[] offsets = new int[words.length + 1];
    for (int i = 0; i < words.length; i++) {
      offsets[i + 1] = offsets[i] + words[i].length;
    }
    byte[] data = new byte[offsets[words.length]];
    for (int i = 0; i < words.length; i++) {
      System.arraycopy(words[i], 0, data, offsets[i], words[i].length);
    }
    return new PackedDictionary(data, offsets, words.length);
  }

  /// A column as text, one line for each entry: levels and value. Slow and plain, to compare with.
  static List<String> entries(ColumnData data) {
    Levels levels = data.levels();
    List<String> lines = new ArrayList<>(levels.count());
    int value = 0;
    for (int i = 0; i < levels.count(); i++) {
      int r = levels.repetition() == null ? 0 : levels.repetition()[i];
      int d = levels.definition() == null ? 0 : levels.definition()[i];
      String text = d == levels.maxDefinition() ? value(data.values(), value++) : "null";
      lines.add(r + "/" + d + " " + text);
    }
    if (value != data.values().count()) {
      lines.add("values left: " + (data.values().count() - value));
    }
    return lines;
  }

  static String value(Values values, int i) {
    return switch (values) {
      case Values.Longs longs -> Long.toString(longs.values()[i]);
      case Values.Ints ints -> Integer.toString(ints.values()[i]);
      case Values.Doubles doubles ->
          Long.toHexString(Double.doubleToRawLongBits(doubles.values()[i]));
      case Values.Booleans booleans -> Byte.toString(booleans.values()[i]);
      case Values.Binary binary -> text(binary.bytes(i));
      case Values.Ids ids -> text(ids.dictionary().bytes(ids.ids()[i]));
    };
  }

  static String text(byte[] bytes) {
    return new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
  }

  /// The entries of some rows.
  static List<String> rows(List<String> entries, RowRanges rows) {
    List<String> kept = new ArrayList<>();
    int row = -1;
    for (String entry : entries) {
      row += entry.startsWith("0/") ? 1 : 0;
      if (rows.overlaps(row, row + 1)) {
        kept.add(entry);
      }
    }
    return kept;
  }

  static RowRanges randomRows(Random random, int rowCount) {
    int cuts = 2 * (1 + random.nextInt(4));
    int[] bounds = random.ints(cuts, 0, rowCount + 1).sorted().distinct().toArray();
    return RowRanges.ofBounds(Arrays.copyOf(bounds, bounds.length & ~1));
  }
}
