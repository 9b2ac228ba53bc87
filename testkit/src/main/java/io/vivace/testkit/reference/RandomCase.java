package io.vivace.testkit.reference;

import java.util.List;

/// A random query with random data; equal seeds give equal cases.
///
/// The data has arrays, equal keys in several scopes, one key with several types, missing roots,
/// orphans, cycles, span ids that several spans share, events and links. The answers do not depend
/// on the order of the spans nor on how a trace is split: no two spans of a trace have the same id
/// and kind (they would count as one across pushes), several roots have the same name and service,
/// sums are exact in any order, and queries do not depend on the nested-set numbers themselves
/// (though answers show them: leave those attributes out of comparisons).
///
/// @param query valid TraceQL: a spanset pipeline, or a metrics query from [#metrics]
public record RandomCase(long seed, List<RefTrace> traces, String query) {

  /// A case with a spanset pipeline.
  public static RandomCase search(long seed) {
    return new RandomCase(seed, new RandomData(seed).traces(), new RandomQuery(seed).search());
  }

  /// A case with a metrics query, without `compare`.
  public static RandomCase metrics(long seed) {
    return new RandomCase(seed, new RandomData(seed).traces(), new RandomQuery(seed).metrics());
  }

  @Override
  public String toString() {
    return "seed " + seed + ": " + query;
  }
}
