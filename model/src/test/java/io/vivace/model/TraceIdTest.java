package io.vivace.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TraceIdTest {
  @Test
  void bytesOfAnyLengthArePaddedOrCut() {
    byte[] bytes = {9, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17};
    assertThat(TraceId.from(bytes, 0, 18)).isEqualTo(TraceId.from(bytes, 2, 16));
    assertThat(TraceId.from(bytes, 1, 2)).isEqualTo(new TraceId(0, 0x0102));
    assertThat(TraceId.from(bytes, 1, 9)).isEqualTo(new TraceId(1, 0x0203040506070809L));
    assertThat(TraceId.from(bytes, 1, 0)).isEqualTo(new TraceId(0, 0));
    assertThat(TraceId.from(bytes, 2, 16).toBytes()).isEqualTo(Arrays.copyOfRange(bytes, 2, 18));
  }

  @Test
  void textIsHexOfAnyCaseAndLength() {
    assertThat(TraceId.parse("aBc")).isEqualTo(new TraceId(0, 0xabc));
    assertThat(TraceId.parse("10000000000000000")).isEqualTo(new TraceId(1, 0));
    assertThat(TraceId.parse("ffffffffffffffffffffffffffffffff")).isEqualTo(new TraceId(-1, -1));
    TraceId id = new TraceId(0x1234, -2);
    assertThat(TraceId.parse(id.toHex())).isEqualTo(id);
    assertThat(id.toHex()).isEqualTo("0000000000001234fffffffffffffffe");
    assertThatThrownBy(() -> TraceId.parse("ab g"))
        .isInstanceOf(RequestException.class)
        .hasMessageContaining("invalid character ' ' at position 3");
    assertThatThrownBy(() -> TraceId.parse("1".repeat(33)))
        .hasMessage("trace IDs can't be larger than 128 bits");
    assertThatThrownBy(() -> TraceId.parse("")).isInstanceOf(RequestException.class);
    assertThatThrownBy(() -> TraceId.parse("\u0661")).isInstanceOf(RequestException.class);
  }

  @Test
  void orderIsThatOfTheBytes() {
    Random random = new Random(1);
    for (int i = 0; i < 1_000; i++) {
      TraceId a = new TraceId(random.nextInt(3) - 1, random.nextLong());
      TraceId b = new TraceId(random.nextInt(3) - 1, random.nextLong());
      assertThat(Integer.signum(a.compareTo(b)))
          .isEqualTo(Integer.signum(Arrays.compareUnsigned(a.toBytes(), b.toBytes())));
    }
  }
}
