package io.vivace.api.json;

import io.vivace.api.proto.MetadataMetrics;
import io.vivace.api.proto.SearchTagValuesResponse;
import io.vivace.api.proto.SearchTagValuesV2Response;
import io.vivace.api.proto.SearchTagsResponse;
import io.vivace.api.proto.SearchTagsV2Response;
import io.vivace.api.proto.SearchTagsV2Scope;
import io.vivace.engine.tags.TagNames;
import io.vivace.engine.tags.TagScope;
import io.vivace.engine.tags.TagValue;
import io.vivace.engine.tags.TagValues;
import java.util.List;
import java.util.Map;

/// The names and values of tags as protobuf messages.
public final class TagProto {
  private TagProto() {}

  public static SearchTagsResponse namesV1(TagNames names) {
    return SearchTagsResponse.newBuilder()
        .addAllTagNames(TagJson.withoutScopes(names))
        .setMetrics(metrics(names.inspectedBytes()))
        .build();
  }

  public static SearchTagsV2Response namesV2(TagNames names) {
    SearchTagsV2Response.Builder response = SearchTagsV2Response.newBuilder();
    for (Map.Entry<TagScope, List<String>> scope : names.byScope().entrySet()) {
      response.addScopes(
          SearchTagsV2Scope.newBuilder()
              .setName(scope.getKey().label())
              .addAllTags(scope.getValue()));
    }
    return response.setMetrics(metrics(names.inspectedBytes())).build();
  }

  public static SearchTagValuesResponse valuesV1(TagValues values) {
    return SearchTagValuesResponse.newBuilder()
        .addAllTagValues(TagJson.withoutTypes(values))
        .setMetrics(metrics(values.inspectedBytes()))
        .build();
  }

  public static SearchTagValuesV2Response valuesV2(TagValues values) {
    SearchTagValuesV2Response.Builder response = SearchTagValuesV2Response.newBuilder();
    for (TagValue value : values.values()) {
      response.addTagValues(
          io.vivace.api.proto.TagValue.newBuilder()
              .setType(value.type().label())
              .setValue(value.value()));
    }
    return response.setMetrics(metrics(values.inspectedBytes())).build();
  }

  private static MetadataMetrics metrics(long inspectedBytes) {
    return MetadataMetrics.newBuilder().setInspectedBytes(inspectedBytes).build();
  }
}
