package io.vivace.api.http;

import com.google.protobuf.MessageLite;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.encoding.EncodingService;
import io.vivace.api.http.QueryHandler.Answer;
import io.vivace.api.http.QueryHandler.Call;
import io.vivace.api.json.MetricsJson;
import io.vivace.api.json.SearchJson;
import io.vivace.api.json.SearchProto;
import io.vivace.api.json.TraceByIdAnswers;
import io.vivace.api.json.TraceIdForm;
import io.vivace.api.json.TraceJson;
import io.vivace.engine.metrics.MetricsResult;
import io.vivace.model.ErrorCategory;
import io.vivace.model.RequestException;
import io.vivace.model.TenantId;
import io.vivace.model.TimeRange;
import io.vivace.model.TraceId;
import io.vivace.query.MetricsCall;
import io.vivace.query.QueryFrontend;
import io.vivace.query.TraceAnswer;
import io.vivace.query.TraceScope;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Tempo's query endpoints over HTTP. Thread-safe.
public final class TempoHttpApi {
  private static final int MIN_COMPRESSED_BYTES = 1024;
  private static final int LARGE_ANSWERS_DIVISOR = 4;
  private static final Pattern BLOCK_ID =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  private final QueryFrontend frontend;
  private final QueryTenants tenants;
  private final Predicate<TenantId> padsTraceIds;
  private final Executor executor;
  private final LargeAnswers largeAnswers =
      new LargeAnswers(Runtime.getRuntime().maxMemory() / LARGE_ANSWERS_DIVISOR);

  /// @param frontend answers the queries
  /// @param tenants finds out whose data a request reads
  /// @param padsTraceIds override `left_pad_trace_ids` of a tenant
  /// @param executor runs queries; its threads may block
  public TempoHttpApi(
      QueryFrontend frontend,
      QueryTenants tenants,
      Predicate<TenantId> padsTraceIds,
      Executor executor) {
    this.frontend = frontend;
    this.tenants = tenants;
    this.padsTraceIds = padsTraceIds;
    this.executor = executor;
  }

  /// Adds the endpoints to a server.
  ///
  /// @param prefix `http_api_prefix`, empty for none
  public void register(ServerBuilder server, String prefix) {
    server.service(prefix + "/api/traces/{id}", traceService(this::traceV1));
    server.service(prefix + "/api/v2/traces/{id}", traceService(this::traceV2));
    server.service(prefix + "/api/search", searchService(this::search));
    server.service(prefix + "/api/metrics/query_range", metricsService(this::metricsRange));
    server.service(prefix + "/api/metrics/query", metricsService(this::metricsInstant));
    registerTags(server, prefix);
  }

  private void registerTags(ServerBuilder server, String prefix) {
    TagApi tags = new TagApi(frontend);
    String valuesV1 = prefix + "/api/search/tag/";
    String valuesV2 = prefix + "/api/v2/search/tag/";
    server.service(prefix + "/api/search/tags", searchService(tags::namesV1));
    server.service(prefix + "/api/v2/search/tags", searchService(tags::namesV2));
    server.service("prefix:" + valuesV1, searchService(tags.valuesV1(valuesV1)));
    server.service("prefix:" + valuesV2, searchService(tags.valuesV2(valuesV2)));
  }

  private HttpService searchService(QueryHandler.Query query) {
    return compressed(
        new QueryHandler(
            tenants,
            executor,
            frontend.config().searchTimeout(),
            frontend.config().maxBytesPerQuery(),
            query));
  }

  private HttpService metricsService(QueryHandler.Query query) {
    return compressed(
        new QueryHandler(
            tenants,
            executor,
            frontend.config().metrics().timeout(),
            frontend.config().maxBytesPerQuery(),
            query));
  }

  private HttpService traceService(QueryHandler.Query query) {
    return compressed(
        new QueryHandler(
            tenants,
            executor,
            frontend.config().traceByIdTimeout(),
            frontend.config().maxBytesPerQuery(),
            query));
  }

  private static HttpService compressed(HttpService service) {
    return service.decorate(
        EncodingService.builder()
            .minBytesToForceChunkedEncoding(MIN_COMPRESSED_BYTES)
            .newDecorator());
  }

  private Answer search(Call call) {
    TraceIdForm ids =
        padsTraceIds.test(call.tenants().getFirst()) ? TraceIdForm.PADDED : TraceIdForm.SHORT;
    return frontend.search(
        call.tenants(),
        SearchParameters.parse(call.parameters()),
        call.scope(),
        result ->
            call.wantsProtobuf()
                ? protobuf(call, SearchProto.response(result, ids))
                : Answer.json(
                    SearchJson.writePieces(result, ids, largeAnswers.growing(call.context()))));
  }

  private Answer protobuf(Call call, MessageLite message) {
    largeAnswers.growing(call.context()).accept(message.getSerializedSize());
    return Answer.protobuf(message.toByteArray());
  }

  /// Always JSON, whatever the client accepts.
  private Answer metricsRange(Call call) {
    MetricsCall asked = MetricsParameters.parse(call.parameters(), false);
    MetricsResult result = frontend.metricsRange(call.tenants(), asked, call.scope());
    return Answer.json(MetricsJson.range(result));
  }

  private Answer metricsInstant(Call call) {
    MetricsCall asked = MetricsParameters.parse(call.parameters(), true);
    MetricsResult result = frontend.metricsInstant(call.tenants(), asked, call.scope());
    return Answer.json(MetricsJson.instant(result));
  }

  private Answer traceV1(Call call) {
    return lookUp(
        call,
        trace ->
            switch (trace) {
              case TraceAnswer.NotFound _ ->
                  new Answer(404, "text/plain; charset=utf-8", new byte[0]);
              case TraceAnswer.Found found ->
                  call.wantsProtobuf()
                      ? Answer.protobuf(found.otlp())
                      : Answer.json(TraceJson.v1Pieces(found.otlp()));
              case TraceAnswer.TooLarge large ->
                  new Answer(
                      422,
                      "text/plain; charset=utf-8",
                      ("trace exceeds max size (max bytes: " + large.maxBytes() + ")")
                          .getBytes(StandardCharsets.UTF_8));
            });
  }

  private Answer traceV2(Call call) {
    String filter = call.parameters().text("q");
    if (filter != null && !filter.isBlank()) {
      throw new RequestException(
          ErrorCategory.INVALID_ARGUMENT,
          "invalid q: filtering the spans of a trace is not supported yet; leave the parameter out");
    }
    return lookUp(
        call,
        trace ->
            switch (trace) {
              case TraceAnswer.NotFound(long inspected) ->
                  traceV2(call, new byte[0], inspected, null);
              case TraceAnswer.Found(byte[] otlp, long inspected) ->
                  traceV2(call, otlp, inspected, null);
              case TraceAnswer.TooLarge(byte[] otlp, long maxBytes, long inspected) ->
                  traceV2(
                      call,
                      otlp,
                      inspected,
                      "Trace exceeds maximum size of "
                          + maxBytes
                          + " bytes, a partial trace is returned");
            });
  }

  private static Answer traceV2(
      Call call, byte[] otlp, long inspectedBytes, @Nullable String partial) {
    return call.wantsProtobuf()
        ? Answer.protobuf(TraceByIdAnswers.protobuf(otlp, inspectedBytes, partial))
        : Answer.json(TraceByIdAnswers.json(otlp, inspectedBytes, partial));
  }

  private Answer lookUp(Call call, Function<TraceAnswer, Answer> encoder) {
    String text = call.context().pathParam("id");
    TraceId id = TraceId.parse(text == null ? "" : text);
    TraceScope stores = stores(call.parameters());
    TimeRange blocks = stores == TraceScope.RECENT ? TimeRange.ALL : blockRange(call.parameters());
    return frontend.trace(
        call.tenants(),
        id,
        stores,
        blocks,
        call.scope(),
        trace -> {
          largeAnswers.hold(otlpBytes(trace), call.context());
          return encoder.apply(trace);
        });
  }

  private static int otlpBytes(TraceAnswer trace) {
    return switch (trace) {
      case TraceAnswer.NotFound _ -> 0;
      case TraceAnswer.Found found -> found.otlp().length;
      case TraceAnswer.TooLarge large -> large.otlp().length;
    };
  }

  private static TraceScope stores(Parameters parameters) {
    String mode = parameters.text("mode", "all");
    return switch (mode) {
      case "all" -> TraceScope.ALL;
      case "ingesters" -> TraceScope.RECENT;
      case "blocks" -> TraceScope.BLOCKS;
      case "external" -> TraceScope.NONE;
      default ->
          throw new RequestException(
              ErrorCategory.INVALID_ARGUMENT, "invalid value for mode " + mode);
    };
  }

  /// The range of block ids is Tempo's way to share work; here every block is asked.
  private static void checkBlockId(Parameters parameters, String name, String shownName) {
    String id = parameters.text(name);
    if (id != null && !BLOCK_ID.matcher(id).matches()) {
      throw new RequestException(
          ErrorCategory.INVALID_ARGUMENT,
          "invalid value for " + shownName + ": \"" + id + "\" (expected: a UUID)");
    }
  }

  /// Blocks are skipped by time only if both bounds are given.
  private static TimeRange blockRange(Parameters parameters) {
    checkBlockId(parameters, "blockStart", "blockstart");
    checkBlockId(parameters, "blockEnd", "blockEnd");
    Long start = parameters.signed64("start");
    Long end = parameters.signed64("end");
    if (start == null || end == null) {
      return TimeRange.ALL;
    }
    if (end <= start) {
      throw new RequestException(
          ErrorCategory.INVALID_ARGUMENT,
          "http parameter start must be before end. received start=" + start + " end=" + end);
    }
    long from = TimeUnit.SECONDS.toNanos(start);
    long to = TimeUnit.SECONDS.toNanos(end);
    // A block that only touches a bound does not count. (Far outside our times both are the same.)
    return from < Long.MAX_VALUE - 2 && to > from + 2
        ? new TimeRange(from + 1, to - 1)
        : new TimeRange(from, from);
  }
}
