package io.vivace.engine.filter;

import io.vivace.batch.Bitmap;
import io.vivace.batch.Level;
import io.vivace.traceql.ast.FieldExpression;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// A span filter, resolved and split into the terms of its outermost `&&`. Immutable.
///
/// A span passes if there is one event and one link of it (or none, if it has none) for which the
/// whole expression is true. Terms that need neither are decided for spans first, cheap ones before
/// dear ones; then those on events, those on links, and those on both.
public final class SpanFilter {
  /// Pairs of spans with events and links that are looked at together.
  private static final int MAX_EXPANDED_ROWS = 1 << 16;

  private final List<Term> spanTerms;
  private final List<Expression> eventTerms;
  private final List<Expression> linkTerms;
  private final List<Expression> pairTerms;
  private final boolean isNever;
  private final boolean isAlways;
  private final boolean needsWholeTrace;
  private final List<Field> fields;
  private final List<Expression> terms;

  private record Term(Expression expression, int cost) {}

  private SpanFilter(List<Expression> terms, boolean isNever, List<Field> fields) {
    List<Term> onSpans = new ArrayList<>();
    List<Expression> onEvents = new ArrayList<>();
    List<Expression> onLinks = new ArrayList<>();
    List<Expression> onBoth = new ArrayList<>();
    boolean always = true;
    boolean wholeTrace = false;
    for (Expression term : terms) {
      if (Shape.isTrue(term)) {
        continue;
      }
      always = false;
      Shape shape = Shape.of(term);
      wholeTrace |= shape.needsWholeTrace();
      if (shape.usesEvents() && shape.usesLinks()) {
        onBoth.add(term);
      } else if (shape.usesEvents()) {
        onEvents.add(term);
      } else if (shape.usesLinks()) {
        onLinks.add(term);
      } else {
        onSpans.add(new Term(term, shape.cost()));
      }
    }
    onSpans.sort(Comparator.comparingInt(Term::cost));
    this.spanTerms = List.copyOf(onSpans);
    this.eventTerms = List.copyOf(onEvents);
    this.linkTerms = List.copyOf(onLinks);
    this.pairTerms = List.copyOf(onBoth);
    this.isNever = isNever;
    this.isAlways = always && !isNever;
    this.needsWholeTrace = wholeTrace;
    this.fields = fields;
    this.terms = List.copyOf(terms);
  }

  /// Resolves the expression of a validated filter.
  public static SpanFilter of(FieldExpression syntax) {
    Expression expression = Resolver.resolve(syntax);
    List<Expression> terms = new ArrayList<>();
    boolean isNever = false;
    flatten(expression, terms);
    for (Expression term : terms) {
      isNever |= Shape.isNeverTrue(term);
    }
    return new SpanFilter(terms, isNever, Fields.of(syntax));
  }

  private static void flatten(Expression expression, List<Expression> terms) {
    if (expression instanceof Expression.And and) {
      flatten(and.left(), terms);
      flatten(and.right(), terms);
    } else {
      terms.add(expression);
    }
  }

  /// True if no span of any batch passes.
  public boolean isNever() {
    return isNever;
  }

  /// True if every span passes.
  public boolean isAlways() {
    return isAlways;
  }

  /// True if the answer for a span depends on other spans of its trace.
  public boolean needsWholeTrace() {
    return needsWholeTrace;
  }

  /// The fields that the filter names, in order of appearance, each once.
  public List<Field> fields() {
    return fields;
  }

  /// What is joined by the outermost `&&`.
  List<Expression> terms() {
    return terms;
  }

  /// The spans of `candidates` that pass, as a new set.
  ///
  /// @param mayRetain whether spans that fail are of no further use, so that the batch need not
  ///   read what belongs to traces without a passing span
  public Bitmap apply(BatchEvaluator evaluator, Bitmap candidates, boolean mayRetain) {
    Evaluation evaluation = evaluator.evaluation();
    Bitmap alive = candidates.copy();
    if (isAlways) {
      return alive;
    }
    if (isNever || alive.isEmpty() || isRuledOut(evaluation)) {
      return new Bitmap(alive.length());
    }
    for (Term term : spanTerms) {
      evaluation.scope().check();
      alive.and(evaluation.truth(term.expression(), evaluator.allSpans(), alive).isTrue());
      if (alive.isEmpty()) {
        return alive;
      }
      if (mayRetain) {
        evaluator.retain(alive);
      }
    }
    expandedTerms(evaluation, eventTerms, alive, true, false);
    expandedTerms(evaluation, linkTerms, alive, false, true);
    expandedTerms(evaluation, pairTerms, alive, true, true);
    return alive;
  }

  /// True if a required equality names a string that occurs nowhere in the batch.
  private boolean isRuledOut(Evaluation evaluation) {
    for (Term term : spanTerms) {
      if (isRuledOut(evaluation, term.expression())) {
        return true;
      }
    }
    for (Expression term : eventTerms) {
      if (isRuledOut(evaluation, term)) {
        return true;
      }
    }
    for (Expression term : linkTerms) {
      if (isRuledOut(evaluation, term)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isRuledOut(Evaluation evaluation, Expression term) {
    if (!(term instanceof Expression.Matches(Field field, Test.TextIn test)) || test.isNegated()) {
      return false;
    }
    for (byte[] literal : test.literals()) {
      if (evaluation.predicates().mayHold(field, literal)) {
        return false;
      }
    }
    return true;
  }

  private static void expandedTerms(
      Evaluation evaluation,
      List<Expression> terms,
      Bitmap alive,
      boolean withEvents,
      boolean withLinks) {
    if (terms.isEmpty() || alive.isEmpty()) {
      return;
    }
    int[] spans = Rows.positions(alive);
    int[] events = withEvents ? evaluation.batch().offsets(Level.EVENT) : NO_OFFSETS;
    int[] links = withLinks ? evaluation.batch().offsets(Level.LINK) : NO_OFFSETS;
    int from = 0;
    while (from < spans.length) {
      long rows = 0;
      int to = from;
      do {
        rows += rowsOf(spans[to], events) * rowsOf(spans[to], links);
        to++;
      } while (to < spans.length && rows < MAX_EXPANDED_ROWS);
      int[] some = Arrays.copyOfRange(spans, from, to);
      evaluation.scope().check();
      expandedTerms(evaluation, terms, alive, some, (int) rows, events, links);
      from = to;
    }
  }

  private static final int[] NO_OFFSETS = {};

  private static long rowsOf(int span, int[] offsets) {
    return offsets.length == 0 ? 1 : Math.max(1, offsets[span + 1] - offsets[span]);
  }

  private static void expandedTerms(
      Evaluation evaluation,
      List<Expression> terms,
      Bitmap alive,
      int[] spans,
      int size,
      int[] eventOffsets,
      int[] linkOffsets) {
    int[] owners = new int[size];
    int[] events = new int[size];
    int[] links = new int[size];
    int n = 0;
    for (int span : spans) {
      int eventCount = (int) rowsOf(span, eventOffsets);
      int linkCount = (int) rowsOf(span, linkOffsets);
      for (int e = 0; e < eventCount; e++) {
        for (int l = 0; l < linkCount; l++) {
          owners[n] = span;
          events[n] = child(span, eventOffsets, e);
          links[n++] = child(span, linkOffsets, l);
        }
      }
    }
    Rows rows = Rows.expanded(evaluation.batch(), owners, events, links);
    Bitmap passing = Bitmap.all(size);
    for (Expression term : terms) {
      passing.and(evaluation.truth(term, rows, passing).isTrue());
      if (passing.isEmpty()) {
        break;
      }
    }
    for (int span : spans) {
      alive.clear(span);
    }
    for (int i = passing.next(0); i >= 0; i = passing.next(i + 1)) {
      alive.set(owners[i]);
    }
  }

  private static int child(int span, int[] offsets, int index) {
    return offsets.length == 0 || offsets[span] == offsets[span + 1] ? -1 : offsets[span] + index;
  }
}
