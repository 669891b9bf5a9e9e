#include "emulator/server.h"

#include "emulator/store_fixture.h"

#include <curl/curl.h>

#include <future>
#include <memory>
#include <set>
#include <thread>

namespace pipeline::emulator {
namespace {

struct EasyCleanup {
  void operator()(CURL* curl) const noexcept { curl_easy_cleanup(curl); }
};
struct ListFree {
  void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};

struct Received {
  CURLcode result = CURLE_OK;
  long status = 0;
  long new_connections = 0;
  std::string headers;
  std::string body;
};

// One connection, kept between calls.
class Connection {
 public:
  explicit Connection(const Server& server) : base_(server.base_url()), curl_(curl_easy_init()) {}

  Received call(const std::string& path, const std::vector<std::string>& headers, const std::string* body = nullptr,
                const char* encoding = nullptr, long timeout_ms = 10'000) {
    Received received;
    curl_easy_reset(curl_.get());
    std::unique_ptr<curl_slist, ListFree> list;
    for (const std::string& header : headers) list.reset(curl_slist_append(list.release(), header.c_str()));
    const std::string url = base_ + path;
    curl_easy_setopt(curl_.get(), CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl_.get(), CURLOPT_HTTPHEADER, list.get());
    curl_easy_setopt(curl_.get(), CURLOPT_TIMEOUT_MS, timeout_ms);
    curl_easy_setopt(curl_.get(), CURLOPT_NOSIGNAL, 1L);
    if (encoding != nullptr) curl_easy_setopt(curl_.get(), CURLOPT_ACCEPT_ENCODING, encoding);
    if (body != nullptr) {
      curl_easy_setopt(curl_.get(), CURLOPT_POSTFIELDSIZE, static_cast<long>(body->size()));
      curl_easy_setopt(curl_.get(), CURLOPT_COPYPOSTFIELDS, body->c_str());
    }
    curl_easy_setopt(curl_.get(), CURLOPT_WRITEFUNCTION, append);
    curl_easy_setopt(curl_.get(), CURLOPT_WRITEDATA, &received.body);
    curl_easy_setopt(curl_.get(), CURLOPT_HEADERFUNCTION, append);
    curl_easy_setopt(curl_.get(), CURLOPT_HEADERDATA, &received.headers);
    received.result = curl_easy_perform(curl_.get());
    curl_easy_getinfo(curl_.get(), CURLINFO_RESPONSE_CODE, &received.status);
    curl_easy_getinfo(curl_.get(), CURLINFO_NUM_CONNECTS, &received.new_connections);
    return received;
  }

 private:
  static std::size_t append(const char* bytes, std::size_t size, std::size_t count, void* out) {
    static_cast<std::string*>(out)->append(bytes, size * count);
    return size * count;
  }

  const std::string base_;
  std::unique_ptr<CURL, EasyCleanup> curl_;
};

class ServerTest : public StoreTest {
 protected:
  void serve(Options options = small()) {
    open(std::move(options));
    server_ = std::make_unique<Server>(*emulator_);
    server_->start();
    sign_in();
    connection_ = std::make_unique<Connection>(*server_);
    path_ = fmt::format("/external/v2/products/channel-products/{}", emulator_->channel_nos().front());
  }

  Received call(const char* encoding = nullptr, long timeout_ms = 10'000) {
    return connection_->call(path_, authorization(), nullptr, encoding, timeout_ms);
  }
  [[nodiscard]] std::vector<std::string> authorization() const { return {"Authorization: Bearer " + token_}; }

  void break_next(FaultKind kind) {
    FaultRule rule;
    rule.kind = kind;
    rule.times = 1;
    emulator_->add_fault(rule);
  }

  std::unique_ptr<Server> server_;
  std::unique_ptr<Connection> connection_;
  std::string path_;
};

TEST_F(ServerTest, CarriesTokenListAndDetail) {
  serve();
  const std::string form_body = form(now_ms());
  const Received token = connection_->call("/external/v1/oauth2/token", {}, &form_body);
  EXPECT_EQ(token.status, 200) << token.body;
  const std::string query = R"({"page":1,"size":10})";
  auto headers = authorization();
  headers.emplace_back("Content-Type: application/json");
  const Received list = connection_->call("/external/v1/products/search", headers, &query);
  EXPECT_EQ(json::parse(list.body).at("contents").size(), 10U);
  const Received one = call();
  EXPECT_EQ(one.status, 200);
  EXPECT_EQ(one.body, detail(emulator_->channel_nos().front()).body);
  EXPECT_NE(one.headers.find("GNCP-GW-Trace-ID: "), std::string::npos);
  EXPECT_NE(one.headers.find("Content-Type: application/json;charset=UTF-8"), std::string::npos);
  EXPECT_EQ(connection_->call("/nothing", {}).status, 404);
}

TEST_F(ServerTest, KeepsAConnectionForAThousandCalls) {
  serve();
  EXPECT_EQ(call().new_connections, 1);
  for (int i = 0; i < 1000; ++i) ASSERT_EQ(call().new_connections, 0) << i;
}

TEST_F(ServerTest, CompressesForThoseWhoAcceptIt) {
  serve();
  const Received plain = call();
  EXPECT_EQ(plain.headers.find("Content-Encoding"), std::string::npos);
  for (int i = 0; i < 2; ++i) {  // the second comes from the cache
    const Received packed = call("gzip");
    EXPECT_NE(packed.headers.find("Content-Encoding: gzip"), std::string::npos);
    EXPECT_EQ(packed.body, plain.body);
  }
  const std::string query = R"({"size":100})";
  const Received list = connection_->call("/v1/products/search", authorization(), &query, "gzip");
  EXPECT_NE(list.headers.find("Content-Encoding: gzip"), std::string::npos);
  EXPECT_EQ(json::parse(list.body).at("contents").size(), 100U);
}

TEST_F(ServerTest, CompressionCanBeSwitchedOff) {
  Options options = small();
  options.gzip = false;
  serve(options);
  EXPECT_EQ(call("gzip").headers.find("Content-Encoding"), std::string::npos);
}

TEST_F(ServerTest, AResetIsAReset) {
  serve();
  break_next(FaultKind::reset);
  const Received received = call();  // the first of its connection: on a kept one curl would quietly try again
  EXPECT_EQ(received.result, CURLE_RECV_ERROR) << curl_easy_strerror(received.result);
  EXPECT_TRUE(received.body.empty());
  EXPECT_EQ(call().status, 200);
}

TEST_F(ServerTest, AShortBodyEndsEarly) {
  serve();
  const std::size_t whole = call().body.size();
  break_next(FaultKind::short_body);
  const Received received = call();
  EXPECT_EQ(received.result, CURLE_PARTIAL_FILE) << curl_easy_strerror(received.result);
  EXPECT_EQ(received.status, 200);
  EXPECT_EQ(received.body.size(), whole / 2);
  EXPECT_NE(received.headers.find(fmt::format("Content-Length: {}", whole)), std::string::npos);
  EXPECT_EQ(call().status, 200);
}

TEST_F(ServerTest, AStallIsSilentUntilTheClientLeaves) {
  serve();
  break_next(FaultKind::stall);
  const Received received = call(nullptr, 200);
  EXPECT_EQ(received.result, CURLE_OPERATION_TIMEDOUT);
  EXPECT_EQ(received.status, 200);
  EXPECT_FALSE(received.body.empty());
  EXPECT_EQ(call().status, 200);
}

TEST_F(ServerTest, StoppingEndsStallsAndSleepsAndKeptConnections) {
  serve();
  call();  // kept
  Connection other(*server_);
  break_next(FaultKind::stall);
  auto stalled = std::async(std::launch::async, [&] { return other.call(path_, authorization()); });
  while (emulator_->stats().requests_to(Endpoint::channel_detail) < 2) std::this_thread::yield();
  emulator_->set_latency(1h, 0s);
  Connection third(*server_);
  auto sleeping = std::async(std::launch::async, [&] { return third.call(path_, authorization()); });
  while (emulator_->stats().requests_to(Endpoint::channel_detail) < 3) std::this_thread::yield();
  server_->stop();
  EXPECT_NE(stalled.get().result, CURLE_OK);
  sleeping.get();
  EXPECT_EQ(call().result, CURLE_COULDNT_CONNECT);
}

TEST_F(ServerTest, StartsAgain) {
  serve();
  server_->stop();
  server_->start();
  connection_ = std::make_unique<Connection>(*server_);
  EXPECT_EQ(call().status, 200);
}

TEST_F(ServerTest, ServesManyConnectionsAtOnce) {
  Options options = small();
  options.latency = 20ms;
  serve(options);
  std::vector<std::future<long>> calls;
  constexpr int kConnections = 40;
  for (int i = 0; i < kConnections; ++i) {
    calls.push_back(std::async(std::launch::async, [&] {
      Connection own(*server_);
      return own.call(path_, authorization()).status;
    }));
  }
  for (auto& each : calls) EXPECT_EQ(each.get(), 200);
  EXPECT_EQ(emulator_->stats().requests_to(Endpoint::channel_detail, 200), static_cast<std::uint64_t>(kConnections));
}

TEST_F(ServerTest, ControlsOverHttp) {
  serve();
  const std::string body = R"({"kind":"status","status":503,"times":1})";
  EXPECT_EQ(connection_->call("/__control__/fault", {}, &body).body, "{\"rule\":0}\n");
  EXPECT_EQ(call().status, 503);
  const json stats = json::parse(connection_->call("/__control__/stats", {}).body);
  EXPECT_EQ(stats.at("by_endpoint").at("detail").at("503"), 1);
}

}  // namespace
}  // namespace pipeline::emulator
