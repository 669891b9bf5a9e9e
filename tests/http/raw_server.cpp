#include "http/raw_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <stdexcept>
#include <utility>

namespace pipeline::test {

namespace {

std::pair<Fd, int> bind_loopback() {
  Fd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (!fd || ::bind(fd.get(), generic, size) != 0 || ::getsockname(fd.get(), generic, &size) != 0) {
    throw std::runtime_error("no loopback port");
  }
  return {std::move(fd), ntohs(address.sin_port)};
}

}  // namespace

RawServer::RawServer(std::string answer, End end) : answer_(std::move(answer)), end_(end) {
  std::tie(listener_, port_) = bind_loopback();
  if (::listen(listener_.get(), 16) != 0) throw std::runtime_error("listen");
  thread_ = std::thread([this] { serve(); });
}

RawServer::~RawServer() {
  ::shutdown(listener_.get(), SHUT_RDWR);  // ends accept()
  thread_.join();
}

std::string RawServer::url(std::string_view path) const {
  return "http://127.0.0.1:" + std::to_string(port_) + std::string(path);
}

void RawServer::serve() {
  while (true) {
    const Fd connection(::accept(listener_.get(), nullptr, nullptr));
    if (!connection) return;
    std::string request;
    std::array<char, 4096> buffer{};
    while (request.find("\r\n\r\n") == std::string::npos) {
      const ssize_t got = ::recv(connection.get(), buffer.data(), buffer.size(), 0);
      if (got <= 0) break;
      request.append(buffer.data(), static_cast<std::size_t>(got));
    }
    static_cast<void>(::send(connection.get(), answer_.data(), answer_.size(), MSG_NOSIGNAL));
    if (end_ == End::reset) {
      const linger now{.l_onoff = 1, .l_linger = 0};
      ::setsockopt(connection.get(), SOL_SOCKET, SO_LINGER, &now, sizeof(now));
    }
  }
}

int unused_port() {
  return bind_loopback().second;
}

}  // namespace pipeline::test
