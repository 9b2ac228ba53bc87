package io.vivace.traceql.ast;

/// One stage of a spanset pipeline.
public sealed interface PipelineStage extends Node
    permits SpansetFilter, SpansetOperation, ScalarFilter, GroupBy, Coalesce, Select {}
