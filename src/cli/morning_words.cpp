#include "morning_words.h"

#include "pipeline/catalogue/columns.h"
#include "pipeline/catalogue/wording.h"

#include "summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace pipeline::cli {
namespace {

using catalogue::Column;
using report::Words;
using status::Todo;
using Why = Todo::Why;

Words same(std::string_view text) {
  return {std::string(text), std::string(text)};
}

Words command_words(std::string_view command) {
  if (command == "sync") return {"스토어 동기화", "store sync"};
  if (command == "upsert") return {"상품 파일 반영", "load of product files"};
  if (command == "package") return {"글 패키지", "run of package"};
  return same(command);
}

// Of a run in the table `runs`.
Words end_words(std::string_view status) {
  if (status == "FAILED") return {"실패했습니다", "failed"};
  if (status == "KILLED") return {"강제로 종료되었습니다", "was killed"};
  if (status == "INTERRUPTED") return {"도중에 중단되었습니다", "was interrupted"};
  if (status == "TRY_LATER") return {"다음으로 미뤄졌습니다", "was put off"};
  return {fmt::format("{} 상태로 끝났습니다", status), fmt::format("ended as {}", status)};
}

struct NamedState {
  std::string_view code;
  std::string_view english;
};
constexpr std::array<NamedState, 9> kStates{{{"SALE", "on sale"},
                                             {"OUTOFSTOCK", "sold out"},
                                             {"SUSPENSION", "suspended"},
                                             {"WAIT", "waiting for its sale"},
                                             {"CLOSE", "no longer on sale"},
                                             {"PROHIBITION", "prohibited"},
                                             {"UNADMISSION", "waiting for approval"},
                                             {"REJECTION", "refused"},
                                             {"DELETE", "deleted"}}};
constexpr std::array<NamedState, 3> kDisplayStates{
    {{"ON", "shown"}, {"SUSPENSION", "not shown"}, {"WAIT", "to be shown"}}};

template <typename States>
std::string english_of(const States& states, std::string_view code) {
  const auto* const found = std::ranges::find(states, code, &NamedState::code);
  return std::string(found == states.end() ? code : found->english);
}

Words state_words(Column column, std::string_view code) {
  return {in_words(column, code),
          column == Column::display_status ? english_of(kDisplayStates, code) : english_of(kStates, code)};
}

std::optional<std::int64_t> number_in(std::string_view json) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(json.data(), json.data() + json.size(), number);
  return error == std::errc() && end == json.data() + json.size() ? std::optional(number) : std::nullopt;
}

std::string english_number(Column column, std::int64_t number) {
  const auto unit = catalogue::info(column).unit;
  if (unit == "won") return count(number) + " won";
  if (unit == "pieces") return number == 0 ? "sold out" : count(number);
  return std::to_string(number);
}

std::string name_of(const Todo& todo) {
  return todo.product_name.empty() ? todo.product : todo.product_name;
}

Words not_to_be_had(const Todo& todo) {
  if (todo.detail == "REMOVED")
    return {fmt::format("{}: 스토어에서 삭제된 상품입니다.", name_of(todo)),
            fmt::format("{}: was removed from the store.", name_of(todo))};
  const Words state = state_words(Column::status, todo.detail);
  return {fmt::format("{}: 지금 {} 상태입니다.", name_of(todo), state.ko),
          fmt::format("{}: is {}.", name_of(todo), state.en)};
}

}  // namespace

Words why_words(const Todo& todo) {
  const Words command = command_words(todo.command);
  switch (todo.why) {
    case Why::stale_words:
      return {fmt::format("상품 정보와 다른 곳이 {}군데 있습니다.", todo.stale.size()),
              fmt::format("Outdated in {} place{}.", todo.stale.size(), todo.stale.size() == 1 ? "" : "s")};
    case Why::built:
      return {"패키지를 만들었고, 아직 올리지 않았습니다.", "Built, and not published so far."};
    case Why::built_anew:
      return {"올린 뒤에 내용이 바뀌어 다시 만들었습니다.", "Built with other content since it was published."};
    case Why::not_to_be_had:
      return not_to_be_had(todo);
    case Why::not_built:
      if (todo.detail == "FAILED") return {"패키지를 만들다가 실패했습니다.", "Its package could not be built."};
      return {"다음 사유로 패키지를 만들지 않았습니다.", "It was rejected:"};
    case Why::unreadable:
      return {"상품 상세를 읽을 수 없습니다.", "Its detail can't be read."};
    case Why::entries_failed:
      return {fmt::format("대기열 항목 {}건이 실패한 채로 남아 있습니다.", count(todo.count)),
              fmt::format("{} entr{} of the queue failed.", count(todo.count), todo.count == 1 ? "y" : "ies")};
    case Why::night_failed: {
      const Words end = end_words(todo.detail);
      return {fmt::format("{}의 마지막 실행이 {}.", command.ko, end.ko),
              fmt::format("The last {} {}.", command.en, end.en)};
    }
    case Why::night_missing:
      return {fmt::format("{}: 그 뒤로 실행되지 않았습니다.", command.ko),
              fmt::format("No {} has run since.", command.en)};
    case Why::removals_held_back:
      return {fmt::format(
                  "{}: 스토어에서 찾을 수 없는 상품 {}개의 삭제 처리를 보류했습니다. 정말 삭제된 상품인지 확인한 다음 "
                  "--max-removals로 허용해 주십시오.",
                  command.ko, count(todo.count)),
              fmt::format("The {} held back {} removals: see whether they are gone, then allow them by --max-removals.",
                          command.en, count(todo.count))};
    case Why::folder_gone:
      return {"글의 폴더가 없습니다. 폴더를 되돌려 놓거나 다음 명령으로 지워 주십시오.",
              "Its folder is gone. Put it back, or forget the post by this:"};
  }
  return {};
}

Words field_words(std::string_view field) {
  const auto column = catalogue::column_of(field);
  if (!column) return same(field);
  const catalogue::ColumnInfo& about = catalogue::info(*column);
  return {std::string(about.korean), std::string(about.english)};
}

Words value_words(std::string_view field, const std::string& json) {
  const std::string korean = catalogue::change_in_words(field, json);
  const auto column = catalogue::column_of(field);
  if (!column || korean.empty()) return same(korean);
  if (const auto number = number_in(json); number && catalogue::is_number(*column))
    return {korean, english_number(*column, *number)};
  if ((*column == Column::status || *column == Column::display_status) && json.size() > 2)
    return state_words(*column, std::string_view(json).substr(1, json.size() - 2));
  return same(korean);
}

}  // namespace pipeline::cli
