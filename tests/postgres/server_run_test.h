#pragma once

#include "server_stand.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>

namespace pipeline::test {

// A store of its own on the server that scripts/test has started.
class ServerRunTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto server = shared_server();
    if (!server) GTEST_SKIP() << "no PostgreSQL server: scripts/test starts one";
    stand_.emplace(*server);
  }
  [[nodiscard]] ServerStand& stand() { return *stand_; }

 private:
  std::optional<ServerStand> stand_;
};

}  // namespace pipeline::test
