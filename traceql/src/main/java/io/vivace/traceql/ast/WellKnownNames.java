package io.vivace.traceql.ast;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Attribute names of the semantic conventions, to recognise slips of the pen.
public final class WellKnownNames {
  private static final int MAX_DISTANCE = 2;
  private static final int MIN_LENGTH = 6;

  private static final List<String> NAMES =
      List.of(
          "service.name",
          "service.namespace",
          "service.version",
          "service.instance.id",
          "deployment.environment",
          "deployment.environment.name",
          "cluster",
          "namespace",
          "k8s.cluster.name",
          "k8s.namespace.name",
          "k8s.pod.name",
          "k8s.container.name",
          "k8s.deployment.name",
          "k8s.node.name",
          "host.name",
          "container.name",
          "cloud.provider",
          "cloud.region",
          "cloud.availability_zone",
          "process.runtime.name",
          "telemetry.sdk.name",
          "telemetry.sdk.language",
          "telemetry.sdk.version",
          "http.method",
          "http.status_code",
          "http.url",
          "http.target",
          "http.route",
          "http.scheme",
          "http.request.method",
          "http.response.status_code",
          "url.full",
          "url.path",
          "server.address",
          "server.port",
          "client.address",
          "network.peer.address",
          "net.peer.name",
          "db.system",
          "db.system.name",
          "db.name",
          "db.namespace",
          "db.statement",
          "db.query.text",
          "db.operation",
          "db.operation.name",
          "db.collection.name",
          "messaging.system",
          "messaging.destination.name",
          "messaging.operation",
          "rpc.system",
          "rpc.service",
          "rpc.method",
          "rpc.grpc.status_code",
          "peer.service",
          "exception.type",
          "exception.message",
          "exception.stacktrace",
          "error.type",
          "user_agent.original",
          "enduser.id");

  private static final Set<String> KNOWN = Set.copyOf(NAMES);

  private WellKnownNames() {}

  /// The well-known name that was probably meant; empty if the name is well-known itself or near
  /// none.
  public static Optional<String> near(String name) {
    if (name.length() < MIN_LENGTH || KNOWN.contains(name)) {
      return Optional.empty();
    }
    String best = null;
    int bestDistance = MAX_DISTANCE + 1;
    for (String known : NAMES) {
      if (Math.abs(known.length() - name.length()) < bestDistance) {
        int distance = EditDistance.between(name, known);
        if (distance < bestDistance) {
          bestDistance = distance;
          best = known;
        }
      }
    }
    return Optional.ofNullable(best);
  }
}
