#include "pipeline/base/interrupt.h"

#include <pthread.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <utility>

namespace pipeline {
namespace {

// `timeout`, and whoever else signals a process and its group, signals it twice: that is one wish.
constexpr auto kOneWish = std::chrono::milliseconds(250);

// Whether whoever started us wants the signal ignored, as nohup does. Blocked, it would arrive all the same.
bool is_ignored(int signal) {
  struct sigaction action {};
  return ::sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

// SIGUSR2, sent by the destructor to its own thread only, ends the wait.
sigset_t waited_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  if (!is_ignored(SIGHUP)) sigaddset(&set, SIGHUP);
  sigaddset(&set, SIGUSR2);
  return set;
}

}  // namespace

Interrupt::Interrupt() {
  const sigset_t set = waited_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  thread_ = std::thread([this] { wait(); });
}

Interrupt::~Interrupt() {
  stop_ = true;
  pthread_kill(thread_.native_handle(), SIGUSR2);
  thread_.join();
}

void Interrupt::on_signal(std::function<void()> callback) {
  const std::lock_guard lock(mutex_);
  callback_ = std::move(callback);
  if (signal() != 0 && callback_) callback_();
}

void Interrupt::wait() {
  const sigset_t set = waited_signals();
  std::chrono::steady_clock::time_point first;
  for (;;) {
    int arrived = 0;
    if (sigwait(&set, &arrived) != 0 || arrived == SIGUSR2) {
      if (stop_) return;
      continue;
    }
    const auto now = std::chrono::steady_clock::now();
    if (signal() != 0) {
      if (now - first < kOneWish) continue;
      ::_exit(128 + arrived);
    }
    first = now;
    const std::lock_guard lock(mutex_);  // before the flag: on_signal() must not see it and call a second time
    signal_ = arrived;
    if (callback_) callback_();
  }
}

ExitCode exit_code_of_signal(int signal) noexcept {
  return signal == SIGINT ? ExitCode::interrupted : ExitCode::terminated;
}

std::string_view word_of_signal(int signal) noexcept {
  return signal == SIGINT ? "interrupted" : "terminated";
}

}  // namespace pipeline
