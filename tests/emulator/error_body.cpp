#include "emulator/error_body.h"

#include "emulator/dates.h"
#include "emulator/json_writer.h"

#include <algorithm>
#include <array>
#include <utility>

namespace pipeline::emulator {

std::string error_body(std::string_view code, std::string_view message, std::string_view trace_id, WallTime time,
                       const InvalidInputs& inputs) {
  std::string out;
  ObjectWriter body(out);
  body.text("code", code);
  body.text("message", message);
  if (code.starts_with("GW.")) body.text("traceId", trace_id);
  body.text("timestamp", format_kst(time));
  if (!inputs.empty()) {
    body.key("invalidInputs");
    ArrayWriter list(out);
    for (const InvalidInput& input : inputs) {
      list.next();
      ObjectWriter entry(out);
      entry.text("name", input.name);
      entry.text("type", input.type);
      entry.text("message", input.message);
      entry.end();
    }
    list.end();
  }
  body.end();
  return out;
}

std::string_view usual_code(int status) noexcept {
  switch (status) {
    case 400:
      return "BAD_REQUEST";
    case 401:
      return "GW.AUTHN";
    case 403:
      return "FORBIDDEN";
    case 404:
      return "NOT_FOUND";
    case 429:
      return "GW.RATE_LIMIT";
    case 503:
      return "GW.BLOCK.01";
    case 504:
      return "GW.TIMEOUT.01";
    default:
      return "GW.INTERNAL_SERVER_ERROR";
  }
}

std::string_view usual_message(std::string_view code) noexcept {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 13> kMessages{{
      {"BAD_REQUEST", "잘못된 요청입니다."},
      {"GW.AUTHN", "요청을 보낼 권한이 없습니다."},
      {"UNAUTHORIZED", "인가되지 않은 요청입니다."},
      {"FORBIDDEN", "권한이 없습니다."},
      {"GW.IP_NOT_ALLOWED", "API 호출이 허용되지 않은 IP입니다."},
      {"NOT_FOUND", "존재하지 않는 상품입니다."},
      {"GW.NOT_FOUND", "요청하신 API를 찾을 수 없습니다."},
      {"GW.RATE_LIMIT", "요청이 많아 서비스를 일시적으로 사용할 수 없습니다."},
      {"GW.QUOTA_LIMIT", "할당된 요청량을 모두 사용하였습니다."},
      {"GW.PROXY.01", "서비스에 연결할 수 없습니다."},
      {"GW.BLOCK.01", "서비스가 일시적으로 차단되었습니다."},
      {"GW.TIMEOUT.01", "서비스의 응답이 지연되고 있습니다."},
      {"GW.INTERNAL_SERVER_ERROR", "알 수 없는 오류가 발생하였습니다."},
  }};
  const auto* const found = std::ranges::find(kMessages, code, &std::pair<std::string_view, std::string_view>::first);
  return found == kMessages.end() ? kMessages.back().second : found->second;
}

}  // namespace pipeline::emulator
