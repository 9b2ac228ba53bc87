package io.vivace.model.proto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ProtoTest {
  @Test
  void writtenFieldsReadBack() {
    Random random = new Random(1);
    for (int round = 0; round < 500; round++) {
      ProtoWriter out = new ProtoWriter(random.nextInt(40));
      long varint = random.nextLong() >>> random.nextInt(64);
      long fixed = random.nextLong();
      byte[] bytes = new byte[random.nextInt(300)];
      random.nextBytes(bytes);
      out.writeVarint(1, varint);
      int outer = out.beginMessage(2);
      int inner = out.beginMessage(1000);
      out.writeBytes(3, bytes);
      out.endMessage(inner);
      out.writeFixed64(4, fixed);
      out.endMessage(outer);
      out.writeFixed32(5, (int) fixed);

      assertThat(ProtoWriter.varintSize(varint)).isBetween(1, 10);
      ProtoCursor in = new ProtoCursor(out.array(), 0, out.size());
      assertThat(in.next()).isTrue();
      assertThat(in.field()).isEqualTo(1);
      assertThat(in.readVarint()).isEqualTo(varint);
      assertThat(in.position()).isEqualTo(1 + ProtoWriter.varintSize(varint));
      assertThat(in.next()).isTrue();
      int length = in.readLength();
      ProtoCursor message = new ProtoCursor(out.array(), in.valueOffset(), length);
      assertThat(message.next()).isTrue();
      assertThat(message.field()).isEqualTo(1000);
      int innerLength = message.readLength();
      ProtoCursor nested = new ProtoCursor(out.array(), message.valueOffset(), innerLength);
      assertThat(nested.next()).isTrue();
      assertThat(nested.readLength()).isEqualTo(bytes.length);
      assertThat(out.array()).containsSubsequence(bytes);
      assertThat(nested.next()).isFalse();
      assertThat(message.next()).isTrue();
      assertThat(message.readFixed64()).isEqualTo(fixed);
      assertThat(message.next()).isFalse();
      assertThat(in.next()).isTrue();
      assertThat(in.readFixed32()).isEqualTo((int) fixed);
      assertThat(in.next()).isFalse();
    }
  }

  @Test
  void whatIsMalformedIsNamed() {
    assertMalformed("truncated varint", 0x08, 0x80);
    assertMalformed("varint longer than 10 bytes", 8, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1);
    assertMalformed("field number 0", 0x02, 0);
    assertMalformed("exceeds", 0x0a, 5, 1);
    assertMalformed("exceeds", 0x0a, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1);
    assertMalformed("truncated fixed64", 0x09, 1, 2);
    assertMalformed("truncated fixed32", 0x0d, 1, 2);
    assertMalformed("wire type 6", 0x0e);
    assertMalformed("without end", 0x0b, 0x08, 1);
    assertMalformed("end of group 2 inside group 1", 0x0b, 0x14);
    byte[] groups = new byte[100];
    java.util.Arrays.fill(groups, (byte) 0x0b);
    assertThatThrownBy(() -> skipAll(groups)).hasMessageContaining("nested deeper");
  }

  @Test
  void groupsAreSkipped() {
    byte[] bytes = {0x0b, 0x13, 0x08, 1, 0x14, 0x0c, 0x10, 7};
    ProtoCursor in = new ProtoCursor(bytes, 0, bytes.length);
    assertThat(in.next()).isTrue();
    in.skip();
    assertThat(in.next()).isTrue();
    assertThat(in.field()).isEqualTo(2);
    assertThat(in.readVarint()).isEqualTo(7);
  }

  private static void assertMalformed(String problem, int... bytes) {
    byte[] message = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      message[i] = (byte) bytes[i];
    }
    assertThatThrownBy(() -> skipAll(message))
        .isInstanceOf(MalformedProtoException.class)
        .hasMessageContaining(problem)
        .hasMessageContaining("at byte");
  }

  private static void skipAll(byte[] message) {
    ProtoCursor cursor = new ProtoCursor(message, 0, message.length);
    while (cursor.next()) {
      cursor.skip();
    }
  }
}
