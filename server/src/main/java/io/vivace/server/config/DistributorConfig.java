package io.vivace.server.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// `distributor.*`.
///
/// @param otlpReceivers the OTLP receivers to open
/// @param retryAfter what a client that is over its rate is told to wait; zero to say nothing
/// @param maxAttributeBytes longest attribute key or value; 0 for no limit
public record DistributorConfig(
    List<OtlpReceiverConfig> otlpReceivers, Duration retryAfter, long maxAttributeBytes) {
  public DistributorConfig {
    otlpReceivers = List.copyOf(otlpReceivers);
  }

  static DistributorConfig from(Section distributor) {
    return new DistributorConfig(
        receivers(distributor.section("receivers")),
        distributor.duration("retry_after_on_resource_exhausted"),
        distributor.intBetween("max_attribute_bytes", 0, Integer.MAX_VALUE));
  }

  private static List<OtlpReceiverConfig> receivers(Section receivers) {
    List<OtlpReceiverConfig> otlp = new ArrayList<>();
    for (String name : receivers.keys()) {
      switch (name.split("/", 2)[0]) {
        case "otlp" -> otlp.add(OtlpReceiverConfig.from(name, receivers.section(name)));
        case "opencensus" ->
            receivers.warning(
                name, "the opencensus receiver does not exist any more, nothing listens for it");
        default ->
            receivers.error(
                name,
                "this receiver is not there yet, its spans would be lost (remove it, or send OTLP instead)");
      }
    }
    return receivers.keys().isEmpty() ? List.of(OtlpReceiverConfig.onLocalhost()) : otlp;
  }
}
