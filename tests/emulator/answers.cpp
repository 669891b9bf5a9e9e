#include "emulator/emulator_impl.h"
#include "emulator/gzip.h"
#include "emulator/render.h"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>

namespace pipeline::emulator {

namespace {

constexpr std::chrono::minutes kTimestampLife{5};

bool is_form(std::string_view content_type) {
  std::string_view media = content_type.substr(0, content_type.find(';'));
  while (media.ends_with(' ')) media.remove_suffix(1);
  return equal_ignoring_case(media, "application/x-www-form-urlencoded");
}

std::optional<WallTime> parse_timestamp(const std::string& text) {
  constexpr std::size_t kDigits = 13;
  if (text.size() != kDigits || !std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; })) {
    return std::nullopt;
  }
  return WallTime(std::chrono::milliseconds(std::stoll(text)));
}

}  // namespace

bool Emulator::Impl::is_authorized(const Call& call) const {
  constexpr std::string_view kScheme = "Bearer ";
  const std::string_view header = find_header(call.headers, "Authorization");
  if (!equal_ignoring_case(header.substr(0, kScheme.size()), kScheme)) return false;
  const std::scoped_lock lock(mutex_);
  return tokens_.accepts(std::string(header.substr(kScheme.size())), clock_.wall());
}

Answer Emulator::Impl::answer_token(Ticket& ticket, const Call& call) {
  if (ticket.route.has_query) return punish(ticket, {"query", "NotAllowed", "파라미터는 본문으로 보내야 합니다."});
  if (!is_form(find_header(call.headers, "Content-Type"))) {
    return punish(ticket, {"Content-Type", "NotAllowed", "application/x-www-form-urlencoded여야 합니다."});
  }
  const Form form = parse_form(call.body);
  const auto type = form.find("type");
  const bool own_store = type != form.end() && type->second == "SELF";
  if (own_store && form.contains("account_id")) {
    return punish(ticket, {"account_id", "NotAllowed", "SELF에는 보낼 수 없습니다."});
  }
  if (const InvalidInputs wrong = check_form(ticket, form); !wrong.empty()) {
    return refuse(ticket, 400, "BAD_REQUEST", wrong);
  }
  const std::scoped_lock lock(mutex_);
  const auto issued = tokens_.issue(own_store ? "SELF" : "SELLER:" + form.at("account_id"), clock_.wall());
  if (issued.is_new) stats_.token_issued();
  return {.status = 200,
          .body = fmt::format(R"({{"access_token":"{}","expires_in":{},"token_type":"Bearer"}})", issued.token,
                              issued.expires_in)};
}

// One call an hour from now on, this one being the first.
Answer Emulator::Impl::punish(Ticket& ticket, const InvalidInput& input) {
  constexpr Quota kPenalty{QuotaPeriod::hours, 1};
  {
    const std::scoped_lock lock(mutex_);
    const SteadyTime now = clock_.now();
    quota_.emplace(kPenalty, now).take(now);
  }
  ticket.quota = quota_headers(kPenalty, 0);
  return refuse(ticket, 400, "BAD_REQUEST", {input});
}

InvalidInputs Emulator::Impl::check_form(const Ticket& ticket, const Form& form) {
  InvalidInputs wrong;
  const auto field = [&](const char* name) -> std::string {
    const auto found = form.find(name);
    if (found != form.end() && !found->second.empty()) return found->second;
    wrong.push_back({name, "NotBlank", "필수 값입니다."});
    return {};
  };
  const std::string client_id = field("client_id");
  const std::string timestamp = field("timestamp");
  const std::string signature = field("client_secret_sign");
  const std::string grant_type = field("grant_type");
  const std::string type = field("type");
  if (type == "SELLER") (void)field("account_id");
  if (!wrong.empty()) return wrong;

  if (grant_type != "client_credentials") wrong.push_back({"grant_type", "NotValid", "client_credentials여야 합니다."});
  if (type != "SELF" && type != "SELLER") wrong.push_back({"type", "NotValid", "SELF 또는 SELLER여야 합니다."});
  if (client_id != options_.client_id) wrong.push_back({"client_id", "NotValid", "등록되지 않은 값입니다."});
  const auto signed_at = parse_timestamp(timestamp);
  if (!signed_at || *signed_at < ticket.time - kTimestampLife || *signed_at > ticket.time + options_.timestamp_ahead) {
    wrong.push_back({"timestamp", "NotValid", "timestamp 항목이 유효하지 않습니다."});
  }
  if (!wrong.empty()) return wrong;

  if (!verifier_.matches(timestamp, signature)) {
    wrong.push_back({"client_secret_sign", "NotValid", "client_secret_sign 항목이 유효하지 않습니다."});
  }
  return wrong;
}

Answer Emulator::Impl::answer_list(const Ticket& ticket, const Query& query) {
  if (const auto* wrong = std::get_if<InvalidInputs>(&query)) return refuse(ticket, 400, "BAD_REQUEST", *wrong);
  const auto& list = std::get<ListQuery>(query);
  // Divided, for far pages must not overflow.
  if (options_.list_ceiling > 0 && list.page > options_.list_ceiling / list.size) {
    const std::scoped_lock lock(mutex_);
    if (select_page(catalogue_, list).total > options_.list_ceiling)
      return refuse(ticket, 400, "BAD_REQUEST", {{"page", "Max", "조회 가능한 상품 수를 초과하였습니다."}});
  }
  const Restless restless{ticket.number, options_.volatile_fields, options_.moving_keys};
  const std::scoped_lock lock(mutex_);
  const ListPage page = select_page(catalogue_, list);
  Answer answer{.status = 200, .body = render_page(page, list, restless)};
  apply_shifts(page, list.page);
  return answer;
}

void Emulator::Impl::apply_shifts(const ListPage& page, std::int64_t number) {
  const auto due = [number](const Shift& shift) { return shift.after_page == number; };
  std::vector<Shift> shifts;
  std::ranges::copy_if(shifts_, std::back_inserter(shifts), due);
  std::erase_if(shifts_, due);
  std::vector<std::int64_t> rows;
  for (const Product* product : page.rows) rows.push_back(product->origin_no);
  for (const Shift& shift : shifts) {
    switch (shift.kind) {
      case Shift::Kind::add:
        catalogue_.add(shift.count, server_time());
        break;
      case Shift::Kind::re_sort:
        catalogue_.make_newest(shift.count, server_time());
        break;
      case Shift::Kind::remove:
        for (std::size_t i = 0; i < shift.count && !rows.empty(); ++i) {
          catalogue_.remove_origin(rows.back());
          rows.pop_back();
        }
        break;
    }
  }
}

Answer Emulator::Impl::answer_detail(const Ticket& ticket) {
  const Restless restless{ticket.number, options_.volatile_fields, options_.moving_keys};
  const bool by_channel = ticket.route.endpoint == Endpoint::channel_detail;
  const std::int64_t number = ticket.route.product_no.value_or(-1);
  // A fault that goes into the text needs it plain.
  const bool keep_gzip = ticket.takes_gzip && !ticket.fault;
  RenderCache& cache = keep_gzip ? gzipped_ : plain_;
  std::string body;
  std::uint32_t version = 0;
  {
    const std::scoped_lock lock(mutex_);
    const auto [product, channel] = by_channel ? catalogue_.find_channel(number) : catalogue_.find_origin(number);
    if (product == nullptr) return refuse(ticket, 404, "NOT_FOUND");
    version = product->version;
    const bool is_kept = !restless.touches(*product);
    if (auto shared = is_kept ? cache.find(number, version) : nullptr) {
      return {.status = 200, .shared = std::move(shared), .is_gzip = keep_gzip};
    }
    body = render_detail(catalogue_, *product, by_channel ? channel : nullptr, restless);
    if (!is_kept) return {.status = 200, .body = std::move(body)};
  }
  auto shared = std::make_shared<const std::string>(keep_gzip ? gzip(body) : std::move(body));
  const std::scoped_lock lock(mutex_);
  cache.put(number, version, shared);
  return {.status = 200, .shared = std::move(shared), .is_gzip = keep_gzip};
}

}  // namespace pipeline::emulator
