#pragma once

#include <cctype>
#include <cstdlib>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>

namespace pipeline::test {

// A strict reader of the Prometheus text format 0.0.4: HELP then TYPE then the samples of a family, once and in one
// piece; names, label escapes and numbers as the format has them; no series twice. Throws std::runtime_error.
class ExpositionParser {
 public:
  struct Sample {
    std::string name;
    std::map<std::string, std::string> labels;
    bool operator<(const Sample& other) const { return name != other.name ? name < other.name : labels < other.labels; }
  };

  explicit ExpositionParser(std::string_view text) {
    if (!text.ends_with('\n')) throw std::runtime_error("the last line has no end");
    while (!text.empty()) {
      const auto end = text.find('\n');
      line_ = text.substr(0, end);
      text.remove_prefix(end + 1);
      if (line_.starts_with("# HELP "))
        help();
      else if (line_.starts_with("# TYPE "))
        type();
      else
        sample();
    }
  }

  [[nodiscard]] const std::map<std::string, std::string>& types() const { return types_; }
  [[nodiscard]] double value(const Sample& sample) const {
    const auto found = values_.find(sample);
    if (found == values_.end()) throw std::runtime_error("no sample " + sample.name);
    return found->second;
  }

 private:
  [[noreturn]] void fail(const std::string& why) const { throw std::runtime_error(why + ": " + std::string(line_)); }

  void help() {
    const std::string_view rest = line_.substr(7);
    family_ = rest.substr(0, rest.find(' '));
    if (rest.size() <= family_.size() + 1) fail("no help text");
    if (types_.contains(family_)) fail("a family in two pieces");
  }

  void type() {
    const std::string_view rest = line_.substr(7);
    const auto space = rest.find(' ');
    if (rest.substr(0, space) != family_) fail("TYPE without its HELP before it");
    const std::string type(rest.substr(space + 1));
    if (!std::set<std::string>{"counter", "gauge", "summary"}.contains(type)) fail("an unknown type");
    if (!types_.emplace(family_, type).second) fail("TYPE twice");
  }

  void sample() {
    Sample sample{.name = take_name(), .labels = {}};
    if (!types_.contains(family_)) fail("a sample without a TYPE");
    const bool summary = types_[family_] == "summary";
    if (sample.name != family_ && !(summary && (sample.name == family_ + "_sum" || sample.name == family_ + "_count")))
      fail("a sample among those of another family");
    expect('{');
    do {
      const std::string label = take_name();
      expect('=');
      if (!sample.labels.emplace(label, take_quoted()).second) fail("a label twice");
    } while (take(','));
    expect('}');
    expect(' ');
    const std::string number(line_);
    char* end = nullptr;
    const double value = std::strtod(number.c_str(), &end);
    if (number.empty() || *end != '\0' || std::isspace(static_cast<unsigned char>(number.front()))) fail("no number");
    if (!values_.emplace(std::move(sample), value).second) fail("a series twice");
  }

  std::string take_name() {
    std::size_t size = 0;
    while (size < line_.size() && (std::isalnum(static_cast<unsigned char>(line_[size])) || line_[size] == '_')) ++size;
    if (size == 0 || std::isdigit(static_cast<unsigned char>(line_.front()))) fail("no name");
    const std::string name(line_.substr(0, size));
    line_.remove_prefix(size);
    return name;
  }

  std::string take_quoted() {
    expect('"');
    std::string value;
    while (!take('"')) {
      if (line_.empty()) fail("a label without an end");
      char c = line_.front();
      line_.remove_prefix(1);
      if (c == '\\') {
        if (take('n'))
          c = '\n';
        else if (take('"'))
          c = '"';
        else if (!take('\\'))
          fail("an unknown escape");
      }
      value += c;
    }
    return value;
  }

  bool take(char c) {
    if (!line_.starts_with(c)) return false;
    line_.remove_prefix(1);
    return true;
  }
  void expect(char c) {
    if (!take(c)) fail(std::string("expected ") + c);
  }

  std::string_view line_;
  std::string family_;
  std::map<std::string, std::string> types_;
  std::map<Sample, double> values_;
};

}  // namespace pipeline::test
