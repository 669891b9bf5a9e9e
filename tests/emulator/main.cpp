#include "pipeline/base/clock.h"

#include "emulator/emulator.h"
#include "emulator/server.h"

#include <CLI/CLI.hpp>
#include <fmt/core.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <exception>
#include <map>
#include <string>

namespace {

using namespace pipeline;

struct CommandLine {
  emulator::Options options;
  emulator::Server::Config server;
  double latency_ms = 0;
  double jitter_ms = 0;
  double tick_phase_ms = 0;
  double rate = 0;  // of all endpoints but those given one of their own
  double burst = 0;
  std::int64_t skew_ms = 0;
  bool exit_with_stdin = false;
};

void add_rate(CLI::App& app, const std::string& name, const std::string& what, emulator::RateLimit& limit) {
  app.add_option("--" + name + "-rate", limit.rate, "Calls a second of " + what + "; 0: no limit");
  app.add_option("--" + name + "-burst", limit.burst, "Its burst capacity; 0: twice the rate");
}

void add_options(CLI::App& app, CommandLine& line) {
  const std::map<std::string, emulator::Discipline> disciplines{{"continuous", emulator::Discipline::continuous},
                                                                {"second-ticks", emulator::Discipline::second_ticks}};
  const std::map<std::string, emulator::HeaderCase> cases{{"documented", emulator::HeaderCase::as_documented},
                                                          {"lower", emulator::HeaderCase::lower},
                                                          {"upper", emulator::HeaderCase::upper}};
  emulator::Options& options = line.options;
  app.add_option("--products", options.products, "Origin products of the store")->capture_default_str();
  app.add_option("--seed", options.seed, "Of everything that is drawn")->capture_default_str();
  app.add_option("--port", line.server.port, "0: one that is free")->capture_default_str();
  app.add_option("--threads", line.server.threads, "Connections served at once")->capture_default_str();
  app.add_option("--latency-ms", line.latency_ms, "From call to answer")->capture_default_str();
  app.add_option("--jitter-ms", line.jitter_ms, "Latency varies by so much up and down")->capture_default_str();
  app.add_option("--client-id", options.client_id, "Of the application")->capture_default_str();
  app.add_option("--client-secret", options.client_secret, "Of the application")->capture_default_str();
  app.add_option("--rate", line.rate, "Calls a second of each API; 0: no limit")->capture_default_str();
  app.add_option("--burst", line.burst, "Burst capacity of each API; 0: twice the rate")->capture_default_str();
  add_rate(app, "token", "the token", options.token_rate);
  add_rate(app, "list", "the list", options.list_rate);
  add_rate(app, "detail", "the channel product", options.channel_detail_rate);
  add_rate(app, "origin-detail", "the origin product", options.origin_detail_rate);
  app.add_option("--discipline", options.discipline, "How tokens come back: continuous, second-ticks")
      ->transform(CLI::CheckedTransformer(disciplines));
  app.add_option("--tick-phase-ms", line.tick_phase_ms, "second-ticks: first tick after the start");
  app.add_option("--header-case", options.header_case, "Of the GNCP-GW names: documented, lower, upper")
      ->transform(CLI::CheckedTransformer(cases));
  app.add_flag("!--no-rate-headers", options.rate_headers, "Say nothing of the rate");
  app.add_option("--list-ceiling", options.list_ceiling, "Refuse pages that reach beyond so many hits; 0: none");
  app.add_option("--skew-ms", line.skew_ms, "How far the server's clock is ahead");
  app.add_flag("!--no-gzip", options.gzip, "Never compress");
  app.add_flag("!--no-volatile-fields", options.volatile_fields, "No counters that change with each answer");
  app.add_flag("!--no-moving-keys", options.moving_keys, "The same order of keys in each answer");
  app.add_flag("--exit-with-stdin", line.exit_with_stdin, "End when standard input ends");
}

Nanoseconds from_milliseconds(double value) {
  return Nanoseconds(static_cast<std::int64_t>(value * 1e6));
}

void complete(CommandLine& line) {
  emulator::Options& options = line.options;
  options.latency = from_milliseconds(line.latency_ms);
  options.jitter = from_milliseconds(line.jitter_ms);
  options.tick_phase = from_milliseconds(line.tick_phase_ms);
  options.clock_skew = std::chrono::milliseconds(line.skew_ms);
  for (emulator::RateLimit* limit :
       {&options.token_rate, &options.list_rate, &options.channel_detail_rate, &options.origin_detail_rate}) {
    if (limit->unlimited()) *limit = {line.rate, line.burst};
  }
}

// Must be called before threads are made, which then inherit the blocked signals.
int block_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  sigprocmask(SIG_BLOCK, &signals, nullptr);
  return signalfd(-1, &signals, SFD_CLOEXEC);
}

void wait_for_end(int signals, bool exit_with_stdin) {
  std::array<pollfd, 2> watched{{{signals, POLLIN, 0}, {exit_with_stdin ? STDIN_FILENO : -1, POLLIN, 0}}};
  std::array<char, 4096> dropped;
  while (watched[0].revents == 0) {
    ::poll(watched.data(), watched.size(), -1);
    if (watched[1].revents != 0 && ::read(STDIN_FILENO, dropped.data(), dropped.size()) <= 0) return;
  }
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("MY_STORE without Naver: the Commerce API on loopback, with a store of its own");
  CommandLine line;
  add_options(app, line);
  CLI11_PARSE(app, argc, argv);
  try {
    complete(line);
    const int signals = block_signals();
    const SystemClock clock;
    emulator::Emulator store(clock, line.options);
    emulator::Server server(store, line.server);
    server.start();
    fmt::print("listening on {}\n", server.base_url());
    std::fflush(stdout);
    wait_for_end(signals, line.exit_with_stdin);
    server.stop();
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "my_store_emulator: {}\n", error.what());
    return 1;
  }
}
