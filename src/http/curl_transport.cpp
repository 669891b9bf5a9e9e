#include "pipeline/http/curl_transport.h"

#include "pipeline/base/ascii.h"
#include "pipeline/base/error.h"
#include "pipeline/base/text.h"

#include "gunzip.h"

#include <curl/curl.h>
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace pipeline::http {

namespace {

constexpr auto kConnectTimeout = std::chrono::seconds(10);

struct MultiCleanup {
  void operator()(CURLM* multi) const noexcept { curl_multi_cleanup(multi); }
};
struct EasyCleanup {
  void operator()(CURL* easy) const noexcept { curl_easy_cleanup(easy); }
};
struct ListFree {
  void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};
using MultiHandle = std::unique_ptr<CURLM, MultiCleanup>;
using EasyHandle = std::unique_ptr<CURL, EasyCleanup>;
using List = std::unique_ptr<curl_slist, ListFree>;

void append(List& list, const char* line) {
  curl_slist* longer = curl_slist_append(list.get(), line);
  if (longer == nullptr) throw std::bad_alloc();
  static_cast<void>(list.release());
  list.reset(longer);
}

void check(CURLMcode code, std::string_view what) {
  if (code != CURLM_OK) throw Error(fmt::format("http: {}: {}", what, curl_multi_strerror(code)));
}

template <typename Value>
void set(CURL* easy, CURLoption option, Value value) {
  const CURLcode code = curl_easy_setopt(easy, option, value);
  if (code != CURLE_OK)
    throw Error(fmt::format("http: curl option {}: {}", static_cast<int>(option), curl_easy_strerror(code)));
}

template <typename Value>
void set(CURLM* multi, CURLMoption option, Value value) {
  check(curl_multi_setopt(multi, option, value), "curl multi option");
}

// Once a process, before any other use; libcurl is never taken down, as other threads may hold handles.
void init_curl() {
  static const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (code != CURLE_OK) throw Error(fmt::format("http: libcurl not usable: {}", curl_easy_strerror(code)));
}

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

// The curl tool reads these, the library does not.
std::string ca_bundle() {
  const std::string bundle = environment("CURL_CA_BUNDLE");
  return bundle.empty() ? environment("SSL_CERT_FILE") : bundle;
}

// Setting the option hides the environment's own list, so that is kept in front.
std::string no_proxy() {
  std::string list = environment("no_proxy");
  if (list.empty()) list = environment("NO_PROXY");
  if (!list.empty()) list += ',';
  return list + "localhost,127.0.0.0/8,::1";
}

long to_ms(Nanoseconds time) {
  return static_cast<long>(std::max<Nanoseconds::rep>(1, std::chrono::ceil<std::chrono::milliseconds>(time).count()));
}

// One easy handle with all that its request needs while it is under way. Kept and used again.
struct Transfer {
  EasyHandle easy{curl_easy_init()};
  std::uint64_t id = 0;
  Request request;
  List header_lines;
  Response response;
  std::size_t max_body = 0;
  bool too_long = false;
  std::array<char, CURL_ERROR_SIZE> error{};
};

std::size_t on_body(char* data, std::size_t size, std::size_t count, void* user) noexcept try {
  auto& transfer = *static_cast<Transfer*>(user);
  std::string& body = transfer.response.body;
  transfer.too_long = size * count > transfer.max_body - body.size();
  if (transfer.too_long) return CURL_WRITEFUNC_ERROR;
  body.append(data, size * count);
  return size * count;
} catch (...) {
  return CURL_WRITEFUNC_ERROR;
}

std::size_t on_header(char* data, std::size_t size, std::size_t count, void* user) noexcept try {
  Headers& headers = static_cast<Transfer*>(user)->response.headers;
  const std::string_view line = trim({data, size * count});
  const auto colon = line.find(':');
  if (line.starts_with("HTTP/")) {
    headers.clear();  // those so far belonged to an interim answer
  } else if (colon != std::string_view::npos) {
    headers.add(trim(line.substr(0, colon)), trim(line.substr(colon + 1)));
  }
  return size * count;
} catch (...) {
  return 0;
}

bool is_of_trust(CURLcode code) noexcept {
  return code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE || code == CURLE_SSL_ISSUER_ERROR;
}

bool lacks_connection(CURLcode code) noexcept {
  return code == CURLE_COULDNT_CONNECT || code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_RESOLVE_PROXY;
}

}  // namespace

struct CurlTransport::Impl {
  Impl(const Clock& clock_in, Options options_in)
      : clock(clock_in), options(std::move(options_in)), ca_file(ca_bundle()), direct_hosts(no_proxy()) {
    init_curl();
    multi.reset(curl_multi_init());
    if (!multi) throw std::bad_alloc();
    const auto connections = static_cast<long>(options.max_connections);
    set(multi.get(), CURLMOPT_MAX_HOST_CONNECTIONS, connections);
    set(multi.get(), CURLMOPT_MAX_TOTAL_CONNECTIONS, connections);
    set(multi.get(), CURLMOPT_MAXCONNECTS, connections);  // kept open
  }

  // Handles refer to the multi handle: it has to let go of them first.
  ~Impl() { cancel_all(); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  [[nodiscard]] std::unique_ptr<Transfer> make_transfer() const;
  void prepare(Transfer& transfer) const;
  void start(std::uint64_t id, Request request);
  void poll(SteadyTime until, std::vector<Completion>& ended);
  void collect(std::vector<Completion>& ended);
  void decode(Response& response) const;
  [[nodiscard]] std::string too_long() const { return fmt::format("body over {} bytes", options.max_body); }
  [[nodiscard]] std::string fault_of(const Transfer& transfer, CURLcode code) const;
  void cancel_all() noexcept;

  const Clock& clock;
  const Options options;
  const std::string ca_file;
  const std::string direct_hosts;
  MultiHandle multi;
  std::vector<std::unique_ptr<Transfer>> active;  // in no order
  std::vector<std::unique_ptr<Transfer>> spare;   // as many as were ever active at once
  std::atomic<bool> woken{false};
};

// What is the same for every request is set once: it stays with the handle.
std::unique_ptr<Transfer> CurlTransport::Impl::make_transfer() const {
  auto transfer = std::make_unique<Transfer>();
  CURL* easy = transfer->easy.get();
  if (easy == nullptr) throw std::bad_alloc();
  transfer->max_body = options.max_body;
  set(easy, CURLOPT_PRIVATE, transfer.get());
  set(easy, CURLOPT_ERRORBUFFER, transfer->error.data());
  set(easy, CURLOPT_WRITEFUNCTION, &on_body);
  set(easy, CURLOPT_WRITEDATA, transfer.get());
  set(easy, CURLOPT_HEADERFUNCTION, &on_header);
  set(easy, CURLOPT_HEADERDATA, transfer.get());
  set(easy, CURLOPT_USERAGENT, options.user_agent.c_str());
  set(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  set(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  set(easy, CURLOPT_FOLLOWLOCATION, 0L);
  set(easy, CURLOPT_NOSIGNAL, 1L);  // signals and threads do not mix
  set(easy, CURLOPT_TCP_KEEPALIVE, 1L);
  set(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  set(easy, CURLOPT_SSL_VERIFYHOST, 2L);
  set(easy, CURLOPT_NOPROXY, direct_hosts.c_str());
  set(easy, CURLOPT_QUICK_EXIT, options.quick_exit ? 1L : 0L);
  if (!ca_file.empty()) set(easy, CURLOPT_CAINFO, ca_file.c_str());
  return transfer;
}

void CurlTransport::Impl::prepare(Transfer& transfer) const {
  CURL* easy = transfer.easy.get();
  const Request& request = transfer.request;
  set(easy, CURLOPT_URL, request.url.c_str());
  const bool get = request.method == "GET" && request.body.empty();
  if (get) {
    set(easy, CURLOPT_HTTPGET, 1L);
  } else {
    set(easy, CURLOPT_POST, 1L);
    set(easy, CURLOPT_POSTFIELDS, request.body.c_str());
    set(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
  }
  const bool other = request.method != (get ? "GET" : "POST");
  set(easy, CURLOPT_CUSTOMREQUEST, other ? request.method.c_str() : nullptr);

  transfer.header_lines.reset();
  for (const std::string& line : request.headers) append(transfer.header_lines, line.c_str());
  append(transfer.header_lines, "Accept-Encoding: gzip");
  append(transfer.header_lines, "Expect:");  // no extra round trip before a body
  set(easy, CURLOPT_HTTPHEADER, transfer.header_lines.get());

  set(easy, CURLOPT_TIMEOUT_MS, to_ms(request.timeout));
  set(easy, CURLOPT_CONNECTTIMEOUT_MS, to_ms(std::min<Nanoseconds>(request.timeout, kConnectTimeout)));
  // Over TLS the first connection may turn out to be HTTP/2 and carry them all; waiting for it beats opening ten.
  set(easy, CURLOPT_PIPEWAIT, request.url.starts_with("https:") ? 1L : 0L);
}

void CurlTransport::Impl::start(std::uint64_t id, Request request) {
  if (spare.empty()) spare.push_back(make_transfer());
  Transfer& transfer = *spare.back();
  transfer.id = id;
  transfer.request = std::move(request);
  transfer.response = Response{};
  transfer.response.started = clock.now();
  transfer.too_long = false;
  transfer.error.front() = '\0';
  prepare(transfer);
  check(curl_multi_add_handle(multi.get(), transfer.easy.get()), "request not started");
  active.push_back(std::move(spare.back()));
  spare.pop_back();
}

void CurlTransport::Impl::poll(SteadyTime until, std::vector<Completion>& ended) {
  const std::size_t before = ended.size();
  while (true) {
    int running = 0;
    check(curl_multi_perform(multi.get(), &running), "transfer");
    collect(ended);
    if (ended.size() > before || woken.exchange(false)) return;
    const SteadyTime now = clock.now();
    if (now >= until) return;
    // Rounded up: waking a little late costs less than spinning through the last millisecond.
    const auto wait = std::min<Nanoseconds>(until - now, std::chrono::hours(1));
    check(curl_multi_poll(multi.get(), nullptr, 0, static_cast<int>(to_ms(wait)), nullptr), "wait");
  }
}

void CurlTransport::Impl::collect(std::vector<Completion>& ended) {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi.get(), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    CURL* easy = message->easy_handle;
    const CURLcode code = message->data.result;  // the message goes with the handle
    Transfer* transfer = nullptr;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &transfer);
    long status = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    curl_multi_remove_handle(multi.get(), easy);

    Response& response = transfer->response;
    response.status = static_cast<int>(status);
    if (code == CURLE_OK)
      decode(response);
    else
      response.fault = fault_of(*transfer, code);
    response.took = clock.now() - response.started;
    response.untrusted = is_of_trust(code);
    response.unsent = lacks_connection(code);
    ended.push_back({transfer->id, std::move(response)});

    const auto found = std::find_if(active.begin(), active.end(), [&](const auto& t) { return t.get() == transfer; });
    spare.push_back(std::move(*found));
    std::swap(*found, active.back());
    active.pop_back();
  }
}

// What was not asked for is left as it is: it will hardly be what the call expects.
void CurlTransport::Impl::decode(Response& response) const {
  const auto encoding = response.headers.find("Content-Encoding");
  if (!encoding || !equal_ignoring_case(*encoding, "gzip") || response.body.empty()) return;
  std::string body;
  const auto outcome = gunzip(response.body, options.max_body, body);
  if (outcome == Gunzipped::too_long) response.fault = too_long();
  if (outcome == Gunzipped::broken) response.fault = "the body is no whole gzip";
  response.body = std::move(body);
}

std::string CurlTransport::Impl::fault_of(const Transfer& transfer, CURLcode code) const {
  if (transfer.too_long) return too_long();
  const std::string_view what = curl_easy_strerror(code);
  const std::string_view detail = transfer.error.data();
  if (detail.empty() || detail == what) return std::string(what);
  // Of a certificate libcurl's general text speaks of SSH keys, which puzzles.
  return code == CURLE_PEER_FAILED_VERIFICATION ? std::string(detail) : fmt::format("{}: {}", what, detail);
}

void CurlTransport::Impl::cancel_all() noexcept {
  for (auto& transfer : active) curl_multi_remove_handle(multi.get(), transfer->easy.get());
  active.clear();
}

CurlTransport::CurlTransport(const Clock& clock, Options options)
    : impl_(std::make_unique<Impl>(clock, std::move(options))) {}
CurlTransport::~CurlTransport() = default;

void CurlTransport::start(std::uint64_t id, Request request) {
  impl_->start(id, std::move(request));
}
void CurlTransport::poll(SteadyTime until, std::vector<Completion>& ended) {
  impl_->poll(until, ended);
}

void CurlTransport::wake() noexcept {
  impl_->woken = true;
  curl_multi_wakeup(impl_->multi.get());
}

void CurlTransport::cancel_all() noexcept {
  impl_->cancel_all();
}

}  // namespace pipeline::http
