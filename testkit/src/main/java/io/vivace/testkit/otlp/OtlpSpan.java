package io.vivace.testkit.otlp;

import io.vivace.model.proto.ProtoWriter;
import java.util.ArrayList;
import java.util.List;

/// A span under construction. Methods change and return it, except [#child], which returns a new
/// span of the same resource and scope.
public final class OtlpSpan {
  public static final int INTERNAL = 1;
  public static final int SERVER = 2;
  public static final int CLIENT = 3;
  public static final int PRODUCER = 4;
  public static final int CONSUMER = 5;
  public static final int STATUS_OK = 1;
  public static final int STATUS_ERROR = 2;

  private final OtlpResource resource;
  private final String name;
  private final long startEpochNanos;
  private final long durationNanos;
  private final OtlpAttributes attributes = new OtlpAttributes();
  private final List<Event> events = new ArrayList<>();
  private final List<Link> links = new ArrayList<>();
  private byte[] id;
  private byte[] parent = {};
  private String traceState = "";
  private int kind = INTERNAL;
  private int status;
  private String statusMessage = "";

  private record Event(long epochNanos, String name, OtlpAttributes attributes) {}

  private record Link(byte[] traceId, byte[] spanId, OtlpAttributes attributes) {}

  OtlpSpan(OtlpResource resource, long id, String name, long startEpochNanos, long durationNanos) {
    this.resource = resource;
    this.id = bytes(id);
    this.name = name;
    this.startEpochNanos = startEpochNanos;
    this.durationNanos = durationNanos;
  }

  private static byte[] bytes(long value) {
    byte[] bytes = new byte[8];
    for (int i = 0; i < 8; i++) {
      bytes[i] = (byte) (value >>> 56 - 8 * i);
    }
    return bytes;
  }

  /// A new span below this one, in the scope that its resource has at hand.
  public OtlpSpan child(String childName, long childStartEpochNanos, long childDurationNanos) {
    return resource.span(childName, childStartEpochNanos, childDurationNanos).parent(id);
  }

  /// A new span below this one in another resource.
  public OtlpSpan child(
      OtlpResource other, String childName, long childStartEpochNanos, long childDurationNanos) {
    return other.span(childName, childStartEpochNanos, childDurationNanos).parent(id);
  }

  public OtlpSpan id(long value) {
    id = bytes(value);
    return this;
  }

  public OtlpSpan id(byte[] value) {
    id = value.clone();
    return this;
  }

  public OtlpSpan parent(long value) {
    parent = bytes(value);
    return this;
  }

  /// @param value as received; empty for a root
  public OtlpSpan parent(byte[] value) {
    parent = value.clone();
    return this;
  }

  /// @param value OTLP number
  public OtlpSpan kind(int value) {
    kind = value;
    return this;
  }

  /// @param code OTLP number: 0 unset, 1 ok, 2 error
  public OtlpSpan status(int code, String message) {
    status = code;
    statusMessage = message;
    return this;
  }

  public OtlpSpan error(String message) {
    return status(STATUS_ERROR, message);
  }

  public OtlpSpan traceState(String value) {
    traceState = value;
    return this;
  }

  /// @param value String, Boolean, Integer, Long, Double, byte[], List or Map of these
  public OtlpSpan attr(String key, Object value) {
    attributes.add(key, value);
    return this;
  }

  public OtlpSpan event(String eventName, long epochNanos) {
    events.add(new Event(epochNanos, eventName, new OtlpAttributes()));
    return this;
  }

  /// Gives the event added last an attribute.
  public OtlpSpan eventAttr(String key, Object value) {
    events.getLast().attributes().add(key, value);
    return this;
  }

  public OtlpSpan link(byte[] linkTraceId, byte[] linkSpanId) {
    links.add(new Link(linkTraceId.clone(), linkSpanId.clone(), new OtlpAttributes()));
    return this;
  }

  /// Gives the link added last an attribute.
  public OtlpSpan linkAttr(String key, Object value) {
    links.getLast().attributes().add(key, value);
    return this;
  }

  /// The 8 bytes (unless given otherwise) of the id, in a new array.
  public byte[] spanId() {
    return id.clone();
  }

  public OtlpResource resource() {
    return resource;
  }

  public OtlpTrace trace() {
    return resource.trace();
  }

  void write(ProtoWriter out, byte[] traceId) {
    int mark = out.beginMessage(2);
    out.writeBytes(1, traceId);
    out.writeBytes(2, id);
    if (!traceState.isEmpty()) {
      out.writeBytes(3, OtlpAttributes.utf8(traceState));
    }
    if (parent.length > 0) {
      out.writeBytes(4, parent);
    }
    out.writeBytes(5, OtlpAttributes.utf8(name));
    out.writeVarint(6, kind);
    out.writeFixed64(7, startEpochNanos);
    out.writeFixed64(8, startEpochNanos + durationNanos);
    attributes.write(out, 9);
    for (Event event : events) {
      int at = out.beginMessage(11);
      out.writeFixed64(1, event.epochNanos());
      out.writeBytes(2, OtlpAttributes.utf8(event.name()));
      event.attributes().write(out, 3);
      out.endMessage(at);
    }
    for (Link link : links) {
      int at = out.beginMessage(13);
      out.writeBytes(1, link.traceId());
      out.writeBytes(2, link.spanId());
      link.attributes().write(out, 4);
      out.endMessage(at);
    }
    if (status != 0 || !statusMessage.isEmpty()) {
      int at = out.beginMessage(15);
      if (!statusMessage.isEmpty()) {
        out.writeBytes(2, OtlpAttributes.utf8(statusMessage));
      }
      out.writeVarint(3, status);
      out.endMessage(at);
    }
    out.endMessage(mark);
  }
}
