#pragma once

#include "pipeline/catalogue/columns.h"
#include "pipeline/catalogue/file_kinds.h"
#include "pipeline/sheet/columns.h"
#include "pipeline/upsert/column_rules.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pipeline::upsert {

// The columns of one table of products, by its header, and a record of it as the JSON object of its cells: an empty
// cell is null, a whole number in such a column is one, any other cell a string. Borrows the rules.
class ProductColumns final : public sheet::Columns {
 public:
  explicit ProductColumns(const ColumnRules& rules) : rules_(rules) {}

  [[nodiscard]] std::size_t known(const CsvRecord& names) const override;
  [[nodiscard]] bool has_key(const CsvRecord& names) const override;
  [[nodiscard]] std::string_view wanted() const override { return "column `sku`"; }
  [[nodiscard]] std::string_view advice() const override;
  // Throws Error naming the file and showing the header: no key, or two columns for one. Of other columns with one name
  // the later ones are numbered, which is logged.
  void take_header(const CsvRecord& names, const std::string& file) override;
  [[nodiscard]] std::string fault_of(const sheet::Record& record) const override;
  [[nodiscard]] bool is_guide(const CsvRecord& cells) const override;
  [[nodiscard]] sheet::Aside aside_of(const CsvRecord& cells) const override;
  // It has a key, and numbers where numbers belong, one at least.
  [[nodiscard]] bool is_row(const CsvRecord& cells) const override;
  void to_json(const sheet::Record& record, std::string& json) const override;

  // For rows that are JSON objects: the keys of one take the place of the header. `kind` is that of the rows before it;
  // a row with a `sku` of its own is of none. What is wrong with them; empty when nothing is.
  [[nodiscard]] std::string take_keys(const CsvRecord& keys, const catalogue::FileKind* kind);
  // The object by the names of the table, its values as they are spelt but for the words of a kind. `values` are the
  // spellings, as many as there were keys.
  void rename(const std::vector<std::string_view>& values, std::string& json) const;

  // Whether there is a header.
  [[nodiscard]] bool taken() const noexcept { return !fields_.empty(); }
  // The rest is of a header, or of keys, that were taken.
  [[nodiscard]] const catalogue::FileKind* kind() const noexcept { return kind_; }
  [[nodiscard]] std::size_t known_columns() const noexcept { return known_columns_; }
  // What becomes of each column, in the header's order.
  struct Told {
    std::string name;   // as it stands there
    std::string field;  // sku, name, ...; raw_json where it has none
  };
  [[nodiscard]] std::vector<Told> told() const;
  // The names that have no column of their own, and are known all the same.
  [[nodiscard]] std::vector<std::string> known_without_column() const;
  // What is to be said of names that stand there more than once.
  [[nodiscard]] const std::vector<std::string>& notes() const noexcept { return notes_; }

 private:
  // What a name stands for.
  struct Meaning {
    std::optional<catalogue::Column> column;
    const catalogue::FileColumn* of_kind = nullptr;
    bool known = false;
  };
  struct Field {
    std::string written;
    std::string name;  // in the JSON object
    std::string key;   // the same as JSON, with its colon
    Meaning meaning;
    bool nameless = false;  // present only in the rows that have something there
    bool is_part = false;   // of the category, which the first part writes
  };

  [[nodiscard]] Meaning meaning_of(std::string_view key, const catalogue::FileKind* kind) const;
  [[nodiscard]] std::vector<Meaning> meanings_of(const CsvRecord& names, const catalogue::FileKind*& kind) const;
  void take_names(const CsvRecord& names, const std::vector<Meaning>& meanings);
  void yield_to_earlier_names();
  [[nodiscard]] std::optional<std::pair<const Field*, const Field*>> find_double() const;
  void refuse_doubles(const std::string& file, const std::string& shown) const;
  void name_fields();
  void find_key(const std::string& file, const std::string& shown);
  void join_category_parts();
  [[nodiscard]] const Field* field_of(catalogue::Column column) const;
  [[nodiscard]] bool is_key(std::size_t i) const;
  [[nodiscard]] bool has_plain_key(const CsvRecord& cells) const;
  [[nodiscard]] bool is_header(const CsvRecord& cells) const;
  [[nodiscard]] bool is_other_header(const CsvRecord& cells) const;
  [[nodiscard]] bool sums_rows(const CsvRecord& cells, std::size_t first) const;
  void append_cell(const Field& field, std::string_view cell, std::string& json) const;
  void append_value(const Field& field, std::string_view value, std::string& json) const;
  void append_category(const CsvRecord& cells, std::string& json) const;

  const ColumnRules& rules_;
  const catalogue::FileKind* kind_ = nullptr;
  std::vector<Field> fields_;
  std::size_t known_columns_ = 0;
  std::vector<std::size_t> category_parts_;  // by their level
  std::optional<std::size_t> key_from_;      // the field that is the key where none is called sku
  std::optional<std::size_t> key_;           // of the two, the one that the table has
  std::vector<std::size_t> numbers_;         // those of whole numbers
  std::vector<std::string> notes_;
};

}  // namespace pipeline::upsert
