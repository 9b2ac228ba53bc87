package io.vivace.traceql;

/// Parts of the language that an executor may or may not do.
public enum Feature {
  SPANSET_AND("&& between spansets"),
  SPANSET_OR("|| between spansets"),
  STRUCTURAL("structural operators"),
  NESTED_PIPELINE("pipelines as operands"),
  SCALAR_FILTER("aggregates"),
  GROUP_BY("by()"),
  COALESCE("coalesce()"),
  SELECT("select()"),
  SEVERAL_STAGES("pipelines of several stages"),
  METRICS("metrics functions"),
  COMPARE("compare()"),
  SECOND_STAGE("topk, bottomk and comparisons of metrics"),
  METRICS_ARITHMETIC("arithmetic on metrics"),
  EVENT_FIELDS("event fields"),
  LINK_FIELDS("link fields"),
  INSTRUMENTATION_FIELDS("instrumentation fields"),
  TRACE_FIELDS("trace fields"),
  STRUCTURE_FIELDS("nested-set fields and span:childCount"),
  HINTS("hints");

  private final String label;

  Feature(String label) {
    this.label = label;
  }

  /// For messages.
  public String label() {
    return label;
  }
}
