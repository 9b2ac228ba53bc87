package io.vivace.traceql.ast;

/// What may stand beside a spanset operator: a filter, another operation, or a whole pipeline in
/// parentheses.
public sealed interface SpansetExpression extends Node
    permits SpansetFilter, SpansetOperation, Pipeline {}
