package io.vivace.query;

import io.vivace.batch.TraceAssembler;
import io.vivace.batch.TraceAssembler.Assembled;
import io.vivace.batch.TraceColumns;
import io.vivace.engine.BatchSource;
import io.vivace.engine.QueryScope;
import io.vivace.engine.Reservation;
import io.vivace.engine.UnreadableSourceException;
import io.vivace.engine.metrics.Intervals;
import io.vivace.engine.metrics.MetricsEngine;
import io.vivace.engine.metrics.MetricsRequest;
import io.vivace.engine.metrics.MetricsResult;
import io.vivace.engine.search.SearchCondition;
import io.vivace.engine.search.SearchEngine;
import io.vivace.engine.search.SearchRequest;
import io.vivace.engine.search.SearchResult;
import io.vivace.engine.tags.TagEngine;
import io.vivace.engine.tags.TagLimits;
import io.vivace.engine.tags.TagNames;
import io.vivace.engine.tags.TagNamesRequest;
import io.vivace.engine.tags.TagValues;
import io.vivace.engine.tags.TagValuesRequest;
import io.vivace.model.ErrorCategory;
import io.vivace.model.RequestException;
import io.vivace.model.TenantId;
import io.vivace.model.TimeRange;
import io.vivace.model.TraceId;
import io.vivace.query.StoredData.StoredBlock;
import io.vivace.traceql.ConditionGroups;
import io.vivace.traceql.TraceQl;
import io.vivace.traceql.ast.Query;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Answers queries over recent and stored data. Calls block. Thread-safe.
///
/// Every query works on one consistent view: recent data first, then the blocks without those that
/// the recent data still covers, so that a span is seen exactly once while it moves from memory
/// into a block.
public final class QueryFrontend {
  /// A query starts again that often if blocks turn out to be damaged.
  private static final int MAX_ATTEMPTS = 8;

  /// The message of one trace may take that part of the memory of all lookups.
  private static final int MESSAGE_DIVISOR = 4;

  private final QueryConfig config;
  private final TenantQueryLimits limits;
  private final RecentData recent;
  private final StoredData stored;
  private final InstantSource clock;
  private final SearchEngine engine = new SearchEngine();
  private final MetricsEngine metricsEngine = new MetricsEngine();
  private final TagEngine tagEngine = new TagEngine();
  private final QueryQueue queue;
  private final QueryQueue lookups;

  /// Shared, since one large trace may need more than a search, but not many at the same time.
  private final QueryScope lookupMemory;

  public QueryFrontend(
      QueryConfig config,
      TenantQueryLimits limits,
      RecentData recent,
      StoredData stored,
      InstantSource clock) {
    this.config = config;
    this.limits = limits;
    this.recent = recent;
    this.stored = stored;
    this.clock = clock;
    this.lookupMemory =
        QueryScope.shared(config.maxBytesPerQuery() * config.maxConcurrentQueries() / 2 * 3);
    this.queue = new QueryQueue(config.maxConcurrentQueries(), config.maxQueuedQueries());
    // Short next to searches, and so not to wait for them.
    this.lookups = new QueryQueue(config.maxConcurrentQueries(), config.maxQueuedQueries());
  }

  public QueryConfig config() {
    return config;
  }

  /// Searches the tenants' data as if it were one tenant's.
  ///
  /// @throws RequestException if the call is not valid, or as the engine says
  public SearchResult search(List<TenantId> tenants, SearchCall call, QueryScope scope) {
    return search(tenants, call, scope, Function.identity());
  }

  /// As the other, with `use` still in the query's turn, since a result and its encoding may both
  /// be large.
  public <T> T search(
      List<TenantId> tenants, SearchCall call, QueryScope scope, Function<SearchResult, T> use) {
    SearchRequest request = resolve(tenants, call);
    return run(
        queue, tenants, scope, () -> use.apply(engine.search(request, sources(tenants), scope)));
  }

  private SearchRequest resolve(List<TenantId> tenants, SearchCall call) {
    String query = call.query();
    if (query != null) {
      checkLength(query);
    }
    TimeRange range =
        SearchRange.resolve(
            call.startEpochSeconds(),
            call.endEpochSeconds(),
            call.since(),
            config,
            maxSearchDuration(tenants),
            clock.instant());
    return new SearchRequest(condition(call), range, limit(call), spansPerSpanSet(call));
  }

  private void checkLength(String query) {
    if (query.getBytes(StandardCharsets.UTF_8).length > config.maxQueryExpressionBytes()) {
      throw new RequestException(
          ErrorCategory.INVALID_ARGUMENT,
          "TraceQL expression exceeds the configured maximum size of "
              + config.maxQueryExpressionBytes()
              + " bytes, reduce the query expression size or contact your system administrator");
    }
  }

  private Duration maxSearchDuration(List<TenantId> tenants) {
    return least(tenants, config.maxSearchDuration(), limits::maxSearchDuration);
  }

  private static Duration least(
      List<TenantId> tenants, Duration common, Function<TenantId, Duration> ofTenant) {
    Duration least = common;
    for (TenantId tenant : tenants) {
      Duration own = ofTenant.apply(tenant);
      if (!own.isZero() && (tenants.size() == 1 || least.isZero() || own.compareTo(least) < 0)) {
        least = own;
      }
    }
    return least;
  }

  /// Computes series over a range in steps.
  ///
  /// @throws RequestException if the call is not valid, or as the engine says
  public MetricsResult metricsRange(List<TenantId> tenants, MetricsCall call, QueryScope scope) {
    checkLength(call.query());
    Intervals intervals =
        MetricsWindow.range(call, config, maxMetricsDuration(tenants), clock.instant());
    Query query = parseMetrics(call.query());
    return metrics(tenants, call, intervals, compileMetrics(query), exemplars(query, call), scope);
  }

  /// Computes one value for each series over the whole range.
  ///
  /// @throws RequestException if the call is not valid, or as the engine says
  public MetricsResult metricsInstant(List<TenantId> tenants, MetricsCall call, QueryScope scope) {
    checkLength(call.query());
    Intervals intervals =
        MetricsWindow.instant(call, config, maxMetricsDuration(tenants), clock.instant());
    Query query;
    try {
      query = parseMetrics(call.query());
    } catch (RequestException invalid) {
      throw compiling(invalid);
    }
    return metrics(tenants, call, intervals, compileMetrics(query), 0, scope);
  }

  private Duration maxMetricsDuration(List<TenantId> tenants) {
    return least(tenants, config.metrics().maxDuration(), limits::maxMetricsDuration);
  }

  private static Query parseMetrics(String text) {
    return TraceQl.parse(text);
  }

  private static Query compileMetrics(Query query) {
    try {
      TraceQl.validate(query);
    } catch (RequestException invalid) {
      throw compiling(invalid);
    }
    if (!query.isMetrics()) {
      throw new RequestException(ErrorCategory.INVALID_ARGUMENT, "not a metrics query");
    }
    return query;
  }

  private static RequestException compiling(RequestException invalid) {
    return new RequestException(
        invalid.category(), "compiling query: " + invalid.getMessage(), invalid);
  }

  private int exemplars(Query query, MetricsCall call) {
    Long hinted = null;
    OptionalLong number = query.hints().integer("exemplars");
    if (number.isPresent()) {
      hinted = number.getAsLong();
    } else if (!query.hints().bool("exemplars").orElse(true)) {
      hinted = 0L;
    }
    return MetricsWindow.exemplars(hinted, call.exemplars(), config.metrics().maxExemplars());
  }

  private MetricsResult metrics(
      List<TenantId> tenants,
      MetricsCall call,
      Intervals intervals,
      Query query,
      int exemplars,
      QueryScope scope) {
    Instant now = clock.instant();
    long recentNanos =
        TimeUnit.SECONDS.toNanos(now.getEpochSecond()) - config.queryBackendAfter().toNanos();
    MetricsRequest request =
        new MetricsRequest(
            query,
            intervals,
            exemplars,
            maxSeries(call.maxSeries()),
            intervals.endEpochNanos() > recentNanos);
    return run(
        queue, tenants, scope, () -> metricsEngine.execute(request, sources(tenants), scope));
  }

  private int maxSeries(long asked) {
    int max = config.metrics().maxResponseSeries();
    return asked > 0 && (max == 0 || asked < max) ? (int) Math.min(asked, Integer.MAX_VALUE) : max;
  }

  private static SearchCondition condition(SearchCall call) {
    String query = call.query();
    if (query == null) {
      return call.tags().isEmpty() && call.minDurationNanos() == 0 && call.maxDurationNanos() == 0
          ? new SearchCondition.AllTraces()
          : new SearchCondition.Tags(call.tags(), call.minDurationNanos(), call.maxDurationNanos());
    }
    try {
      return new SearchCondition.TraceQl(TraceQl.compile(query));
    } catch (RequestException invalid) {
      throw new RequestException(
          invalid.category(), "invalid TraceQL query: " + invalid.getMessage(), invalid);
    }
  }

  private int limit(SearchCall call) {
    Long asked = call.limit();
    long limit = asked == null ? config.defaultResultLimit() : asked;
    if (config.maxResultLimit() > 0 && limit > config.maxResultLimit()) {
      throw new RequestException(
          ErrorCategory.INVALID_ARGUMENT,
          "limit " + limit + " exceeds max limit " + config.maxResultLimit());
    }
    return (int) Math.min(limit, Integer.MAX_VALUE);
  }

  private int spansPerSpanSet(SearchCall call) {
    Long asked = call.spansPerSpanSet();
    long spans = asked == null ? config.defaultSpansPerSpanSet() : asked;
    if (config.maxSpansPerSpanSet() > 0 && spans > config.maxSpansPerSpanSet()) {
      throw new RequestException(
          ErrorCategory.INVALID_ARGUMENT,
          "spans per span set exceeds " + config.maxSpansPerSpanSet() + ". received " + spans);
    }
    return (int) Math.min(spans, Integer.MAX_VALUE);
  }

  /// The names of the tags that the tenants' spans have.
  ///
  /// @throws RequestException if the call is not valid, or as the engine says; never for a filter
  ///   that cannot be read
  public TagNames tagNames(List<TenantId> tenants, TagNamesCall call, QueryScope scope) {
    TimeRange range =
        range(tenants, call.startEpochSeconds(), call.endEpochSeconds(), call.since());
    TagNamesRequest request =
        new TagNamesRequest(
            call.scopes(),
            filter(tenants, call.query()),
            range,
            new TagLimits(
                call.limit(), call.maxStaleValues(), TagFilters.maxBytes(tenants, limits)));
    return run(queue, tenants, scope, () -> tagEngine.names(request, sources(tenants), scope));
  }

  /// The values that a tag has on the tenants' spans.
  ///
  /// @throws RequestException if the call is not valid, or as the engine says; never for a filter
  ///   that cannot be read
  public TagValues tagValues(List<TenantId> tenants, TagValuesCall call, QueryScope scope) {
    TimeRange range =
        range(tenants, call.startEpochSeconds(), call.endEpochSeconds(), call.since());
    TagValuesRequest request =
        new TagValuesRequest(
            call.tag(),
            filter(tenants, call.query()),
            range,
            new TagLimits(
                call.limit(), call.maxStaleValues(), TagFilters.maxBytes(tenants, limits)));
    return run(
        queue,
        tenants,
        scope,
        () -> tagEngine.values(request, sourcesOfTagValues(tenants, range), scope));
  }

  private TimeRange range(
      List<TenantId> tenants, @Nullable Long start, @Nullable Long end, @Nullable Duration since) {
    return SearchRange.resolve(
        start, end, since, config, maxSearchDuration(tenants), clock.instant());
  }

  private ConditionGroups filter(List<TenantId> tenants, @Nullable String query) {
    if (query != null) {
      checkLength(query);
    }
    return TagFilters.read(query, limits.maxConditionGroupsPerTagQuery(tenants.getFirst()));
  }

  private List<BatchSource> sourcesOfTagValues(List<TenantId> tenants, TimeRange range) {
    List<BatchSource> sources = new ArrayList<>();
    for (TenantId tenant : tenants) {
      RecentData.View view = recent.view(tenant);
      sources.addAll(view.sources());
      sources.addAll(
          newest(blocks(tenant, view), range, limits.maxBlocksPerTagValuesQuery(tenant)));
    }
    return sources;
  }

  /// @param max 0 for all
  private static List<BatchSource> newest(List<BatchSource> blocks, TimeRange range, int max) {
    if (max == 0) {
      return blocks;
    }
    return blocks.stream()
        .filter(block -> block.timeRange().overlaps(range))
        .sorted(
            Comparator.comparingLong(
                    (BatchSource block) -> block.timeRange().endInclusiveEpochNanos())
                .reversed()
                .thenComparing(BatchSource::name))
        .limit(max)
        .toList();
  }

  private List<BatchSource> sources(List<TenantId> tenants) {
    List<BatchSource> sources = new ArrayList<>();
    for (TenantId tenant : tenants) {
      RecentData.View view = recent.view(tenant);
      sources.addAll(view.sources());
      sources.addAll(blocks(tenant, view));
    }
    return sources;
  }

  /// The tenant's blocks without those that the view still covers.
  private List<BatchSource> blocks(TenantId tenant, RecentData.View view) {
    List<BatchSource> sources = new ArrayList<>();
    for (StoredBlock block : stored.blocks(tenant)) {
      if (!view.supersededBlocks().contains(block.id())) {
        sources.add(block.source());
      }
    }
    return sources;
  }

  /// Runs a query when it is its turn. A block that turns out to be damaged is set aside, and the
  /// query starts again without it.
  private <T> T run(QueryQueue turns, List<TenantId> tenants, QueryScope scope, Supplier<T> query) {
    turns.enter(scope);
    try {
      for (int attempt = 1; ; attempt++) {
        long reserved = scope.reservedBytes();
        try {
          return query.get();
        } catch (UnreadableSourceException unreadable) {
          if (attempt == MAX_ATTEMPTS || !setAside(tenants, unreadable)) {
            throw unreadable;
          }
          scope.release(scope.reservedBytes() - reserved);
          scope.check();
        }
      }
    } finally {
      turns.leave();
    }
  }

  private boolean setAside(List<TenantId> tenants, UnreadableSourceException unreadable) {
    boolean done = false;
    for (TenantId tenant : tenants) {
      for (StoredBlock block : stored.blocks(tenant)) {
        if (block.source().name().equals(unreadable.sourceName())) {
          done |= stored.setAside(tenant, block.id(), unreadable);
        }
      }
    }
    // Else somebody was faster, unless it is still there.
    return done || !isListed(tenants, unreadable.sourceName());
  }

  private boolean isListed(List<TenantId> tenants, String name) {
    for (TenantId tenant : tenants) {
      for (StoredBlock block : stored.blocks(tenant)) {
        if (block.source().name().equals(name)) {
          return true;
        }
      }
    }
    return false;
  }

  /// Finds all parts of a trace and joins them.
  ///
  /// @param stores which stores are asked
  /// @param blockRange blocks that do not overlap it are skipped; recent data is always asked
  /// @param use makes of the trace what the caller needs, here, since only so many traces may be in
  ///   work at a time: a trace and its encodings may each be a good part of the memory
  /// @throws RequestException RESOURCE_EXHAUSTED if the parts need more memory than is left for
  ///   lookups; a message that would need too much is cut off like one over the tenant's limit
  public <T> T trace(
      List<TenantId> tenants,
      TraceId id,
      TraceScope stores,
      TimeRange blockRange,
      QueryScope scope,
      Function<TraceAnswer, T> use) {
    return run(
        lookups, tenants, scope, () -> use.apply(find(tenants, id, stores, blockRange, scope)));
  }

  private TraceAnswer find(
      List<TenantId> tenants,
      TraceId id,
      TraceScope stores,
      TimeRange blockRange,
      QueryScope scope) {
    try (Reservation held = new Reservation(lookupMemory)) {
      List<TraceColumns> parts = new ArrayList<>();
      long maxBytes = 0;
      for (TenantId tenant : tenants) {
        maxBytes = Math.max(maxBytes, limits.maxBytesPerTrace(tenant));
        if (stores == TraceScope.ALL || stores == TraceScope.RECENT) {
          for (TraceColumns part : recent.find(tenant, id)) {
            held.add(part.sizeBytes());
            parts.add(part);
          }
        }
        if (stores == TraceScope.ALL || stores == TraceScope.BLOCKS) {
          addFromBlocks(tenant, id, blockRange, scope, held, parts);
        }
      }
      // The message as it grows, which is smaller than the columns that it is made of.
      held.add(held.bytes());
      long room = lookupMemory.maxBytes() / MESSAGE_DIVISOR;
      return assemble(parts, id, maxBytes == 0 ? room : Math.min(maxBytes, room));
    }
  }

  private void addFromBlocks(
      TenantId tenant,
      TraceId id,
      TimeRange range,
      QueryScope scope,
      Reservation held,
      List<TraceColumns> parts) {
    for (StoredBlock block : stored.blocks(tenant)) {
      scope.check();
      BatchSource source = block.source();
      if (source.timeRange().overlaps(range) && source.mayContain(id)) {
        long before = held.bytes();
        TraceColumns part = source.find(List.of(id), held::add);
        held.raiseTo(before + part.sizeBytes());
        parts.add(part);
      }
    }
  }

  private static TraceAnswer assemble(List<TraceColumns> parts, TraceId id, long maxBytes) {
    Assembled trace = TraceAssembler.assemble(parts, id, maxBytes);
    long inspectedBytes = 0;
    for (TraceColumns part : parts) {
      inspectedBytes += part.sizeBytes();
    }
    if (trace == null) {
      return new TraceAnswer.NotFound(inspectedBytes);
    }
    return trace.truncated()
        ? new TraceAnswer.TooLarge(trace.otlp(), maxBytes, inspectedBytes)
        : new TraceAnswer.Found(trace.otlp(), inspectedBytes);
  }
}
