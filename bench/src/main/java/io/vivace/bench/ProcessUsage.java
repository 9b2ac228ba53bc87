package io.vivace.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// CPU and memory of a Linux process, read from `/proc`.
///
/// @param cpuSeconds user and system time since the process began
/// @param rssMebibytes resident memory now
/// @param peakRssMebibytes most resident memory so far
record ProcessUsage(double cpuSeconds, double rssMebibytes, double peakRssMebibytes) {
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double KIBIBYTES_PER_MEBIBYTE = 1024;

  static ProcessUsage of(long pid) {
    try {
      return new ProcessUsage(cpuSeconds(pid), status(pid, "VmRSS:"), status(pid, "VmHWM:"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Sums the nanosecond clock of all live threads and adds what ended threads used, which only the
  /// coarser process clock knows: the larger of the two is right to within a tick per thread.
  private static double cpuSeconds(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    double ticks = Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    double threads = 0;
    try (Stream<Path> tasks = Files.list(Path.of("/proc/" + pid + "/task"))) {
      for (Path task : tasks.toList()) {
        try {
          threads +=
              Long.parseLong(Files.readString(task.resolve("schedstat")).split(" ")[0])
                  / NANOS_PER_SECOND;
        } catch (IOException _) {
          // The thread ended in between; the process clock has its time.
        }
      }
    }
    return Math.max(ticks / 100, threads);
  }

  private static double status(long pid, String key) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
      if (line.startsWith(key)) {
        return Long.parseLong(line.substring(key.length()).replace("kB", "").trim())
            / KIBIBYTES_PER_MEBIBYTE;
      }
    }
    throw new IOException(key + " missing in the status of process " + pid);
  }
}
