package io.vivace.testkit.reference;

import java.util.List;

/// One series of a metrics answer.
///
/// @param labels in order
/// @param values one for each interval, in order of time; NaN where there is no sample
public record RefSeries(List<Label> labels, double[] values) {

  /// @param value [RefValue#NIL] is sent as the text `nil`
  public record Label(String name, RefValue value) {
    @Override
    public String toString() {
      return name + "=" + value;
    }
  }

  boolean isEmpty() {
    for (double value : values) {
      if (!Double.isNaN(value)) {
        return false;
      }
    }
    return true;
  }
}
