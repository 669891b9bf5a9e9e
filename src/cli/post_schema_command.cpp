#include "post_schema_command.h"

#include "pipeline/package/post_schema.h"

#include "session.h"

namespace pipeline::cli {

HelpText PostSchemaCommand::help() const {
  return {
      .notes =
          "An editor that knows it completes the names of fields and marks what is wrong: keep it beside the posts,\n"
          "and begin each post.json with \"$schema\": \"../post.schema.json\".\n",
      .examples =
          "pipeline post schema\n"
          "pipeline post schema > 'posts/post.schema.json'\n"};
}

void PostSchemaCommand::add_options(CLI::App& /*app*/) {}

ExitCode PostSchemaCommand::run(Session& session) {
  session.output().write(package::post_schema());
  return ExitCode::ok;
}

}  // namespace pipeline::cli
