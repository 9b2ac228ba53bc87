package io.vivace.api.http;

import io.vivace.api.http.QueryHandler.Answer;
import io.vivace.api.http.QueryHandler.Call;
import io.vivace.api.json.TagJson;
import io.vivace.api.json.TagProto;
import io.vivace.engine.tags.TagNames;
import io.vivace.engine.tags.TagValues;
import io.vivace.query.QueryFrontend;
import java.nio.charset.StandardCharsets;

/// Answers questions for names and values of tags. Thread-safe.
final class TagApi {
  private static final String MODEL_JSON = "application/vnd.grafana.llm+json";

  private final QueryFrontend frontend;

  TagApi(QueryFrontend frontend) {
    this.frontend = frontend;
  }

  Answer namesV1(Call call) {
    TagNames names =
        frontend.tagNames(
            call.tenants(), TagParameters.names(call.parameters(), false), call.scope());
    return call.wantsProtobuf()
        ? Answer.protobuf(TagProto.namesV1(names).toByteArray())
        : Answer.json(TagJson.namesV1(names));
  }

  Answer namesV2(Call call) {
    TagNames names =
        frontend.tagNames(
            call.tenants(), TagParameters.names(call.parameters(), true), call.scope());
    return call.wantsProtobuf()
        ? Answer.protobuf(TagProto.namesV2(names).toByteArray())
        : Answer.json(TagJson.namesV2(names));
  }

  /// @param pathPrefix of the endpoint, with a slash at its end
  QueryHandler.Query valuesV1(String pathPrefix) {
    return call -> {
      String name = TagParameters.tagName(call.context().path(), pathPrefix);
      if (name == null) {
        return notFound();
      }
      TagValues values =
          frontend.tagValues(
              call.tenants(), TagParameters.values(call.parameters(), name, false), call.scope());
      return call.wantsProtobuf()
          ? Answer.protobuf(TagProto.valuesV1(values).toByteArray())
          : Answer.json(TagJson.valuesV1(values));
    };
  }

  /// @param pathPrefix of the endpoint, with a slash at its end
  QueryHandler.Query valuesV2(String pathPrefix) {
    return call -> {
      String name = TagParameters.tagName(call.context().path(), pathPrefix);
      if (name == null) {
        return notFound();
      }
      TagValues values =
          frontend.tagValues(
              call.tenants(), TagParameters.values(call.parameters(), name, true), call.scope());
      if (call.wantsProtobuf()) {
        return Answer.protobuf(TagProto.valuesV2(values).toByteArray());
      }
      return wantsModelJson(call.accept())
          ? new Answer(200, MODEL_JSON, TagJson.valuesForModels(values))
          : Answer.json(TagJson.valuesV2(values));
    };
  }

  private static boolean wantsModelJson(String accept) {
    return !accept.contains(Answer.JSON) && accept.contains("application/vnd.grafana.llm");
  }

  private static Answer notFound() {
    return new Answer(
        404, "text/plain; charset=utf-8", "404 page not found\n".getBytes(StandardCharsets.UTF_8));
  }
}
