#include "bare_loop.h"

#include <curl/curl.h>

#include <chrono>
#include <memory>
#include <stdexcept>

namespace pipeline::bench {
namespace {

struct EasyCleanup {
  void operator()(CURL* easy) const noexcept { curl_easy_cleanup(easy); }
};
struct MultiCleanup {
  void operator()(CURLM* multi) const noexcept { curl_multi_cleanup(multi); }
};
struct ListFree {
  void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};

std::size_t drop(char*, std::size_t size, std::size_t count, void*) {
  return size * count;
}

void check_answer(const CURLMsg& message) {
  long status = 0;
  curl_easy_getinfo(message.easy_handle, CURLINFO_RESPONSE_CODE, &status);
  if (message.data.result != CURLE_OK) throw std::runtime_error(curl_easy_strerror(message.data.result));
  if (status != 200) throw std::runtime_error("bare loop: answer " + std::to_string(status));
}

}  // namespace

double run_bare_loop(const std::vector<std::string>& urls, const std::string& token, int handles) {
  const std::unique_ptr<curl_slist, ListFree> headers(
      curl_slist_append(nullptr, ("Authorization: Bearer " + token).c_str()));
  const std::unique_ptr<CURLM, MultiCleanup> multi(curl_multi_init());
  std::vector<std::unique_ptr<CURL, EasyCleanup>> easies;
  std::size_t sent = 0;
  const auto send = [&](CURL* easy) {
    curl_easy_setopt(easy, CURLOPT_URL, urls[sent++].c_str());
    curl_multi_add_handle(multi.get(), easy);
  };
  const auto began = std::chrono::steady_clock::now();
  for (int i = 0; i < handles && sent < urls.size(); ++i) {
    CURL* easy = easies.emplace_back(curl_easy_init()).get();
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, drop);
    send(easy);
  }
  for (std::size_t ended = 0; ended < urls.size();) {
    int running = 0;
    curl_multi_perform(multi.get(), &running);
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi.get(), &left)) {
      check_answer(*message);
      CURL* easy = message->easy_handle;
      curl_multi_remove_handle(multi.get(), easy);
      ++ended;
      if (sent < urls.size()) send(easy);
    }
    if (ended < urls.size()) curl_multi_poll(multi.get(), nullptr, 0, 1000, nullptr);
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  for (const auto& easy : easies) curl_multi_remove_handle(multi.get(), easy.get());
  return took.count();
}

}  // namespace pipeline::bench
