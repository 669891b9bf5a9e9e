#include "pipeline/http/curl_transport.h"

#include "http/raw_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include <atomic>
#include <future>
#include <map>
#include <mutex>
#include <set>
#include <thread>

namespace pipeline::http {
namespace {

using std::chrono::milliseconds;
using test::RawServer;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// Counts as a fault of the test, not of the machine, however slow that is.
constexpr auto kNever = SteadyTime::max();

// An HTTP/1.1 server in the test's own process, on a port of its own.
class Server {
 public:
  Server() {
    server_.new_task_queue = [] { return new httplib::ThreadPool(16); };
    server_.set_keep_alive_max_count(100'000);
    server_.set_tcp_nodelay(true);
    server_.set_pre_routing_handler([this](const httplib::Request& request, httplib::Response&) {
      const std::lock_guard lock(mutex_);
      connections_.insert(request.remote_port);
      return httplib::Server::HandlerResponse::Unhandled;
    });
    server_.Get("/small", [](const httplib::Request&, httplib::Response& response) {
      response.set_header("gncp-gw-RATELIMIT-remaining", "7");
      response.set_content("small", "text/plain");
    });
    server_.Get("/headers", [](const httplib::Request& request, httplib::Response& response) {
      std::string lines;
      for (const auto& [name, value] : request.headers) lines += name + ": " + value + "\n";
      response.set_content(lines, "text/x-headers");
    });
    // httplib compresses text/* for those who accept it.
    server_.Get("/large", [](const httplib::Request& request, httplib::Response& response) {
      response.set_header("X-Accepts", request.get_header_value("Accept-Encoding"));
      response.set_content(std::string(200'000, 'x'), "text/plain");
    });
    server_.Get("/moved",
                [](const httplib::Request&, httplib::Response& response) { response.set_redirect("/small", 308); });
    const auto echo = [](const httplib::Request& request, httplib::Response& response) {
      response.set_content(request.method + " " + request.get_header_value("Content-Type") + " " +
                               (request.has_header("Expect") ? "expect " : "") + request.body,
                           "text/plain");
    };
    server_.Post("/echo", echo);
    server_.Put("/echo", echo);
    server_.Get("/echo", echo);
    server_.Get("/hang", [this](const httplib::Request&, httplib::Response&) { release_.get_future().wait(); });
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    while (!server_.is_running()) std::this_thread::yield();
  }
  ~Server() {
    release_.set_value();
    server_.stop();
    thread_.join();
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  [[nodiscard]] std::string url(const std::string& path) const {
    return "http://127.0.0.1:" + std::to_string(port_) + path;
  }
  [[nodiscard]] std::size_t connections() {
    const std::lock_guard lock(mutex_);
    return connections_.size();
  }

 private:
  httplib::Server server_;
  int port_ = 0;
  std::thread thread_;
  std::promise<void> release_;
  std::mutex mutex_;
  std::set<int> connections_;  // by the client's port
};

class CurlTransportTest : public testing::Test {
 protected:
  static Request get(std::string url) {
    Request request;
    request.url = std::move(url);
    return request;
  }

  // Starts them all and waits for all to end.
  std::map<std::uint64_t, Response> send(CurlTransport& transport, std::vector<Request> requests) {
    for (Request& request : requests) transport.start(++id_, std::move(request));
    std::map<std::uint64_t, Response> responses;
    while (responses.size() < requests.size()) {
      std::vector<Completion> ended;
      transport.poll(kNever, ended);
      for (Completion& completion : ended) responses.emplace(completion.id, std::move(completion.response));
    }
    return responses;
  }
  Response send_one(CurlTransport& transport, Request request) {
    return send(transport, {std::move(request)}).begin()->second;
  }

  SystemClock clock_;
  Server server_;  // outlives the transport's connections: it would wait for them
  CurlTransport transport_{clock_, {.max_connections = 4, .max_body = 1 << 20, .user_agent = "pipeline/test"}};
  std::uint64_t id_ = 0;
};

TEST_F(CurlTransportTest, BringsStatusHeadersAndBody) {
  const Response found = send_one(transport_, get(server_.url("/small")));
  EXPECT_EQ(found.fault, "");
  EXPECT_EQ(found.status, 200);
  EXPECT_EQ(found.body, "small");
  EXPECT_EQ(found.headers.find("GNCP-GW-RateLimit-Remaining"), "7");
  EXPECT_GT(found.took, Nanoseconds(0));
  EXPECT_EQ(send_one(transport_, get(server_.url("/nowhere"))).status, 404);
}

TEST_F(CurlTransportTest, ReusesItsConnections) {
  std::vector<Request> requests;
  for (int i = 0; i < 200; ++i) requests.push_back(get(server_.url("/small")));
  const auto responses = send(transport_, std::move(requests));
  EXPECT_EQ(responses.size(), 200U);
  for (const auto& [id, response] : responses) ASSERT_EQ(response.body, "small") << response.fault;
  for (int i = 0; i < 20; ++i) EXPECT_EQ(send_one(transport_, get(server_.url("/small"))).status, 200);
  EXPECT_LE(server_.connections(), 4U);
}

TEST_F(CurlTransportTest, OffersAndDecodesGzip) {
  const Response large = send_one(transport_, get(server_.url("/large")));
  EXPECT_THAT(std::string(large.headers.find("X-Accepts").value_or("")), HasSubstr("gzip"));
  EXPECT_NE(large.headers.find("Content-Encoding").value_or(""), "");
  EXPECT_EQ(large.body, std::string(200'000, 'x'));
}

TEST_F(CurlTransportTest, SendsMethodHeadersAndBodyEachTimeAnew) {
  Request post{
      .method = "POST", .url = server_.url("/echo"), .headers = {"Content-Type: application/json"}, .body = "{}"};
  post.body = std::string(10'000, 'p');  // libcurl would ask `Expect: 100-continue` first
  EXPECT_EQ(send_one(transport_, post).body, "POST application/json " + post.body);
  EXPECT_EQ(send_one(transport_, get(server_.url("/echo"))).body, "GET  ");
  Request put = post;
  put.method = "PUT";
  put.body = "q";
  EXPECT_EQ(send_one(transport_, put).body, "PUT application/json q");
  put.method = "POST";
  put.body.clear();
  EXPECT_EQ(send_one(transport_, put).body, "POST application/json ");
  const std::string headers = send_one(transport_, get(server_.url("/headers"))).body;
  EXPECT_THAT(headers, AllOf(HasSubstr("User-Agent: pipeline/test"), Not(HasSubstr("Content-Type"))));
}

TEST_F(CurlTransportTest, DoesNotFollowRedirects) {
  const Response moved = send_one(transport_, get(server_.url("/moved")));
  EXPECT_EQ(moved.status, 308);
  EXPECT_EQ(moved.headers.find("location"), "/small");
}

TEST_F(CurlTransportTest, ATimeoutIsAFault) {
  Request slow = get(server_.url("/hang"));
  slow.timeout = milliseconds(50);
  const Response response = send_one(transport_, std::move(slow));
  EXPECT_THAT(response.fault, HasSubstr("Timeout"));
  EXPECT_GE(response.took, milliseconds(50));
}

TEST_F(CurlTransportTest, ARefusedConnectionIsAFault) {
  const Response response = send_one(transport_, get("http://127.0.0.1:" + std::to_string(test::unused_port()) + "/"));
  EXPECT_THAT(response.fault, HasSubstr("connect"));
  EXPECT_EQ(response.status, 0);
}

TEST_F(CurlTransportTest, AnEmptyReplyIsAFault) {
  RawServer server("", RawServer::End::close);
  EXPECT_THAT(send_one(transport_, get(server.url())).fault, HasSubstr("Empty reply"));
}

TEST_F(CurlTransportTest, AResetIsAFault) {
  RawServer server("", RawServer::End::reset);
  EXPECT_THAT(send_one(transport_, get(server.url())).fault, HasSubstr("reset"));
}

TEST_F(CurlTransportTest, AShortBodyIsAFault) {
  RawServer server("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this", RawServer::End::close);
  const Response response = send_one(transport_, get(server.url()));
  EXPECT_THAT(response.fault, HasSubstr("91 bytes"));  // remaining, missing: the versions of libcurl differ
  EXPECT_EQ(response.status, 200);
}

TEST_F(CurlTransportTest, ABodyOverTheBoundIsAFault) {
  CurlTransport narrow(clock_, {.max_connections = 1, .max_body = 199'999, .user_agent = "pipeline"});
  EXPECT_EQ(send_one(narrow, get(server_.url("/large"))).fault, "body over 199999 bytes");
  EXPECT_EQ(send_one(narrow, get(server_.url("/small"))).body, "small");  // and the next is none the worse
}

TEST_F(CurlTransportTest, WhatIsNoUrlIsAFault) {
  EXPECT_NE(send_one(transport_, get("")).fault, "");
  EXPECT_THAT(send_one(transport_, get("file:///etc/passwd")).fault, HasSubstr("rotocol"));
}

TEST_F(CurlTransportTest, PollReturnsAtItsTime) {
  transport_.start(1, get(server_.url("/hang")));
  std::vector<Completion> ended;
  const SteadyTime until = clock_.now() + milliseconds(20);
  transport_.poll(until, ended);
  EXPECT_TRUE(ended.empty());
  EXPECT_GE(clock_.now(), until);
  transport_.cancel_all();
}

TEST_F(CurlTransportTest, WakeEndsAPollFromAnyThread) {
  std::vector<Completion> ended;
  transport_.wake();
  transport_.poll(kNever, ended);  // the call before counts
  std::atomic<bool> polling{false};
  std::thread waker([&] {
    while (!polling) std::this_thread::yield();
    transport_.wake();
  });
  polling = true;
  transport_.poll(kNever, ended);
  waker.join();
  EXPECT_TRUE(ended.empty());
}

TEST_F(CurlTransportTest, CancelledRequestsAreNotReported) {
  transport_.start(1, get(server_.url("/hang")));
  std::vector<Completion> ended;
  transport_.poll(clock_.now(), ended);
  transport_.cancel_all();
  id_ = 1;
  const auto responses = send(transport_, {get(server_.url("/small"))});
  EXPECT_EQ(responses.count(1), 0U);
  EXPECT_EQ(responses.at(2).body, "small");
}

}  // namespace
}  // namespace pipeline::http
