#pragma once

#include "pipeline/http/message.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pipeline::test {

using HeaderList = std::vector<std::pair<std::string_view, std::string_view>>;

inline http::Response response(int status, std::string body = {}, const HeaderList& headers = {}) {
  http::Response made;
  made.status = status;
  made.body = std::move(body);
  for (const auto& [name, value] : headers) made.headers.add(name, value);
  return made;
}

inline std::string error_body(std::string_view code, std::string_view message = "because") {
  return R"({"code":")" + std::string(code) + R"(","message":")" + std::string(message) +
         R"(","traceId":"t","timestamp":"2026-04-01T16:31:02.064+09:00"})";
}

}  // namespace pipeline::test
