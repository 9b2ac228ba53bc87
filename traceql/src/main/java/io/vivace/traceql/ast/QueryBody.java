package io.vivace.traceql.ast;

/// A query without its hints: a spanset pipeline or a metrics query.
public sealed interface QueryBody extends Node permits Pipeline, MetricsQuery {}
