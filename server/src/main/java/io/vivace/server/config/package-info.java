/// Configuration: Tempo's YAML files, the environment and the command line, read strictly into
/// records. `keys.yaml` beside this package lists every known key.
@NullMarked
package io.vivace.server.config;

import org.jspecify.annotations.NullMarked;
