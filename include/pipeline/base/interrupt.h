#pragma once

#include "pipeline/base/error.h"

#include <atomic>
#include <functional>
#include <mutex>
#include <string_view>
#include <thread>
#include <utility>

namespace pipeline {

// Turns SIGINT, SIGTERM and SIGHUP (unless that is ignored, as under nohup) into a flag and a call. It must be made on
// the main thread before any other thread, so that all of them inherit the blocked signals; a thread of its own waits
// for them. A second signal, a quarter of a second later or more, ends the process
// at once with the code the shell expects, for the user who will not wait.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  // The signal that arrived first, or 0. Lock-free.
  [[nodiscard]] int signal() const noexcept { return signal_.load(std::memory_order_relaxed); }
  // Called once from the waiting thread when a signal arrives; at once if one has arrived. Empty: no more calls.
  void on_signal(std::function<void()> callback);

 private:
  void wait();

  std::atomic<int> signal_{0};
  std::atomic<bool> stop_{false};
  std::mutex mutex_;
  std::function<void()> callback_;  // under mutex_
  std::thread thread_;
};

// How a run ends that a signal stopped, and the word for it.
[[nodiscard]] ExitCode exit_code_of_signal(int signal) noexcept;
[[nodiscard]] std::string_view word_of_signal(int signal) noexcept;

// Has the call made on a signal for as long as it lives.
class SignalCall {
 public:
  SignalCall(Interrupt& interrupt, std::function<void()> call) : interrupt_(interrupt) {
    interrupt_.on_signal(std::move(call));
  }
  ~SignalCall() { interrupt_.on_signal({}); }
  SignalCall(const SignalCall&) = delete;
  SignalCall& operator=(const SignalCall&) = delete;

 private:
  Interrupt& interrupt_;
};

}  // namespace pipeline
