#include "store_process.h"

#include "pipeline/base/clock.h"
#include "pipeline/base/url.h"
#include "pipeline/naver/signature.h"

#include "emulator/emulator.h"

#include <fmt/format.h>
#include <httplib.h>

#include <chrono>
#include <stdexcept>
#include <thread>
#include <utility>

namespace pipeline::bench {
namespace {

std::vector<std::string> command(std::vector<std::string> options) {
  options.insert(options.begin(), EMULATOR_BINARY);
  return options;
}

std::string wait_for_url(test::Process& process) {
  constexpr std::string_view kBefore = "listening on ";
  for (;;) {
    const bool running = process.running();
    const std::string out = process.out_so_far();
    const auto at = out.find(kBefore);
    const auto end = out.find('\n');
    if (at != std::string::npos && end != std::string::npos)
      return out.substr(at + kBefore.size(), end - kBefore.size());
    if (!running) throw std::runtime_error("the emulator did not start: " + process.err_so_far());
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

nlohmann::json read(const httplib::Result& result, const std::string& what) {
  if (!result || result->status != 200)
    throw std::runtime_error(fmt::format("emulator: {}: {}", what, result ? result->body : to_string(result.error())));
  return nlohmann::json::parse(result->body);
}

}  // namespace

StoreProcess::StoreProcess(std::vector<std::string> options)
    : process_(command(std::move(options)), {}, folder_.path()), base_url_(wait_for_url(process_)) {}

nlohmann::json StoreProcess::control(const std::string& name, const nlohmann::json& body) const {
  return read(
      httplib::Client(base_url_).Post("/__control__/" + name, body.is_null() ? "" : body.dump(), "application/json"),
      name);
}

nlohmann::json StoreProcess::stats() const {
  return read(httplib::Client(base_url_).Get("/__control__/stats"), "stats");
}

std::vector<std::int64_t> StoreProcess::products(const std::string& trait) const {
  auto body = nlohmann::json::object();
  if (!trait.empty()) body["trait"] = trait;
  return control("products", body).at("channel_nos").get<std::vector<std::int64_t>>();
}

std::vector<std::string> StoreProcess::detail_urls() const {
  std::vector<std::string> urls;
  for (const std::int64_t number : products())
    urls.push_back(fmt::format("{}/v2/products/channel-products/{}", base_url_, number));
  return urls;
}

std::string StoreProcess::token() const {
  const emulator::Options known;
  const std::int64_t now = SystemClock().wall().time_since_epoch().count();
  const std::string form =
      fmt::format("client_id={}&timestamp={}&client_secret_sign={}&grant_type=client_credentials&type=SELF",
                  known.client_id, now, percent_encode(naver::sign(known.client_id, known.client_secret, now)));
  return read(httplib::Client(base_url_).Post("/v1/oauth2/token", form, "application/x-www-form-urlencoded"), "token")
      .at("access_token");
}

double requests_to(const nlohmann::json& stats, const std::string& endpoint, const std::string& status) {
  double sum = 0;
  for (const auto& [each, count] : stats.at("by_endpoint").at(endpoint).items())
    if (status.empty() || each == status) sum += count.get<double>();
  return sum;
}

}  // namespace pipeline::bench
