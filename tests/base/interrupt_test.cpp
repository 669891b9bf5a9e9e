#include "pipeline/base/interrupt.h"

#include "child_process.h"

#include <gtest/gtest.h>

#include <csignal>
#include <cstring>
#include <future>
#include <string>

namespace pipeline {
namespace {

using test::ChildProcess;

// Sends itself the signal and waits until the callback has run.
int signal_and_wait(Interrupt& interrupt, int signal) {
  std::promise<int> seen;
  interrupt.on_signal([&] { seen.set_value(interrupt.signal()); });
  ::kill(::getpid(), signal);
  const int first = seen.get_future().get();
  interrupt.on_signal(nullptr);
  return first;
}

class InterruptTest : public testing::TestWithParam<int> {};

TEST_P(InterruptTest, TheFirstSignalIsAFlagAndACall) {
  ChildProcess child([] {
    Interrupt interrupt;
    if (interrupt.signal() != 0) return -1;
    const int seen = signal_and_wait(interrupt, GetParam());
    return seen == interrupt.signal() ? seen : -1;
  });
  EXPECT_EQ(child.exit_code(), GetParam());
}

TEST_P(InterruptTest, TheSecondSignalEndsTheProcessWithTheShellsCode) {
  ChildProcess child([] {
    Interrupt interrupt;
    signal_and_wait(interrupt, SIGINT);
    for (;;) {  // whoever will not wait signals again
      ::usleep(20'000);
      ::kill(::getpid(), GetParam());
    }
    return 0;
  });
  EXPECT_EQ(child.exit_code(), 128 + GetParam());
}

// As `timeout` does, which signals its process and then its group.
TEST_P(InterruptTest, ASignalThatComesTwiceAtOnceIsOne) {
  ChildProcess child([] {
    Interrupt interrupt;
    signal_and_wait(interrupt, GetParam());
    ::kill(::getpid(), GetParam());
    int calls = 0;
    interrupt.on_signal([&] { ++calls; });
    ::usleep(20'000);  // the thread has the second one by then, or it costs nothing
    return calls;
  });
  EXPECT_EQ(child.exit_code(), 1);
}

TEST_P(InterruptTest, ACallbackGivenLaterIsCalledAtOnce) {
  ChildProcess child([] {
    Interrupt interrupt;
    signal_and_wait(interrupt, GetParam());
    int calls = 0;
    interrupt.on_signal([&] { ++calls; });
    return calls;
  });
  EXPECT_EQ(child.exit_code(), 1);
}

INSTANTIATE_TEST_SUITE_P(Signals, InterruptTest, testing::Values(SIGINT, SIGTERM, SIGHUP),
                         [](const auto& test) { return std::string("SIG") + ::sigabbrev_np(test.param); });

TEST(Interrupt, AHangUpThatNohupHasIgnoredIsNoSignal) {
  ChildProcess child([] {
    ::signal(SIGHUP, SIG_IGN);
    Interrupt interrupt;
    ::kill(::getpid(), SIGHUP);
    return signal_and_wait(interrupt, SIGTERM);
  });
  EXPECT_EQ(child.exit_code(), SIGTERM);
}

TEST(Interrupt, EndsQuietlyWithoutASignal) {
  ChildProcess child([] {
    int calls = 0;
    {
      Interrupt interrupt;
      interrupt.on_signal([&] { ++calls; });
    }
    return calls;
  });
  EXPECT_EQ(child.exit_code(), 0);
}

}  // namespace
}  // namespace pipeline
