package io.vivace.parquet;

/// The header of a page. Fields that its kind does not have are 0.
///
/// @param headerBytes of the header itself
/// @param entryCount values and nulls; entries of a dictionary
/// @param nullCount -1 if unknown
/// @param rowCount -1 if unknown
/// @param checksum of the body as stored, if `hasChecksum`
record PageHeader(
    Kind kind,
    int headerBytes,
    int uncompressedBytes,
    int compressedBytes,
    boolean hasChecksum,
    int checksum,
    int entryCount,
    int nullCount,
    int rowCount,
    int encoding,
    int definitionLevelEncoding,
    int repetitionLevelEncoding,
    int definitionLevelBytes,
    int repetitionLevelBytes,
    boolean compressed) {
  enum Kind {
    DATA_V1,
    DATA_V2,
    DICTIONARY,
    OTHER
  }

  static PageHeader read(byte[] bytes, int start, int end) throws MalformedParquetException {
    Parser parser = new Parser(new ThriftReader(bytes, start, end, "page header"));
    return parser.read(start);
  }

  private static final class Parser {
    private final ThriftReader in;
    private int type = -1;
    private int uncompressedBytes = -1;
    private int compressedBytes = -1;
    private boolean hasChecksum;
    private int checksum;
    private int entryCount = -1;
    private int nullCount = -1;
    private int rowCount = -1;
    private int encoding = -1;
    private int definitionLevelEncoding;
    private int repetitionLevelEncoding;
    private int definitionLevelBytes;
    private int repetitionLevelBytes;
    private boolean compressed = true;

    Parser(ThriftReader in) {
      this.in = in;
    }

    PageHeader read(int start) throws MalformedParquetException {
      int body = 0;
      for (int id = in.nextField(0); id != 0; id = in.nextField(id)) {
        switch (id) {
          case 1 -> type = in.readI32();
          case 2 -> uncompressedBytes = in.readI32();
          case 3 -> compressedBytes = in.readI32();
          case 4 -> {
            checksum = in.readI32();
            hasChecksum = true;
          }
          case 5, 7, 8 -> {
            readBody(id);
            body = id;
          }
          default -> in.skipField();
        }
      }
      PageHeader.Kind kind =
          switch (type) {
            case 0 -> PageHeader.Kind.DATA_V1;
            case 2 -> PageHeader.Kind.DICTIONARY;
            case 3 -> PageHeader.Kind.DATA_V2;
            default -> PageHeader.Kind.OTHER;
          };
      check(kind, body);
      return new PageHeader(
          kind,
          in.position() - start,
          uncompressedBytes,
          compressedBytes,
          hasChecksum,
          checksum,
          entryCount,
          nullCount,
          rowCount,
          encoding,
          definitionLevelEncoding,
          repetitionLevelEncoding,
          definitionLevelBytes,
          repetitionLevelBytes,
          compressed);
    }

    private void check(PageHeader.Kind kind, int body) throws MalformedParquetException {
      int expected =
          switch (kind) {
            case DATA_V1 -> 5;
            case DICTIONARY -> 7;
            case DATA_V2 -> 8;
            case OTHER -> body;
          };
      if (body != expected) {
        throw in.malformed("a page of kind " + kind + " without its own header");
      }
      if (uncompressedBytes < 0 || compressedBytes < 0) {
        throw in.malformed("sizes " + uncompressedBytes + " and " + compressedBytes);
      }
      if (kind != PageHeader.Kind.OTHER && (entryCount < 0 || encoding < 0)) {
        throw in.malformed("value count or encoding is missing");
      }
      if (kind == PageHeader.Kind.DATA_V2) {
        boolean levelsFit =
            definitionLevelBytes >= 0
                && repetitionLevelBytes >= 0
                && (long) definitionLevelBytes + repetitionLevelBytes
                    <= Math.min(compressedBytes, uncompressedBytes);
        if (!levelsFit || nullCount < 0 || nullCount > entryCount || rowCount < 0) {
          throw in.malformed("the sizes or counts of a V2 page contradict each other");
        }
      }
    }

    private void readBody(int kind) throws MalformedParquetException {
      in.enterStruct();
      for (int id = in.nextField(0); id != 0; id = in.nextField(id)) {
        if (kind == 8) {
          readV2Field(id);
        } else {
          readV1Field(id);
        }
      }
    }

    /// Also the fields of a dictionary page, which are the first two.
    private void readV1Field(int id) throws MalformedParquetException {
      switch (id) {
        case 1 -> entryCount = in.readI32();
        case 2 -> encoding = in.readI32();
        case 3 -> {
          if (in.fieldType() == ThriftReader.TYPE_I32) {
            definitionLevelEncoding = in.readI32();
          } else {
            in.skipField();
          }
        }
        case 4 -> repetitionLevelEncoding = in.readI32();
        default -> in.skipField();
      }
    }

    private void readV2Field(int id) throws MalformedParquetException {
      switch (id) {
        case 1 -> entryCount = in.readI32();
        case 2 -> nullCount = in.readI32();
        case 3 -> rowCount = in.readI32();
        case 4 -> encoding = in.readI32();
        case 5 -> definitionLevelBytes = in.readI32();
        case 6 -> repetitionLevelBytes = in.readI32();
        case 7 -> compressed = in.readBool();
        default -> in.skipField();
      }
    }
  }
}
