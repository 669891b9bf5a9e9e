#include "pipeline/store/run_list.h"

#include "pipeline/store_sqlite/database.h"

#include "connection.h"
#include "list_tables.h"
#include "transaction.h"

namespace pipeline::store::sqlite {
namespace {

constexpr const char* kName = "the run's list (in the folder TMPDIR, or /var/tmp)";

// The tables of a list, on a connection that has nothing else.
class TemporaryList final : public RunList {
 public:
  TemporaryList()
      : connection_(kName, Connection::Mode::temporary, clock_),
        tables_(connection_),
        word_(connection_, "look a product up in the list",
              "SELECT (SELECT standing FROM temp.listed WHERE sku = ?1), "
              "EXISTS (SELECT 1 FROM temp.gone WHERE sku = ?1)") {}

  [[nodiscard]] std::vector<Standing> add(std::span<const ListedProduct> page, std::span<const Standing> standings,
                                          bool keep_all, int pass) override;
  void note(std::span<const std::string_view> skus) override;
  void note_gone(std::string_view sku) override { tables_.note_gone(sku); }
  [[nodiscard]] std::optional<ListRow> take(std::string_view sku) override { return tables_.take(sku); }
  [[nodiscard]] std::int64_t size() override { return tables_.size(); }
  [[nodiscard]] std::vector<Word> words_of(std::span<const std::string_view> skus) override;

 private:
  Word word_of(std::string_view sku);

  const SystemClock clock_;
  Connection connection_;
  ListTables tables_;
  Statement word_;
};

std::vector<Standing> TemporaryList::add(std::span<const ListedProduct> page, std::span<const Standing> standings,
                                         bool keep_all, int pass) {
  std::vector<Standing> became;
  became.reserve(page.size());
  Scope scope(connection_);
  for (std::size_t i = 0; i < page.size(); ++i) became.push_back(tables_.add(page[i], standings[i], keep_all, pass));
  scope.commit();
  return became;
}

void TemporaryList::note(std::span<const std::string_view> skus) {
  Scope scope(connection_);
  for (const std::string_view sku : skus) tables_.note(sku);
  scope.commit();
}

std::vector<RunList::Word> TemporaryList::words_of(std::span<const std::string_view> skus) {
  std::vector<Word> words;
  words.reserve(skus.size());
  Scope scope(connection_);
  for (const std::string_view sku : skus) words.push_back(word_of(sku));
  scope.commit();
  return words;
}

RunList::Word TemporaryList::word_of(std::string_view sku) {
  const Statement::Use use(word_);
  word_.bind(1, sku).step();
  Word word;
  if (!word_.is_null(0)) word.standing = static_cast<Standing>(word_.integer(0));
  word.gone = word_.integer(1) != 0;
  return word;
}

}  // namespace

std::unique_ptr<RunList> run_list() {
  return std::make_unique<TemporaryList>();
}

}  // namespace pipeline::store::sqlite
