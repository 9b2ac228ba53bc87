package io.vivace.server;

import io.vivace.server.config.BuildInfo;
import io.vivace.server.config.CommandLine;
import io.vivace.server.config.ConfigException;
import io.vivace.server.config.ConfigLoader;
import io.vivace.server.config.Problem;
import io.vivace.server.config.VivaceConfig;
import io.vivace.server.logging.Logging;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The program: reads the command line and the configuration, runs the server until a signal comes.
public final class Vivace {
  private static final Logger log = LoggerFactory.getLogger(Vivace.class);

  /// Within this time after SIGTERM the process is gone, whatever still hangs.
  private static final Duration LONGEST_SHUTDOWN = Duration.ofSeconds(29);

  private static final int EXIT_BAD_FLAGS = 2;

  private Vivace() {}

  public static void main(String[] arguments) throws InterruptedException {
    CommandLine line;
    try {
      line = CommandLine.parse(arguments);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.err.print(CommandLine.usage());
      System.exit(EXIT_BAD_FLAGS);
      return;
    }
    if (line.showHelp()) {
      System.out.print(CommandLine.usage());
    } else if (line.showVersion()) {
      System.out.print(BuildInfo.load().text());
    } else if (line.checkHealth()) {
      System.exit(checkHealth(line.healthUrl()));
    } else if (Boolean.getBoolean("vivace.training")) {
      TrainingRun.run();
    } else {
      System.exit(run(line));
    }
  }

  private static int run(CommandLine line) throws InterruptedException {
    VivaceConfig config;
    try {
      config =
          new ConfigLoader(System.getenv())
              .load(line.configFile(), line.expandEnvironment(), line.settings());
    } catch (ConfigException e) {
      System.err.println("the configuration cannot be used:");
      System.err.println(e.getMessage());
      return 1;
    }
    if (line.verify()) {
      return verify(config);
    }
    Logging.configure(config.server().logFormat(), config.server().logLevel());
    logRemarks(line, config);
    return serve(line, config);
  }

  private static int verify(VivaceConfig config) {
    config.withoutEffect().forEach(problem -> System.out.println("without effect: " + problem));
    config.warnings().forEach(problem -> System.out.println("warning: " + problem));
    System.out.println(
        config.warnings().isEmpty()
            ? "the configuration is good"
            : "the configuration has warnings");
    return config.warnings().isEmpty() ? 0 : 1;
  }

  private static void logRemarks(CommandLine line, VivaceConfig config) {
    for (String flag : line.ignored()) {
      log.warn("flag {} has no effect here", flag);
    }
    for (Problem problem : config.warnings()) {
      log.warn("configuration: {}", problem);
    }
    for (Problem problem : config.withoutEffect()) {
      log.warn("configuration without effect: {}", problem);
    }
  }

  private static int serve(CommandLine line, VivaceConfig config) throws InterruptedException {
    SingleProcess process;
    try {
      process = SingleProcess.start(config, line.demo());
    } catch (IOException e) {
      log.error("cannot start: {}", message(e));
      return 1;
    } catch (Exception e) {
      log.error("cannot start", e);
      return 1;
    }
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> stop(process, config.shutdownDelay(), stopped), "stop"));
    stopped.await();
    // The hook ends the process with its own code.
    Thread.sleep(LONGEST_SHUTDOWN);
    return 1;
  }

  private static String message(IOException e) {
    if (e instanceof FileSystemException file && file.getReason() == null) {
      return file.getClass().getSimpleName() + ": " + file.getFile();
    }
    return String.valueOf(e.getMessage());
  }

  /// Runs when a signal comes: takes no more, flushes, ends with 0. A second thread ends the
  /// process if that takes too long; what is not flushed then is still in the log.
  private static void stop(SingleProcess process, Duration delay, CountDownLatch stopped) {
    log.info("stopping");
    Thread watchdog =
        Thread.ofPlatform()
            .daemon()
            .name("watchdog")
            .start(() -> {
              try {
                Thread.sleep(delay.plus(LONGEST_SHUTDOWN));
                log.error("the end took too long; what is not in blocks stays in the log");
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              Runtime.getRuntime().halt(1);
            });
    process.announceStop();
    try {
      Thread.sleep(delay);
    } catch (InterruptedException e) {
      watchdog.interrupt();
    }
    process.close();
    log.info("stopped");
    stopped.countDown();
    Runtime.getRuntime().halt(0);
  }

  private static int checkHealth(String url) {
    try {
      HttpURLConnection connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
      connection.setConnectTimeout(5_000);
      connection.setReadTimeout(5_000);
      int status = connection.getResponseCode();
      connection.disconnect();
      if (status == HttpURLConnection.HTTP_OK) {
        return 0;
      }
      System.err.println("unhealthy: " + url + " answered " + status);
    } catch (IOException | IllegalArgumentException e) {
      System.err.println("unhealthy: " + url + ": " + e.getMessage());
    }
    return 1;
  }
}
