package io.vivace.testkit.reference;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A trace with its structure worked out: parents, children, nested sets, root and duration.
///
/// Rules: the parent of a span is the span whose id is its parent id. If two spans share that id, a
/// SERVER child belongs to the CLIENT one and any other child to the SERVER one; without such a one
/// there is no parent, and so if three share it. Spans without parent id are roots and siblings of
/// each other; other spans are siblings if they have the same parent, or none but the same parent
/// id. Nested sets are numbered from the roots and are 0 for spans that no root leads to, and for
/// all if there is no root or three spans share an id.
public final class RefView {
  private static final int SERVER = 2;
  private static final int CLIENT = 3;
  private static final String UNKNOWN = "";

  /// A span in its place.
  public static final class Node {
    final RefTrace.Resource resource;
    final RefTrace.Scope scope;
    final RefTrace.Span span;
    @Nullable Node parent;
    int children;
    int left;
    int right;
    int nestedParent;

    Node(RefTrace.Resource resource, RefTrace.Scope scope, RefTrace.Span span) {
      this.resource = resource;
      this.scope = scope;
      this.span = span;
    }

    public RefTrace.Span span() {
      return span;
    }

    /// The service of the resource; empty if it has none.
    public String service() {
      return resource.attributes().get("service.name") instanceof String name ? name : "";
    }
  }

  private final RefTrace trace;
  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, List<Node>> byId = new HashMap<>();
  private final @Nullable Node root;

  public RefView(RefTrace trace) {
    this.trace = trace;
    for (RefTrace.Resource resource : trace.resources()) {
      for (RefTrace.Scope scope : resource.scopes()) {
        for (RefTrace.Span span : scope.spans()) {
          Node node = new Node(resource, scope, span);
          nodes.add(node);
          byId.computeIfAbsent(span.id(), id -> new ArrayList<>()).add(node);
        }
      }
    }
    for (Node node : nodes) {
      node.parent = findParent(node);
    }
    root = findRoot();
    number();
  }

  public RefTrace trace() {
    return trace;
  }

  public List<Node> nodes() {
    return nodes;
  }

  /// Latest end minus earliest start.
  public long durationNanos() {
    long start = Long.MAX_VALUE;
    long end = Long.MIN_VALUE;
    for (Node node : nodes) {
      start = Math.min(start, node.span.startEpochNanos());
      end = Math.max(end, node.span.endEpochNanos());
    }
    return end - start;
  }

  public String rootName() {
    return root == null ? UNKNOWN : root.span.name();
  }

  public String rootService() {
    return root == null ? UNKNOWN : root.service();
  }

  private @Nullable Node findParent(Node node) {
    if (node.span.parentId().isEmpty()) {
      return null;
    }
    List<Node> candidates = new ArrayList<>(byId.getOrDefault(node.span.parentId(), List.of()));
    int sharing = candidates.size();
    if (sharing == 1) {
      return candidates.getFirst() == node ? null : candidates.getFirst();
    }
    if (sharing != 2) {
      return null;
    }
    int wanted = node.span.kind() == SERVER ? CLIENT : SERVER;
    for (Node candidate : candidates) {
      if (candidate != node && candidate.span.kind() == wanted) {
        return candidate;
      }
    }
    return null;
  }

  private @Nullable Node findRoot() {
    Node found = null;
    for (Node node : nodes) {
      if (node.span.parentId().isEmpty() && !isChildByLink(node.span)) {
        found = node;
      }
    }
    return found;
  }

  private boolean isChildByLink(RefTrace.Span span) {
    for (RefTrace.Link link : span.links()) {
      if (link.traceId().equals(trace.id().toHex())
          && "child_of".equals(link.attributes().get("opentracing.ref_type"))) {
        return true;
      }
    }
    return false;
  }

  private void number() {
    boolean rooted = false;
    for (Node node : nodes) {
      rooted |= node.span.parentId().isEmpty();
      if (byId.getOrDefault(node.span.id(), List.of()).size() > 2) {
        return;
      }
    }
    if (!rooted) {
      return;
    }
    Map<Node, List<Node>> children = new IdentityHashMap<>();
    for (Node node : nodes) {
      if (node.parent != null) {
        node.parent.children++;
        children.computeIfAbsent(node.parent, key -> new ArrayList<>()).add(node);
      }
    }
    int[] counter = {1};
    for (Node node : nodes) {
      if (node.span.parentId().isEmpty()) {
        number(node, -1, children, counter);
      }
    }
  }

  private static void number(
      Node node, int parentLeft, Map<Node, List<Node>> children, int[] counter) {
    node.left = counter[0]++;
    node.nestedParent = parentLeft;
    for (Node child : children.getOrDefault(node, List.of())) {
      number(child, node.left, children, counter);
    }
    node.right = counter[0]++;
  }

  static boolean isParent(Node parent, Node child) {
    return child.parent == parent;
  }

  static boolean isAncestor(Node ancestor, Node descendant) {
    Set<Node> seen = new LinkedHashSet<>();
    for (Node at = descendant.parent;
        at != null && at != descendant && seen.add(at);
        at = at.parent) {
      if (at == ancestor) {
        return true;
      }
    }
    return false;
  }

  static boolean isSibling(Node a, Node b) {
    if (a == b) {
      return false;
    }
    if (a.parent != null || b.parent != null) {
      return a.parent == b.parent;
    }
    return a.span.parentId().equals(b.span.parentId());
  }
}
