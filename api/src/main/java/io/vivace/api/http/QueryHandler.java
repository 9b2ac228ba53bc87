package io.vivace.api.http;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpObject;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.vivace.engine.QueryScope;
import io.vivace.model.ErrorCategory;
import io.vivace.model.RequestException;
import io.vivace.model.TenantId;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs one kind of query for HTTP: finds the tenant, moves to a thread that may block, stops the
/// query when the client goes away, and turns failures into answers. Thread-safe.
final class QueryHandler implements HttpService {
  private static final Logger LOG = LoggerFactory.getLogger(QueryHandler.class);

  private final QueryTenants tenants;
  private final Executor executor;
  private final Duration timeout;
  private final long maxBytes;
  private final Query query;

  QueryHandler(
      QueryTenants tenants, Executor executor, Duration timeout, long maxBytes, Query query) {
    this.tenants = tenants;
    this.executor = executor;
    this.timeout = timeout;
    this.maxBytes = maxBytes;
    this.query = query;
  }

  @Override
  public HttpResponse serve(ServiceRequestContext context, HttpRequest request) {
    List<TenantId> names;
    try {
      names = tenants.of(request.headers().getAll("x-scope-orgid"));
    } catch (RequestException refused) {
      return refused.category() == ErrorCategory.UNAUTHENTICATED
          ? HttpResponse.of(
              HttpStatus.UNAUTHORIZED, MediaType.PLAIN_TEXT_UTF_8, refused.getMessage() + "\n")
          : ErrorResponses.of(refused);
    }
    context.clearRequestTimeout();
    QueryScope scope = QueryScope.of(timeout, maxBytes);
    Call call =
        new Call(
            names,
            new Parameters(context.queryParams()),
            context,
            request.headers().get(HttpHeaderNames.ACCEPT, ""),
            scope);
    CompletableFuture<HttpResponse> answer =
        CompletableFuture.supplyAsync(() -> run(call), executor);
    HttpResponse response = HttpResponse.of(answer);
    response
        .whenComplete()
        .whenComplete((_, failure) -> {
          if (failure != null) {
            scope.cancel();
          }
        });
    context.whenRequestCancelling().thenAccept(_ -> scope.cancel());
    return response;
  }

  private HttpResponse run(Call call) {
    try {
      Answer answer = query.run(call);
      ResponseHeaders headers =
          ResponseHeaders.builder(HttpStatus.valueOf(answer.status()))
              .set(HttpHeaderNames.CONTENT_TYPE, answer.contentType())
              .build();
      return response(headers, answer.pieces());
    } catch (RuntimeException failure) {
      if (ErrorResponses.isServerFault(failure)) {
        LOG.error("query failed path={}", call.context().path(), failure);
      }
      return ErrorResponses.of(failure);
    }
  }

  private static HttpResponse response(ResponseHeaders headers, List<byte[]> pieces) {
    if (pieces.size() == 1) {
      return HttpResponse.of(headers, HttpData.wrap(pieces.getFirst()));
    }
    HttpObject[] objects = new HttpObject[1 + pieces.size()];
    objects[0] = headers;
    for (int i = 0; i < pieces.size(); i++) {
      objects[1 + i] = HttpData.wrap(pieces.get(i));
    }
    return HttpResponse.of(objects);
  }

  /// What a query is given.
  ///
  /// @param accept the `Accept` header, empty if absent
  record Call(
      List<TenantId> tenants,
      Parameters parameters,
      ServiceRequestContext context,
      String accept,
      QueryScope scope) {
    boolean wantsProtobuf() {
      int protobuf = accept.indexOf(Answer.PROTOBUF);
      return protobuf >= 0;
    }
  }

  /// What a query answers.
  ///
  /// @param pieces the body, to be sent one after the other; at least one
  record Answer(int status, String contentType, List<byte[]> pieces) {
    static final String JSON = "application/json";
    static final String PROTOBUF = "application/protobuf";

    Answer(int status, String contentType, byte[] body) {
      this(status, contentType, List.of(body));
    }

    static Answer json(List<byte[]> pieces) {
      return new Answer(200, JSON, pieces);
    }

    static Answer json(byte[] body) {
      return new Answer(200, JSON, body);
    }

    static Answer protobuf(byte[] body) {
      return new Answer(200, PROTOBUF, body);
    }
  }

  @FunctionalInterface
  interface Query {
    Answer run(Call call);
  }
}
