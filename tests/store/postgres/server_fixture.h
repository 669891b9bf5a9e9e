#pragma once

#include "postgres/address.h"
#include "postgres/connection.h"
#include "support/fake_clock.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <utility>

namespace pipeline::store::postgres {

// A store of its own in the server that scripts/test has started.
class ServerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* server = std::getenv("PIPELINE_TEST_POSTGRES");
    if (server == nullptr) GTEST_SKIP() << "no PostgreSQL server: scripts/test starts one";
    const auto* const test = ::testing::UnitTest::GetInstance()->current_test_info();
    const auto name = fmt::format("{}.{} {}", test->test_suite_name(), test->name(), ::getpid());
    address_ = parse_address(fmt::format("{}&schema=test_{:x}", server, std::hash<std::string>()(name)));
  }
  void TearDown() override {
    if (IsSkipped()) return;
    const std::string sql = "DROP SCHEMA IF EXISTS " + address_.schema + " CASCADE";
    (void)connect(Connection::Mode::bare)->ask("clear up", sql);
  }

  using Mode = Connection::Mode;
  [[nodiscard]] std::unique_ptr<Connection> connect(Mode mode = Mode::read_write,
                                                    std::shared_ptr<Lease> lease = nullptr,
                                                    std::chrono::milliseconds patience = std::chrono::seconds(10)) {
    return std::make_unique<Connection>(address_, mode, clock_, nullptr, patience, std::move(lease));
  }
  // What the call throws, as text; empty when it doesn't.
  template <typename E = Error, typename F>
  static std::string message_of(F&& call) {
    try {
      call();
    } catch (const E& error) {
      return error.what();
    }
    return {};
  }

  Address address_;
  test::FakeClock clock_;
};

}  // namespace pipeline::store::postgres
