package io.vivace.server;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The module graph as it is, against the graph as it is meant to be (`module-edges.txt`).
class ArchitectureTest {
  private static final String ROOT = "io.vivace.";
  private static final Map<String, Set<String>> MODULES = new LinkedHashMap<>();
  private static final Map<String, Set<String>> LIBRARIES = new LinkedHashMap<>();
  private static JavaClasses classes;

  @BeforeAll
  static void read() throws IOException {
    try (InputStream in = ArchitectureTest.class.getResourceAsStream("module-edges.txt")) {
      Map<String, Set<String>> section = MODULES;
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
        if (line.equals("[libraries]")) {
          section = LIBRARIES;
        } else if (!line.isBlank() && !line.startsWith("#")) {
          int colon = line.indexOf(':');
          String names = line.substring(colon + 1).strip();
          section.put(
              line.substring(0, colon), names.isEmpty() ? Set.of() : Set.of(names.split(" ")));
        }
      }
    }
    classes =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(
                location -> !location.contains("/testkit/") && !location.contains("vivace-testkit"))
            .importPackages("io.vivace");
  }

  private static String module(JavaClass type) {
    String rest = type.getPackageName().substring(ROOT.length());
    int dot = rest.indexOf('.');
    return dot < 0 ? rest : rest.substring(0, dot);
  }

  private static boolean isOurs(JavaClass type) {
    return type.getPackageName().startsWith(ROOT);
  }

  @Test
  void everyModuleIsSeen() {
    Set<String> seen = new TreeSet<>();
    classes.stream().filter(ArchitectureTest::isOurs).forEach(type -> seen.add(module(type)));
    assertThat(seen).containsExactlyInAnyOrderElementsOf(MODULES.keySet());
  }

  @Test
  void modulesUseOnlyWhatTheyMay() {
    Set<String> violations = new TreeSet<>();
    for (Dependency dependency : dependencies()) {
      JavaClass target = dependency.getTargetClass();
      String from = module(dependency.getOriginClass());
      if (isOurs(target)
          && !from.equals(module(target))
          && !MODULES.getOrDefault(from, Set.of()).contains(module(target))) {
        violations.add(from + " -> " + module(target) + ": " + dependency.getDescription());
      }
    }
    assertThat(violations).isEmpty();
  }

  @Test
  void librariesStayAtTheirEdges() {
    Set<String> violations = new TreeSet<>();
    for (Dependency dependency : dependencies()) {
      String from = module(dependency.getOriginClass());
      String target = dependency.getTargetClass().getPackageName() + ".";
      LIBRARIES.forEach((library, allowed) -> {
        if (target.startsWith(library + ".") && !allowed.contains(from)) {
          violations.add(from + " -> " + library + ": " + dependency.getDescription());
        }
      });
    }
    assertThat(violations).isEmpty();
  }

  @Test
  void internalPackagesStayInternal() {
    List<String> violations =
        dependencies().stream()
            .filter(dependency -> isOurs(dependency.getTargetClass()))
            .filter(dependency ->
                (dependency.getTargetClass().getPackageName() + ".").contains(".internal."))
            .filter(dependency ->
                !module(dependency.getOriginClass()).equals(module(dependency.getTargetClass())))
            .map(Dependency::getDescription)
            .toList();
    assertThat(violations).isEmpty();
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("io.vivace.(**)").should().beFreeOfCycles().check(classes);
  }

  @Test
  void runsOnJava25() {
    assertThat(Runtime.version().feature()).isEqualTo(25);
  }

  private static List<Dependency> dependencies() {
    return classes.stream()
        .filter(ArchitectureTest::isOurs)
        .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
        .toList();
  }
}
