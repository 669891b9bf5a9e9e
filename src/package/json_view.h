#pragma once

#include "json_document.h"

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::package {

// A value of a JSON document together with its place. What it should be and is not goes to one list of faults, and the
// answer is absent. Borrows the document and the list.
class JsonView {
 public:
  JsonView(const Json& root, std::vector<Fault>& faults) : JsonView(&root, "$", faults) {}

  [[nodiscard]] const std::string& place() const noexcept { return place_; }
  [[nodiscard]] bool is_there() const noexcept { return value_ != nullptr; }
  [[nodiscard]] const Json& value() const { return *value_; }
  void fault(std::string what) const { faults_->push_back({place_, std::move(what)}); }

  // Of an object: a field, which may not be there, or all of them, in their order.
  [[nodiscard]] JsonView field(std::string_view name) const;
  [[nodiscard]] std::vector<std::pair<std::string, JsonView>> fields() const;
  // Of an array.
  [[nodiscard]] std::vector<JsonView> items() const;

  // Whether it is there and an object; fields whose names are nearly one of the known are faults. Names that resemble
  // none are the author's own notes.
  [[nodiscard]] bool is_object_of(std::initializer_list<std::string_view> known) const;
  [[nodiscard]] bool is_object() const;
  [[nodiscard]] bool is_array() const;
  [[nodiscard]] bool is_required() const;  // a fault when it is not there

  [[nodiscard]] std::optional<bool> boolean() const;
  [[nodiscard]] std::optional<std::string> string() const;  // of any content
  [[nodiscard]] std::optional<std::string> text() const;    // text_objection()
  [[nodiscard]] std::optional<std::string> line() const;    // line_objection()

 private:
  JsonView(const Json* value, std::string place, std::vector<Fault>& faults)
      : value_(value), place_(std::move(place)), faults_(&faults) {}

  [[nodiscard]] bool is_a(bool right, std::string_view type) const;
  [[nodiscard]] std::optional<std::string> unless(std::string objection) const;

  const Json* value_;  // null: not there
  std::string place_;
  std::vector<Fault>* faults_;
};

}  // namespace pipeline::package
