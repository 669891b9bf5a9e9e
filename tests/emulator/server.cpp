#include "emulator/server.h"

#include <fmt/core.h>
#include <httplib.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <charconv>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <mutex>
#include <stdexcept>
#include <thread>

namespace pipeline::emulator {

namespace {

constexpr const char* kLoopback = "127.0.0.1";

// The longest a stalled answer is held when nobody hangs up.
constexpr std::chrono::minutes kStall{10};

int port_of(const sockaddr_in& address) {
  return ntohs(address.sin_port);
}

// Calls `visit` with each connected socket of this process whose own port is `port`, and the port of its peer. httplib
// keeps its sockets to itself, but the kernel lists them. The client's end of a connection has another port.
void for_each_connection(int port, const std::function<void(int fd, int peer_port)>& visit) {
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd", ignored)) {
    const std::string name = entry.path().filename();
    int fd = -1;
    std::from_chars(name.data(), name.data() + name.size(), fd);
    sockaddr_in own{};
    sockaddr_in peer{};
    socklen_t size = sizeof own;
    if (getsockname(fd, reinterpret_cast<sockaddr*>(&own), &size) != 0) continue;
    if (own.sin_family != AF_INET || port_of(own) != port) continue;
    size = sizeof peer;
    if (getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &size) == 0) visit(fd, port_of(peer));
  }
}

// A real RST, at once: dissolving a connection is what connect() to no address does. The descriptor stays httplib's.
void reset_connection(int fd) {
  sockaddr none{};
  none.sa_family = AF_UNSPEC;
  ::connect(fd, &none, sizeof none);
}

void wait_for_hang_up(int fd) {
  pollfd watched{.fd = fd, .events = POLLRDHUP, .revents = 0};
  ::poll(&watched, 1, static_cast<int>(std::chrono::milliseconds(kStall).count()));
}

Call to_call(const httplib::Request& request) {
  Call call{.method = request.method, .path = request.target, .body = request.body};
  for (const auto& [name, value] : request.headers) call.headers.emplace_back(name, value);
  return call;
}

}  // namespace

class Server::Impl {
 public:
  Impl(Emulator& emulator, Config config) : emulator_(emulator), config_(config) {}

  void start();
  void stop();
  [[nodiscard]] int port() const noexcept { return port_; }

 private:
  void answer(const httplib::Request& request, httplib::Response& response);
  void sleep_until(std::chrono::steady_clock::time_point end);

  Emulator& emulator_;
  const Config config_;
  std::unique_ptr<httplib::Server> http_;
  std::thread thread_;
  int port_ = 0;

  std::mutex mutex_;
  std::condition_variable woken_;
  bool stopping_ = false;  // under mutex_
};

void Server::Impl::start() {
  stopping_ = false;
  http_ = std::make_unique<httplib::Server>();
  http_->new_task_queue = [threads = config_.threads] { return new httplib::ThreadPool(threads); };
  int listener = -1;
  http_->set_socket_options([&listener](socket_t fd) {
    httplib::default_socket_options(fd);
    listener = fd;
  });
  http_->set_tcp_nodelay(true);
  http_->set_keep_alive_max_count(std::numeric_limits<std::int32_t>::max());
  http_->set_keep_alive_timeout(std::chrono::seconds(std::chrono::hours(1)).count());
  // GET needs no body and no pattern; the others go through one pattern for all paths.
  http_->set_pre_routing_handler([this](const httplib::Request& request, httplib::Response& response) {
    if (request.method != "GET") return httplib::Server::HandlerResponse::Unhandled;
    answer(request, response);
    return httplib::Server::HandlerResponse::Handled;
  });
  const auto all = [this](const httplib::Request& request, httplib::Response& response) { answer(request, response); };
  http_->Post(".*", all).Put(".*", all).Patch(".*", all).Delete(".*", all);
  port_ = config_.port;
  const bool bound =
      port_ == 0 ? (port_ = http_->bind_to_any_port(kLoopback)) > 0 : http_->bind_to_port(kLoopback, port_);
  if (!bound) throw std::runtime_error(fmt::format("emulator: can't listen on {}:{}", kLoopback, config_.port));
  // httplib queues five connections; the SYN of a sixth at the same moment is dropped and comes again a second later.
  ::listen(listener, SOMAXCONN);
  http_->set_socket_options(httplib::default_socket_options);
  thread_ = std::thread([this] { http_->listen_after_bind(); });
  while (!http_->is_running()) std::this_thread::yield();
}

void Server::Impl::stop() {
  if (!thread_.joinable()) return;
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  woken_.notify_all();
  http_->stop();
  // Threads that wait for the next request of a kept connection, or on a stalled one, wake up when it ends.
  for_each_connection(port_, [](int fd, int) { ::shutdown(fd, SHUT_RDWR); });
  thread_.join();
  http_.reset();
}

void Server::Impl::sleep_until(std::chrono::steady_clock::time_point end) {
  std::unique_lock lock(mutex_);
  woken_.wait_until(lock, end, [this] { return stopping_; });
}

void Server::Impl::answer(const httplib::Request& request, httplib::Response& response) {
  const auto arrived = std::chrono::steady_clock::now();
  Reply reply = emulator_.handle(to_call(request));
  if (reply.delay > Nanoseconds(0)) sleep_until(arrived + reply.delay);

  response.status = reply.status;
  std::string content_type;
  for (auto& [name, value] : reply.headers) {
    if (name == "Content-Type") content_type = value;
    if (name != "Content-Type" || reply.cut == Reply::Cut::none) response.headers.emplace(name, std::move(value));
  }
  if (reply.cut == Reply::Cut::none) {
    response.body = std::move(reply.body);
    return;
  }
  int connection = -1;
  for_each_connection(port_, [&](int fd, int peer_port) {
    if (peer_port == request.remote_port) connection = fd;
  });
  if (reply.cut == Reply::Cut::reset) {
    reset_connection(connection);
    return;
  }
  const bool stall = reply.cut == Reply::Cut::stall;
  const std::size_t length = reply.body.size();
  response.set_content_provider(
      length, content_type,
      [body = std::move(reply.body), stall, connection](std::size_t, std::size_t size, httplib::DataSink& sink) {
        sink.write(body.data(), size / 2);
        if (stall) wait_for_hang_up(connection);
        return false;  // ends the connection
      });
}

Server::Server(Emulator& emulator) : Server(emulator, Config{}) {}
Server::Server(Emulator& emulator, Config config) : impl_(std::make_unique<Impl>(emulator, config)) {}
Server::~Server() {
  stop();
}
void Server::start() {
  impl_->start();
}
void Server::stop() {
  impl_->stop();
}
int Server::port() const noexcept {
  return impl_->port();
}
std::string Server::base_url() const {
  return fmt::format("http://{}:{}", kLoopback, port());
}

}  // namespace pipeline::emulator
