package io.vivace.testkit.objectstore;

import io.vivace.objectstore.ObjectStore;

final class InMemoryObjectStoreTest extends ObjectStoreContract {
  @Override
  protected ObjectStore emptyStore() {
    return new InMemoryObjectStore();
  }
}
