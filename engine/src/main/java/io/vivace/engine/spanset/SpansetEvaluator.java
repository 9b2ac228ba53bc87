package io.vivace.engine.spanset;

import io.vivace.batch.Bitmap;
import io.vivace.batch.Level;
import io.vivace.batch.SpanBatch;
import io.vivace.engine.filter.BatchEvaluator;
import io.vivace.engine.filter.Field;
import io.vivace.engine.filter.Levels;
import io.vivace.model.ErrorCategory;
import io.vivace.model.RequestException;
import io.vivace.traceql.ast.SpansetOp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Runs a pipeline over one batch. Confined to one thread.
public final class SpansetEvaluator {
  private final BatchEvaluator evaluator;
  private final SpanBatch batch;
  private @Nullable Structure structure;

  public SpansetEvaluator(BatchEvaluator evaluator) {
    this.evaluator = evaluator;
    this.batch = evaluator.batch();
  }

  /// The span sets that come out of `plan`.
  ///
  /// @param candidates the spans that take part
  public SpanSets run(SpansetPlan plan, Bitmap candidates) {
    Bitmap spans = candidates;
    if (plan.isNever()) {
      spans = new Bitmap(candidates.length());
    } else if (!plan.seesAllSpans()) {
      spans = withAnyField(plan, candidates);
    }
    return stages(plan.stages(), SpanSets.onePerTrace(batch, spans), true);
  }

  private Bitmap withAnyField(SpansetPlan plan, Bitmap candidates) {
    Bitmap found = new Bitmap(candidates.length());
    for (Field field : plan.conditionFields()) {
      found.or(evaluator.spansWith(field));
    }
    for (Field field : plan.selectedFields()) {
      found.or(evaluator.spansWith(field));
    }
    found.and(candidates);
    return found;
  }

  /// @param mayRetain whether traces that are without a set in the end are of no further use
  private SpanSets stages(List<Stage> stages, SpanSets input, boolean mayRetain) {
    SpanSets sets = input;
    for (Stage stage : stages) {
      if (sets.isEmpty()) {
        return sets;
      }
      sets =
          switch (stage) {
            case Stage.Filter filter ->
                sets.restrict(filter.filter().apply(evaluator, sets.spans(), mayRetain));
            case Stage.Operation operation -> sets.restrict(operation(operation, sets, mayRetain));
            case Stage.Group group -> group(group, sets);
            case Stage.Coalesce _ -> coalesce(sets);
            case Stage.Aggregate aggregate -> new Aggregation(evaluator).apply(aggregate, sets);
            case Stage.Select _ -> sets;
          };
    }
    return sets;
  }

  // ---- operators

  /// What an operand leaves, and whether it made several sets of one.
  private record Side(Bitmap spans, boolean hasSeveral) {}

  private Side side(Stage.Operand operand, SpanSets input, boolean mayRetain) {
    return switch (operand) {
      case Stage.Filter filter ->
          new Side(filter.filter().apply(evaluator, input.spans(), mayRetain), false);
      case Stage.Operation operation -> new Side(operation(operation, input, mayRetain), false);
      case Stage.Nested nested -> nested(nested, input, mayRetain);
    };
  }

  private Side nested(Stage.Nested nested, SpanSets input, boolean mayRetain) {
    SpanSets output = stages(nested.stages(), input, mayRetain);
    if (output.isOnePerTrace() && input.isOnePerTrace()) {
      return new Side(output.spans(), false);
    }
    boolean hasSeveral = false;
    for (SpanSet origin : input.list()) {
      int sets = 0;
      for (SpanSet set : output.list()) {
        // Sets are disjoint and only shrink, so the first span tells where one comes from.
        if (set.trace() == origin.trace()
            && Arrays.binarySearch(origin.spans(), set.spans()[0]) >= 0) {
          sets++;
        }
      }
      hasSeveral |= sets > 1;
    }
    return new Side(output.spans(), hasSeveral);
  }

  private Bitmap operation(Stage.Operation operation, SpanSets input, boolean mayRetain) {
    return switch (operation.op().relation()) {
      case OR -> {
        Bitmap both = side(operation.left(), input, false).spans().copy();
        both.or(side(operation.right(), input, false).spans());
        yield both;
      }
      case AND -> and(operation, input, mayRetain);
      case CHILD, PARENT, DESCENDANT, ANCESTOR, SIBLING -> structural(operation, input, mayRetain);
    };
  }

  private Bitmap and(Stage.Operation operation, SpanSets input, boolean mayRetain) {
    Bitmap left = side(operation.left(), input, mayRetain).spans();
    SpanSets remaining = setsWith(input, left);
    if (remaining.isEmpty()) {
      return remaining.spans();
    }
    Bitmap right = side(operation.right(), remaining, mayRetain).spans();
    SpanSets matching = setsWith(remaining, right);
    Bitmap both = left.copy();
    both.or(right);
    both.and(matching.spans());
    return both;
  }

  /// The whole sets that have a span in `spans`.
  private SpanSets setsWith(SpanSets input, Bitmap spans) {
    if (input.isOnePerTrace()) {
      Bitmap traces = Levels.liftToTraces(batch, spans);
      Bitmap whole = Levels.lowerToSpans(batch, traces, Level.TRACE);
      whole.and(input.spans());
      return SpanSets.onePerTrace(batch, whole);
    }
    List<SpanSet> found = new ArrayList<>();
    for (SpanSet set : input.list()) {
      for (int span : set.spans()) {
        if (spans.get(span)) {
          found.add(set);
          break;
        }
      }
    }
    return SpanSets.of(batch, found);
  }

  private Bitmap structural(Stage.Operation operation, SpanSets input, boolean mayRetain) {
    SpansetOp op = operation.op();
    // Without a span on the right nothing comes out, whatever the variant.
    Side right = side(operation.right(), input, mayRetain);
    if (right.spans().isEmpty()) {
      return new Bitmap(right.spans().length());
    }
    boolean needsLeft = op.variant() != SpansetOp.Variant.NEGATED;
    SpanSets remaining = setsWith(input, right.spans());
    Side left = side(operation.left(), remaining, mayRetain && needsLeft);
    Bitmap out = new Bitmap(right.spans().length());
    if (left.spans().isEmpty()) {
      if (!needsLeft) {
        out.or(right.spans());
      }
      return out;
    }
    checkSingle(right);
    checkSingle(left);
    int[] offsets = Levels.spanOffsetsOfTraces(batch);
    for (SpanSet set : remaining.list()) {
      evaluator.scope().check();
      int[] fromLeft = SpanSets.members(left.spans(), set.spans());
      int[] fromRight = SpanSets.members(right.spans(), set.spans());
      relate(op, fromLeft, fromRight, offsets[set.trace()], offsets[set.trace() + 1], out);
    }
    return out;
  }

  private static void checkSingle(Side side) {
    if (side.hasSeveral()) {
      throw new RequestException(
          ErrorCategory.INVALID_ARGUMENT,
          "spanset operators are not supported for multiple spansets per trace."
              + " consider using coalesce()");
    }
  }

  private void relate(SpansetOp op, int[] left, int[] right, int from, int to, Bitmap out) {
    Structure relations = structure();
    switch (op.variant()) {
      case PLAIN -> relations.select(op.relation(), left, right, from, to, out);
      case UNION -> {
        relations.select(op.relation(), left, right, from, to, out);
        relations.select(Structure.inverse(op.relation()), right, left, from, to, out);
      }
      case NEGATED -> {
        Bitmap related = new Bitmap(out.length());
        relations.select(op.relation(), left, right, from, to, related);
        for (int span : right) {
          if (!related.get(span)) {
            out.set(span);
          }
        }
      }
    }
  }

  private Structure structure() {
    if (structure == null) {
      structure = new Structure(batch);
    }
    return structure;
  }

  // ---- grouping

  private SpanSets group(Stage.Group group, SpanSets input) {
    List<SpanSet> sets = input.list();
    Values values = Values.of(evaluator, group.expression(), sets);
    List<SpanSet> groups = new ArrayList<>();
    int row = 0;
    for (int origin = 0; origin < sets.size(); origin++) {
      SpanSet set = sets.get(origin);
      SpanPartition partition = new SpanPartition(set.spans().length);
      for (int span : set.spans()) {
        partition.add(span, values.vector(), row++);
      }
      evaluator.scope().check();
      partition.appendTo(groups, set, origin, group.label());
    }
    return SpanSets.of(batch, groups);
  }

  private SpanSets coalesce(SpanSets input) {
    return SpanSets.onePerTrace(batch, input.spans());
  }
}
