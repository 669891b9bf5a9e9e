#include "upsert_options.h"

#include "option_kit.h"

#include <memory>
#include <string>

namespace pipeline::cli {
namespace {

constexpr const char* kUpsertFooter =
    "What a row does not say of a known product stays; an empty cell of a column, and a null, empty it. A row needs a\n"
    "`sku`, and for a new product of MY_STORE a `sale_price`; names as in the table `products` or in the Commerce\n"
    "API's camelCase; all else stays in `raw_json`.\n"
    "Environment: each option may stand as PIPELINE_UPSERT_<OPTION>, the common ones as PIPELINE_<OPTION>.\n\n";

}  // namespace

void add_upsert(CLI::App& root, Invocation& chosen) {
  using Format = UpsertCommand::Format;
  const auto upsert = std::make_shared<UpsertCommand>();
  CLI::App& app = *root.add_subcommand("upsert", "Bring product files (JSON Lines, CSV) into the database");
  app.footer(std::string(kUpsertFooter) + kExitCodes);
  app.add_option("FILE", upsert->inputs, "Product files, read in this order; - is standard input")
      ->type_name("")
      ->required()
      ->configurable(false);
  add_choice<Format>(app, "--format", upsert->format,
                     {{"auto", Format::automatic}, {"jsonl", Format::jsonl}, {"csv", Format::csv}}, "auto",
                     "Of all files; auto: by their content");
  app.add_option("--batch-size", upsert->batch_size, "Rows a transaction at most (fewer when they are large)")
      ->type_name("N")
      ->check(within(1, 100'000))
      ->capture_default_str();
  add_choice<bool>(app, "--commit", upsert->row_commits, {{"batch", false}, {"row", true}}, "batch",
                   "row: a transaction a row, to compare with");
  add_choice<bool>(app, "--hash-skip", upsert->hash_skip, {{"off", false}, {"on", true}}, "on",
                   "off: rewrite equal products too, to compare with");
  add_choice<bool>(app, "--sku-index", upsert->sku_index, {{"off", false}, {"on", true}}, "on",
                   "off: no key on sku, to compare with; on a new database only");
  app.add_option("--source", upsert->source, "Where rows come from that do not say it")
      ->type_name("NAME")
      ->check(check([](const auto& name) { return !name.empty(); }, "is empty"))
      ->capture_default_str();
  app.add_flag("--only-known", upsert->only_known, "Read a file even if nothing of it but `sku` is known");
  app.add_flag("--replace", upsert->replace, "A row is all of its product: what it does not say becomes empty");
  app.add_flag("--complete", upsert->complete,
               "The files are all there is of --source: products that they no longer have are marked as removed");
  add_max_removals(app, upsert->max_removals);
  app.add_option("--reject-file", upsert->reject_file, "Write the rows that can't be used here, as they came")
      ->type_name("FILE");
  app.add_flag("--dry-run", upsert->dry_run, "Say what would change; write nothing");
  add_lock_wait(app, upsert->lock_wait);
  add_common(app, upsert->common);
  complete_options(app);
  app.callback([upsert, &chosen] { chosen = *upsert; });
}

}  // namespace pipeline::cli
