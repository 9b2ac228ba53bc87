package io.vivace.traceql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.traceql.ast.BinaryOp;
import io.vivace.traceql.ast.SpanKind;
import io.vivace.traceql.ast.SpanStatus;
import io.vivace.traceql.ast.Static;
import io.vivace.traceql.ast.UnaryOp;
import io.vivace.traceql.eval.StaticOps;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StaticOpsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      value = {
        "7 / 2@3",
        "-7 / 2@-3",
        "7 % -3@1",
        "2 ^ 3@8",
        "2 ^ 3 ^ 2@512",
        "2 ^ 100@9223372036854775807",
        "maxInt + 1@minInt",
        "7 / 2.0@3.5",
        "1s + 1s@2e+09",
        "2s = 2000000000@true",
        "9223372036854775807 = 9223372036854775806@false",
        "5.5 % 2@1.5",
        "\"b\" > \"a\"@true",
        "\"ä\" > \"z\"@true",
        "ok = ok@true",
        "server != client@true",
        "true && false@false",
        "1.0 / 0 > maxInt@true",
        "(0.0 / 0) = (0.0 / 0)@false",
        "\"a\\nb\" =~ `a.b`@true",
        "\"xab\" =~ `ab`@false",
        "\"xab\" !~ `ab`@true",
        "\"\\xff\" = \"\\xff\"@true"
      })
  void folding(String expression, String value) {
    String canonical = TraceQl.parse("{ .x = (" + expression + ") }").toString();
    assertThat(RoundTrip.readable(canonical)).isEqualTo("{ .x = " + value + " }");
  }

  @Test
  void integerDivisionByZeroIsAnError() {
    assertThatThrownBy(() -> StaticOps.binary(BinaryOp.DIVIDE, Static.of(1), Static.of(0)))
        .isInstanceOf(ArithmeticException.class)
        .hasMessage("division by zero");
    assertThatThrownBy(() -> StaticOps.binary(BinaryOp.MODULO, Static.of(1), Static.of(0)))
        .hasMessage("modulo by zero");
  }

  @Test
  void whatDoesNotFitIsFalse() {
    Static[] values = {
      Static.NIL, Static.TRUE, Static.of("x"), Static.of(SpanStatus.OK), Static.of(SpanKind.SERVER)
    };
    for (Static value : values) {
      for (BinaryOp op : BinaryOp.values()) {
        assertThat(StaticOps.binary(op, Static.of(1), value)).isEqualTo(Static.FALSE);
        if (!(op == BinaryOp.OR && value.equals(Static.TRUE))) {
          assertThat(StaticOps.binary(op, value, Static.of(1))).isEqualTo(Static.FALSE);
        }
      }
    }
    assertThat(StaticOps.binary(BinaryOp.NOT_EQUAL, Static.NIL, Static.NIL))
        .isEqualTo(Static.FALSE);
    assertThat(StaticOps.binary(BinaryOp.OR, Static.NIL, Static.TRUE)).isEqualTo(Static.FALSE);
    assertThat(StaticOps.binary(BinaryOp.OR, Static.TRUE, Static.NIL)).isEqualTo(Static.TRUE);
    assertThat(StaticOps.binary(BinaryOp.AND, Static.TRUE, Static.NIL)).isEqualTo(Static.FALSE);
  }

  @Test
  void unary() {
    assertThat(StaticOps.unary(UnaryOp.NOT, Static.TRUE)).contains(Static.FALSE);
    assertThat(StaticOps.unary(UnaryOp.NOT, Static.NIL)).isEmpty();
    assertThat(StaticOps.unary(UnaryOp.NEGATE, Static.of(Long.MIN_VALUE)))
        .contains(Static.of(Long.MIN_VALUE));
    assertThat(StaticOps.unary(UnaryOp.NEGATE, Static.of("x"))).isEmpty();
  }
}
