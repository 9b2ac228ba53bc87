package io.vivace.server.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import org.slf4j.LoggerFactory;

/// Sends all log lines of the process to standard error.
public final class Logging {
  private Logging() {}

  /// Sets format and level; may be called again when the configuration is known. Libraries log from
  /// `warn` on, whatever the level, unless it is `debug`.
  ///
  /// @param format `logfmt` or `json`
  /// @param level `debug`, `info`, `warn` or `error`
  public static void configure(String format, String level) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    LogEncoder encoder = new LogEncoder(format.equals("json"));
    encoder.setContext(context);
    encoder.start();
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setTarget("System.err");
    appender.setEncoder(encoder);
    appender.start();
    Level own = Level.toLevel(level, Level.INFO);
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.addAppender(appender);
    root.setLevel(own.isGreaterOrEqual(Level.WARN) ? own : Level.WARN);
    context.getLogger("io.vivace").setLevel(own);
    // At debug these write every frame and every byte buffer.
    context.getLogger("io.netty").setLevel(Level.WARN);
    context.getLogger("com.linecorp.armeria").setLevel(Level.WARN);
    // It warns of every server after the first, which share their threads.
    context.getLogger("io.micrometer").setLevel(Level.ERROR);
  }
}
