#pragma once

#include "emulator/emulator.h"
#include "emulator/token.h"
#include "support/fake_clock.h"

#include <fmt/core.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace pipeline::emulator {

using json = nlohmann::json;
using namespace std::chrono_literals;

// An emulator under a clock turned by hand, and the calls a client makes to it.
class StoreTest : public ::testing::Test {
 protected:
  static Options small(std::size_t products = 100) {
    Options options;
    options.products = products;
    return options;
  }

  Emulator& open(Options options = small()) {
    options_ = options;
    emulator_ = std::make_unique<Emulator>(clock_, std::move(options));
    return *emulator_;
  }

  [[nodiscard]] std::string now_ms() const { return std::to_string(clock_.wall().time_since_epoch().count()); }

  [[nodiscard]] std::string form(const std::string& timestamp, const std::string& rest = "&type=SELF") const {
    std::string signature = sign(options_.client_id, timestamp, options_.client_secret).value();
    for (std::size_t at = 0; (at = signature.find('=', at)) != std::string::npos; at += 3) {
      signature.replace(at, 1, "%3D");
    }
    return fmt::format("client_id={}&timestamp={}&client_secret_sign={}&grant_type=client_credentials{}",
                       options_.client_id, timestamp, signature, rest);
  }

  Reply ask_token(const std::string& body, const std::string& path = "/v1/oauth2/token",
                  const std::string& type = "application/x-www-form-urlencoded") {
    return emulator_->handle({.method = "POST", .path = path, .headers = {{"Content-Type", type}}, .body = body});
  }

  // Later calls carry it.
  std::string sign_in() {
    const Reply reply = ask_token(form(now_ms()));
    EXPECT_EQ(reply.status, 200) << reply.body;
    return token_ = json::parse(reply.body).at("access_token");
  }

  Reply get(const std::string& path) {
    return emulator_->handle({.method = "GET", .path = path, .headers = {{"Authorization", "Bearer " + token_}}});
  }
  Reply detail(std::int64_t channel_no) { return get(fmt::format("/v2/products/channel-products/{}", channel_no)); }
  Reply origin_detail(std::int64_t origin_no) { return get(fmt::format("/v2/products/origin-products/{}", origin_no)); }
  Reply search(const json& body = json::object()) {
    return emulator_->handle({.method = "POST",
                              .path = "/v1/products/search",
                              .headers = {{"authorization", "Bearer " + token_}, {"Content-Type", "application/json"}},
                              .body = body.dump()});
  }

  json page(const json& body = json::object()) {
    const Reply reply = search(body);
    EXPECT_EQ(reply.status, 200) << reply.body;
    return json::parse(reply.body);
  }

  static std::vector<std::int64_t> channel_nos(const json& page) {
    std::vector<std::int64_t> numbers;
    for (const json& entry : page.at("contents")) {
      for (const json& row : entry.at("channelProducts")) numbers.push_back(row.at("channelProductNo"));
    }
    return numbers;
  }

  json row(std::int64_t channel_no) {
    const json found = page({{"searchKeywordType", "CHANNEL_PRODUCT_NO"}, {"channelProductNos", {channel_no}}});
    for (const json& each : found.at("contents").at(0).at("channelProducts")) {
      if (each.at("channelProductNo") == channel_no) return each;
    }
    ADD_FAILURE() << "no row " << channel_no;
    return {};
  }

  json origin_product(std::int64_t channel_no) { return json::parse(detail(channel_no).body).at("originProduct"); }

  static std::string code(const Reply& reply) { return json::parse(reply.body).at("code"); }
  static std::string invalid_input(const Reply& reply) {
    return json::parse(reply.body).at("invalidInputs").at(0).at("name");
  }

  test::FakeClock clock_;
  Options options_;
  std::unique_ptr<Emulator> emulator_;
  std::string token_;
};

}  // namespace pipeline::emulator
